//===- EntityTable.cpp - one index per declaration ---------------------------===//
//
// USRs are slow to make and paths are slow to normalise, so each is made once per declaration and file. Clang's USRs are
// not unique for everything local (two unnamed structs in one record, closures of one line's macro): a second
// declaration that arrives with a taken key gets its position appended.
//
//===----------------------------------------------------------------------===//
#include "plugin/extract/EntityTable.h"
#include "plugin/extract/EntityNames.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Index/USRGeneration.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

using namespace clang;
using namespace fencelint;
using facts::EntityFlag;
using facts::EntityKind;

EntityTable::EntityTable(ASTContext &Context, facts::UnitT &Out)
    : Context(Context), Sources(Context.getSourceManager()), Out(Out) {
  text("");
}

uint32_t EntityTable::text(llvm::StringRef Text) {
  auto [It, New] = Texts.try_emplace(Text, Out.strings.size());
  if (New)
    Out.strings.push_back(Text.str());
  return It->second;
}

llvm::StringRef EntityTable::path(FileID File) {
  auto [It, New] = Paths.try_emplace(File, 0);
  if (New) {
    llvm::SmallString<256> Path;
    if (OptionalFileEntryRef Entry = Sources.getFileEntryRefForID(File))
      Path = Entry->getName();
    else
      Path = Sources.getBufferName(Sources.getLocForStartOfFile(File));
    if (!Path.empty() && Path.front() != '<') {
      Sources.getFileManager().makeAbsolutePath(Path);
      llvm::sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
    }
    It->second = text(Path);
  }
  return Out.strings[It->second];
}

facts::Location EntityTable::location(SourceLocation Loc) {
  if (Loc.isInvalid())
    return {};
  auto [File, Offset] = Sources.getDecomposedExpansionLoc(Loc);
  bool Invalid = false;
  unsigned Line = Sources.getLineNumber(File, Offset, &Invalid);
  if (Invalid)
    return {};
  path(File);
  return {Paths[File], Line, Sources.getColumnNumber(File, Offset)};
}

void EntityTable::mention(const Decl *D) {
  D = D->getCanonicalDecl();
  if (Mentioned.insert(D).second)
    Discovered.push_back(D);
}

const Decl *EntityTable::declaration(uint32_t Entity) const {
  return Entity < Declarations.size() ? Declarations[Entity] : nullptr;
}

uint32_t EntityTable::find(const Decl *D) const {
  auto It = Entities.find(D->getCanonicalDecl());
  return It == Entities.end() ? None : It->second;
}

uint32_t EntityTable::add(const NamedDecl *D, EntityKind Kind, uint32_t Flags, uint32_t Parent, uint32_t Type) {
  llvm::SmallString<128> Usr;
  if (isPlainC(D))
    (llvm::Twine("c:@F@") + D->getName()).toVector(Usr);
  else if (index::generateUSRForDecl(D, Usr) || Usr.empty())
    (llvm::Twine("c:") + entityName(D)).toVector(Usr);
  std::string Owner;
  if (isInternal(D)) {
    Flags |= static_cast<uint32_t>(EntityFlag::Internal);
    Owner = path(Sources.getFileID(Sources.getExpansionLoc(D->getLocation()))).str();
  }
  auto Key = [&] { return (llvm::Twine(Usr) + "\n" + Owner + "\n" + llvm::Twine(static_cast<int>(Kind))).str(); };
  if (auto [It, New] = Keys.try_emplace(Key(), Out.entities.size()); !New) {
    if (Runtime.contains(It->second)) { // <cxxabi.h> declares it after all
      Entities[D] = It->second;
      mention(D);
      return It->second;
    }
    auto [File, Offset] = Sources.getDecomposedExpansionLoc(D->getLocation());
    (void)File;
    (llvm::Twine("@") + llvm::Twine(Offset)).toVector(Usr);
    for (unsigned Serial = 1; !Keys.try_emplace(Key(), Out.entities.size()).second; ++Serial)
      (llvm::Twine(".") + llvm::Twine(Serial)).toVector(Usr);
  }
  uint32_t UsrText = text(Usr), OwnerText = text(Owner), Name = text(entityName(D));
  if (Sources.isInSystemHeader(D->getLocation()))
    Flags |= static_cast<uint32_t>(EntityFlag::SystemHeader);
  facts::Location At = location(D->getLocation());
  uint32_t Id = Out.entities.size();
  Out.entities.emplace_back(Kind, Flags, UsrText, OwnerText, Name, Parent, Type, At);
  Declarations.resize(Id);
  Declarations.push_back(D);
  Entities[D] = Id;
  mention(D);
  return Id;
}

/// Linkers keep one of several definitions.
static bool isWeak(const FunctionDecl *F) {
  return F->isInlined() || F->isTemplateInstantiation() ||
         llvm::any_of(F->redecls(), [](const FunctionDecl *D) { return D->hasAttr<WeakAttr>() || D->isInlined(); });
}

