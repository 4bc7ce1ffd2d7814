//===- Extractor.cpp - which definitions, and in which order ---------------------===//
//
// What the compiler could emit is extracted, and nothing else. First come the definitions of this unit in source order:
// everything in the main file, and what headers define with external linkage. Then, as long as something new is mentioned,
// the definitions behind what was mentioned: static inline functions, instantiations, closures, overriders of virtual
// methods, destructors, tables of functions. A `static inline` that nobody reaches is dropped as the compiler drops it, which
// in a kernel unit is most of what was parsed.
//
//===----------------------------------------------------------------------===//
#include "plugin/extract/Extractor.h"
#include "plugin/extract/Attributes.h"
#include "plugin/extract/Body.h"
#include "plugin/extract/EntityNames.h"
#include "plugin/extract/EntityTable.h"
#include "plugin/extract/Initializers.h"
#include "clang/AST/ASTConsumer.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclFriend.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/TargetInfo.h"
#include "clang/Basic/Version.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Lex/PreprocessorOptions.h"

#ifndef FENCELINT_VERSION
#define FENCELINT_VERSION "0.1.0"
#endif

using namespace clang;
using namespace fencelint;

namespace {

class UnitExtractor {
public:
  UnitExtractor(ASTContext &Context, facts::UnitT &Out)
      : Context(Context), Sources(Context.getSourceManager()), Out(Out), Entities(Context, Out) {}
  void run();
  llvm::StringRef mainFile() { return Entities.path(Sources.getMainFileID()); }

private:
  ASTContext &Context;
  const SourceManager &Sources;
  facts::UnitT &Out;
  EntityTable Entities;
  llvm::DenseSet<const Decl *> Extracted;
  llvm::DenseSet<uint32_t> SetFields; ///< entities; extractInitializer()

  bool isInMainFile(const Decl *D) const { return Sources.isInMainFile(Sources.getExpansionLoc(D->getLocation())); }
  /// Emitted though nobody names it.
  static bool isAskedFor(const Decl *D) {
    return D->hasAttr<UsedAttr>() || D->hasAttr<ConstructorAttr>() || D->hasAttr<DestructorAttr>();
  }
  void seed(const DeclContext *In);
  void seedDeclaration(const Decl *D);
  void discovered(const Decl *D);
  void function(const FunctionDecl *F);
  void body(const FunctionDecl *Definition);
  void variable(const VarDecl *V);
  void record(const RecordDecl *R);
  void typeArguments(const ClassTemplateSpecializationDecl *S, uint32_t Record);
};

class ExtractorConsumer : public ASTConsumer {
public:
  ExtractorConsumer(CompilerInstance &CI, facts::UnitT &Out) : CI(CI), Out(Out) {}
  void HandleTranslationUnit(ASTContext &Context) override { extractUnit(Context, CI.getPreprocessorOpts(), Out); }

private:
  CompilerInstance &CI;
  facts::UnitT &Out;
};

} // namespace

void UnitExtractor::seed(const DeclContext *In) {
  for (const Decl *D : In->decls())
    seedDeclaration(D);
}

void UnitExtractor::seedDeclaration(const Decl *D) {
  if (D->isInvalidDecl())
    return;
  if (isa<NamespaceDecl, LinkageSpecDecl, ExportDecl>(D))
    return seed(cast<DeclContext>(D));
  if (const auto *R = dyn_cast<CXXRecordDecl>(D)) {
    if (!R->isThisDeclarationADefinition() || R->isDependentContext())
      return;
    if (R->isPolymorphic() && !Sources.isInSystemHeader(R->getLocation()))
      Entities.record(R);
    return seed(R);
  }
  if (const auto *Friend = dyn_cast<FriendDecl>(D)) {
    if (const NamedDecl *Named = Friend->getFriendDecl(); Named && isa<FunctionDecl>(Named))
      seedDeclaration(Named);
    return;
  }
  if (const auto *F = dyn_cast<FunctionDecl>(D)) {
    if (!F->isThisDeclarationADefinition() || F->isDependentContext() || !F->hasBody())
      return;
    // In C, a header's inline definition is emitted where it is used, unless this unit provides the external one.
    bool IsProvided = Context.getLangOpts().CPlusPlus || !F->isInlined() || F->isInlineDefinitionExternallyVisible();
    bool Emitted = isInMainFile(F) || isAskedFor(F) ||
                   (!Sources.isInSystemHeader(F->getLocation()) && F->isExternallyVisible() && IsProvided);
    if (Emitted && !F->isImplicit())
      function(F);
    return;
  }
  if (const auto *V = dyn_cast<VarDecl>(D)) {
    if (!V->hasInit() || V->isInvalidDecl() || V->getDeclContext()->isDependentContext() ||
        isa<VarTemplatePartialSpecializationDecl>(V))
      return;
    if (isInMainFile(V) || isAskedFor(V) || (!Sources.isInSystemHeader(V->getLocation()) && V->isExternallyVisible()))
      variable(V);
  }
}

void UnitExtractor::function(const FunctionDecl *F) {
  const FunctionDecl *Definition = F->getDefinition();
  if (!Definition || !Definition->hasBody() || Definition->isInvalidDecl() || Definition->isDependentContext() ||
      !Extracted.insert(F->getCanonicalDecl()).second)
    return;
  if (Definition->getTemplatedKind() == FunctionDecl::TK_FunctionTemplate || Definition->willHaveBody())
    return;
  body(Definition);
}