uint32_t EntityTable::flagsOf(const FunctionDecl *F) {
  uint32_t Flags = 0;
  auto Set = [&](EntityFlag Flag, bool On) {
    if (On)
      Flags |= static_cast<uint32_t>(Flag);
  };
  Set(EntityFlag::NoReturn, F->isNoReturn());
  Set(EntityFlag::Weak, !isInternal(F) && isWeak(F));
  if (!Context.getLangOpts().CPlusPlus)
    return Flags;
  if (const auto *Proto = F->getType()->getAs<FunctionProtoType>())
    Set(EntityFlag::Noexcept, !isUnresolvedExceptionSpec(Proto->getExceptionSpecType()) && Proto->isNothrow());
  const auto *M = dyn_cast<CXXMethodDecl>(F);
  if (!M)
    return Flags;
  Set(EntityFlag::Virtual, M->isVirtual());
  Set(EntityFlag::Pure, M->isPureVirtual());
  Set(EntityFlag::Final, M->hasAttr<FinalAttr>() || M->getParent()->isEffectivelyFinal());
  Set(EntityFlag::Method, M->isInstance());
  Set(EntityFlag::Destructor, isa<CXXDestructorDecl>(M));
  Set(EntityFlag::Lambda, M->getParent()->isLambda() && M->getOverloadedOperator() == OO_Call);
  Set(EntityFlag::MoveConstructor, M->isMoveAssignmentOperator());
  if (const auto *C = dyn_cast<CXXConstructorDecl>(M)) {
    Set(EntityFlag::Constructor, true);
    Set(EntityFlag::MoveConstructor, C->isMoveConstructor());
  }
  return Flags;
}

uint32_t EntityTable::function(const FunctionDecl *F) {
  // A lambda converted to a function pointer is called through a thunk: the body is the call operator's.
  if (const auto *M = dyn_cast<CXXMethodDecl>(F); M && M->isLambdaStaticInvoker())
    if (const auto *Call = M->getParent()->getLambdaCallOperator(); Call && !Call->isDependentContext())
      F = Call;
  F = F->getCanonicalDecl();
  if (auto It = Entities.find(F); It != Entities.end())
    return It->second;
  uint32_t Parent = None;
  if (const auto *M = dyn_cast<CXXMethodDecl>(F))
    Parent = record(M->getParent());
  QualType Type = F->getType().getCanonicalType();
  auto It = FunctionTypes.find(Type.getTypePtr());
  if (It == FunctionTypes.end())
    It = FunctionTypes.try_emplace(Type.getTypePtr(), text(Type.getAsString(Context.getPrintingPolicy()))).first;
  return add(F, EntityKind::Function, flagsOf(F), Parent, It->second);
}

uint32_t EntityTable::variable(const VarDecl *V) {
  V = V->getCanonicalDecl();
  if (auto It = Entities.find(V); It != Entities.end())
    return It->second;
  uint32_t Parent = None;
  if (V->isStaticDataMember())
    Parent = record(cast<RecordDecl>(V->getDeclContext()));
  return add(V, EntityKind::Variable, 0, Parent, text(typedefName(V->getType())));
}

uint32_t EntityTable::field(const FieldDecl *F) {
  F = F->getCanonicalDecl();
  if (auto It = Entities.find(F); It != Entities.end())
    return It->second;
  uint32_t Parent = record(F->getParent());
  bool IsPart = F->getType()->isRecordType() || F->getType()->isArrayType();
  return add(F, EntityKind::Field, IsPart ? static_cast<uint32_t>(EntityFlag::Embedded) : 0, Parent, text(typedefName(F->getType())));
}

uint32_t EntityTable::record(const RecordDecl *R) {
  R = cast<RecordDecl>(R->getCanonicalDecl());
  if (auto It = Entities.find(R); It != Entities.end())
    return It->second;
  uint32_t Flags = 0;
  if (const auto *C = dyn_cast<CXXRecordDecl>(R); C && C->hasDefinition() && C->isEffectivelyFinal())
    Flags |= static_cast<uint32_t>(EntityFlag::Final);
  return add(R, EntityKind::Record, Flags, None, 0);
}

uint32_t EntityTable::runtimeFunction(llvm::StringRef Name, bool NoReturn) {
  std::string Usr = ("c:@F@" + Name).str();
  auto [It, New] =
      Keys.try_emplace(Usr + "\n\n" + std::to_string(static_cast<int>(EntityKind::Function)), Out.entities.size());
  if (New) {
    Runtime.insert(It->second);
    uint32_t UsrText = text(Usr), NameText = text(Name);
    Out.entities.emplace_back(EntityKind::Function, NoReturn ? static_cast<uint32_t>(EntityFlag::NoReturn) : 0, UsrText,
                              0, NameText, None, 0, facts::Location());
  }
  return It->second;
}

void EntityTable::replace(uint32_t Entity, uint32_t Flags, const facts::Location &At) {
  const facts::Entity E = Out.entities[Entity];
  Out.entities[Entity] = facts::Entity(E.kind(), Flags, E.usr(), E.owner(), E.name(), E.parent(), E.type(), At);
}

void EntityTable::addFlag(uint32_t Entity, EntityFlag Flag) {
  replace(Entity, Out.entities[Entity].flags() | static_cast<uint32_t>(Flag), Out.entities[Entity].location());
}

void EntityTable::define(uint32_t Entity, SourceLocation Loc) {
  addFlag(Entity, EntityFlag::Defined);
  if (Loc.isValid())
    replace(Entity, Out.entities[Entity].flags(), location(Loc));
}