void UnitExtractor::body(const FunctionDecl *F) {
  uint32_t Entity = Entities.function(F);
  Entities.define(Entity, F->getLocation());
  if (isa<CoroutineBodyStmt>(F->getBody()))
    Entities.addFlag(Entity, facts::EntityFlag::Coroutine);
  for (const ParmVarDecl *P : F->parameters())
    if (!P->getName().empty())
      Out.parameter_names.emplace_back(Entity, P->getFunctionScopeIndex(), Entities.text(P->getName()));
  std::unique_ptr<facts::FunctionT> Skeleton = extractBody(Context, Entities, F);
  Skeleton->entity = Entity;
  Out.functions.push_back(std::move(Skeleton));
}

void UnitExtractor::variable(const VarDecl *V) {
  if (const VarDecl *Definition = V->getInitializingDeclaration())
    if (Definition->hasGlobalStorage() && !Definition->isInvalidDecl() &&
        Extracted.insert(V->getCanonicalDecl()).second)
      extractInitializer(Entities, Out, SetFields, Definition);
}

void UnitExtractor::typeArguments(const ClassTemplateSpecializationDecl *S, uint32_t Record) {
  uint32_t Index = 0;
  auto Add = [&](const TemplateArgument &A) {
    if (A.getKind() == TemplateArgument::Type)
      if (const CXXRecordDecl *R = A.getAsType()->getAsCXXRecordDecl(); R && !R->isDependentContext())
        Out.type_arguments.emplace_back(Record, Index, Entities.record(R));
    ++Index;
  };
  for (const TemplateArgument &A : S->getTemplateArgs().asArray()) {
    if (A.getKind() == TemplateArgument::Pack)
      for (const TemplateArgument &Element : A.pack_elements())
        Add(Element);
    else
      Add(A);
  }
}

void UnitExtractor::record(const RecordDecl *R) {
  const auto *C = dyn_cast<CXXRecordDecl>(R);
  if (!C)
    return;
  uint32_t Record = Entities.find(R);
  if (const auto *S = dyn_cast<ClassTemplateSpecializationDecl>(C))
    typeArguments(S, Record);
  C = C->getDefinition();
  if (!C || C->isDependentContext() || C->isInvalidDecl())
    return;
  if (const CXXDestructorDecl *D = C->getDestructor(); D && !D->isTrivial() && !D->isDeleted())
    Out.destructors.emplace_back(Record, Entities.function(D));
  if (!C->isPolymorphic())
    return;
  for (const CXXMethodDecl *M : C->methods())
    for (const CXXMethodDecl *Base : M->overridden_methods()) {
      uint32_t Method = Entities.function(M);
      Out.overrides.emplace_back(Method, Entities.function(Base));
    }
}

void UnitExtractor::discovered(const Decl *D) {
  uint32_t Entity = Entities.find(D);
  if (const auto *Named = dyn_cast<NamedDecl>(D); Named && Entity != None && !isa<RecordDecl>(D))
    extractAttributes(Context, Entities, Out, Named, Entity);
  if (const auto *F = dyn_cast<FunctionDecl>(D)) {
    if (Entity != None)
      for (const ParmVarDecl *P : F->parameters()) {
        QualType T = P->getType().getNonReferenceType();
        bool TakesFunction = T->isFunctionPointerType() || T->isMemberFunctionPointerType();
        if (std::string Name = TakesFunction ? typedefName(P->getType()) : ""; !Name.empty())
          Out.parameter_types.emplace_back(Entity, P->getFunctionScopeIndex(), Entities.text(Name));
      }
    return function(F);
  }
  if (const auto *V = dyn_cast<VarDecl>(D))
    return variable(V);
  if (const auto *R = dyn_cast<RecordDecl>(D))
    record(R);
}

void UnitExtractor::run() {
  Out.source = mainFile().str();
  seed(Context.getTranslationUnitDecl());
  // Each of these may mention more.
  for (size_t I = 0; I < Entities.Discovered.size(); ++I)
    discovered(Entities.Discovered[I]);
  for (auto &F : Out.functions)
    F->hash = contentHash(Out, *F);
}

void fencelint::extractUnit(ASTContext &Context, const PreprocessorOptions &CommandLine, facts::UnitT &Out) {
  Out.version = FactsVersion;
  Out.tool = "fencelint " FENCELINT_VERSION " (clang " CLANG_VERSION_STRING ")";
  Out.language = Context.getLangOpts().CPlusPlus ? "c++" : "c";
  Out.target = Context.getTargetInfo().getTriple().str();
  for (const auto &[Macro, IsUndefined] : CommandLine.Macros) {
    if (IsUndefined)
      continue;
    auto Definition = std::make_unique<facts::DefinitionT>();
    auto [Name, Value] = llvm::StringRef(Macro).split('=');
    Definition->name = Name.str();
    Definition->value = llvm::StringRef(Macro).contains('=') ? Value.str() : "1";
    Out.definitions.push_back(std::move(Definition));
  }
  UnitExtractor(Context, Out).run();
}

std::unique_ptr<ASTConsumer> fencelint::makeExtractor(CompilerInstance &CI, facts::UnitT &Out) {
  return std::make_unique<ExtractorConsumer>(CI, Out);
}
