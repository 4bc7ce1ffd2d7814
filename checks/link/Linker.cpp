//===- Linker.cpp - resolve, merge, describe ----------------------------------===//
//
// Units come in the order of their sources, whatever order they were named in, so that the program is the same; a unit that is there
// twice (in an object and in the archive that holds it) is one. Then three steps, each linear in the facts:
//
//   resolve   every unit's entities become program symbols; USR plus owner is the key, so two `init.c` with a static `setup` stay two
//   merge     a header's function is in hundreds of units and one body is kept, as a linker does: one that is not weak rather than one that
//             is, then the first. Where bodies differ (macros), that is an approximation that docs/design.md names; where neither is weak,
//             no linker would take both, and it is told
//   describe  annotations and models are attached to functions, so that nobody looks anything up by name later
//
//===----------------------------------------------------------------------===//
#include "checks/link/Linker.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"

using namespace fencelint;
using llvm::StringRef;

namespace {

class Linking {
public:
  explicit Linking(Program &P) : P(P) {}
  void run();

private:
  Program &P;
  llvm::DenseMap<uint64_t, SymbolId> Index; // 64-bit hash of usr and owner
  llvm::StringMap<uint32_t> ModuleIndex;

  void collectUnits();
  void resolveUnit(uint32_t Unit);
  SymbolId resolve(uint32_t Unit, const facts::Entity &E);
  uint32_t moduleOf(const facts::Unit &U);
  void mergeFunctions(uint32_t Unit);
  bool isWeak(uint32_t Unit, const facts::Function &F) const;
  void tellApart(const ProgramFunction &Kept, uint32_t Unit, const facts::Function &F);
  void mergeRelations(uint32_t Unit);
  FunctionId functionOf(SymbolId S);
  void closeOverrides();
  void describe(ProgramFunction &F);
  bool defines(uint32_t Unit, StringRef Macro) const;
  const FunctionModel *withoutWhatIsPromised(ProgramFunction &F, const FunctionModel &M);
  void describeGiven(FunctionId F);
  bool addOwnWords(ProgramFunction &F, SymbolId S);
};

} // namespace

void Linking::run() {
  collectUnits();
  for (uint32_t I = 0; I < P.Units.size(); ++I)
    resolveUnit(I);
  // Beyond this point no symbol and no function is added.
  for (uint32_t I = 0; I < P.Units.size(); ++I) {
    mergeFunctions(I);
    mergeRelations(I);
  }
  closeOverrides();
  for (ProgramFunction &F : P.Functions)
    describe(F);
  for (FunctionId F = 0, Count = P.Functions.size(); F < Count; ++F)
    describeGiven(F);
  // A bad annotation in a header is one problem, however many units include it.
  auto Key = [](const Problem &A) { return std::tie(A.File, A.Line, A.Message); };
  llvm::sort(P.Problems, [&](const Problem &A, const Problem &B) { return Key(A) < Key(B); });
  P.Problems.erase(std::unique(P.Problems.begin(), P.Problems.end(), [&](const Problem &A, const Problem &B) { return Key(A) == Key(B); }),
                   P.Problems.end());
}

void Linking::collectUnits() {
  struct Named {
    std::string_view Source;
    StringRef Bytes;
    const facts::Unit *Facts;
  };
  std::vector<Named> All;
  for (const FactsFile &File : P.Files)
    for (size_t I = 0; I < File.units().size(); ++I)
      All.push_back({File.units()[I]->source()->string_view(), File.bytes(I), File.units()[I]});
  auto Key = [](const Named &N) { return std::tie(N.Source, N.Bytes); };
  llvm::sort(All, [&](const Named &A, const Named &B) { return Key(A) < Key(B); });
  All.erase(std::unique(All.begin(), All.end(), [&](const Named &A, const Named &B) { return Key(A) == Key(B); }), All.end());
  for (const Named &N : All)
    P.Units.push_back({N.Facts, {}, 0});
}

void Linking::resolveUnit(uint32_t Unit) {
  LoadedUnit &L = P.Units[Unit];
  L.Module = moduleOf(*L.Facts);
  const auto *Entities = L.Facts->entities();
  L.Symbols.reserve(Entities->size());
  for (const facts::Entity *E : *Entities)
    L.Symbols.push_back(resolve(Unit, *E));
  for (uint32_t I = 0; I < Entities->size(); ++I) {
    uint32_t Parent = Entities->Get(I)->parent();
    if (Parent != None)
      P.Symbols[L.Symbols[I]].Parent = L.Symbols[Parent];
  }
}

SymbolId Linking::resolve(uint32_t Unit, const facts::Entity &E) {
  StringRef Usr = P.text(Unit, E.usr()), Owner = P.text(Unit, E.owner());
  uint64_t Key = llvm::xxh3_64bits(Usr) * 31 + llvm::xxh3_64bits(Owner) + static_cast<uint64_t>(E.kind());
  auto [It, New] = Index.try_emplace(Key, P.Symbols.size());
  bool Defines = E.flags() & static_cast<uint32_t>(facts::EntityFlag::Defined);
  if (New) {
    Symbol S;
    S.Kind = E.kind();
    S.Usr = Usr;
    S.Owner = Owner;
    S.Name = P.text(Unit, E.name());
    S.Type = P.text(Unit, E.type());
    S.Flags = E.flags();
    S.Declared = {Unit, E.location()};
    P.Symbols.push_back(S);
    if (E.kind() == facts::EntityKind::Function)
      functionOf(It->second);
    return It->second;
  }
  Symbol &S = P.Symbols[It->second];
  if (Defines && !S.is(facts::EntityFlag::Defined))
    S.Declared = {Unit, E.location()};
  S.Flags |= E.flags();
  return It->second;
}

uint32_t Linking::moduleOf(const facts::Unit &U) {
  StringRef Name;
  if (StringRef Macro = P.Models->moduleDefinition(); !Macro.empty() && U.definitions())
    for (const facts::Definition *D : *U.definitions())
      if (D->name()->string_view() == std::string_view(Macro))
        Name = D->value()->string_view();
  if (Name.empty())
    Name = llvm::sys::path::parent_path(StringRef(U.source()->string_view()));
  auto [It, New] = ModuleIndex.try_emplace(Name, P.Modules.size());
  if (New)
    P.Modules.push_back(Name.str());
  return It->second;
}

FunctionId Linking::functionOf(SymbolId S) {
  if (P.Symbols[S].Function == None) {
    P.Symbols[S].Function = P.Functions.size();
    P.Functions.emplace_back();
    P.Functions.back().Symbol = S;
  }
  return P.Symbols[S].Function;
}

static bool isHeader(StringRef Path) {
  StringRef Extension = llvm::sys::path::extension(Path);
  return Extension != ".c" && Extension != ".cc" && Extension != ".cpp" && Extension != ".cxx";
}

void Linking::mergeFunctions(uint32_t Unit) {
  const LoadedUnit &L = P.Units[Unit];
  StringRef Source = L.Facts->source()->string_view();
  for (const facts::Function *F : *L.Facts->functions()) {
    SymbolId S = L.Symbols[F->entity()];
    ProgramFunction &Into = P.Functions[functionOf(S)];
    uint32_t File = L.Facts->entities()->Get(F->entity())->location().file();
    StringRef Path = P.text(Unit, File); // a source that another one includes is part of it, a header is nobody's
    uint32_t Module = Path == Source || !isHeader(Path) ? L.Module : 0;
    if (Into.Body) {
      bool Replaces = isWeak(Into.Unit, *Into.Body) && !isWeak(Unit, *F);
      if (!Replaces) {
        tellApart(Into, Unit, *F);
        if (Into.Module != Module)
          Into.CopiesIn.push_back(Module);
        continue;
      }
      P.Symbols[S].Declared = {Unit, L.Facts->entities()->Get(F->entity())->location()};
    }
    Into.Body = F;
    Into.Unit = Unit;
    Into.Module = Module;
  }
}

bool Linking::isWeak(uint32_t Unit, const facts::Function &F) const {
  return P.Units[Unit].Facts->entities()->Get(F.entity())->flags() & static_cast<uint32_t>(facts::EntityFlag::Weak);
}

/// Two programs among the units, as their two functions `main` show, are one program here.
void Linking::tellApart(const ProgramFunction &Kept, uint32_t Unit, const facts::Function &F) {
  const Symbol &S = P.Symbols[Kept.Symbol];
  if (Kept.Body->hash() == F.hash() || S.is(facts::EntityFlag::Internal) || isWeak(Unit, F))
    return;
  SourcePosition First = P.position(Place{Kept.Unit, P.Units[Kept.Unit].Facts->entities()->Get(Kept.Body->entity())->location()});
  SourcePosition Here = P.position(Place{Unit, P.Units[Unit].Facts->entities()->Get(F.entity())->location()});
  if (First.File == Here.File) // one source, compiled in two ways
    return;
  P.Notes.push_back({Here, "'" + S.Name.str() + "' is also defined in " + First.File + ":" + std::to_string(First.Line) +
                               ", which is what is analysed"});
}

void Linking::mergeRelations(uint32_t Unit) {
  const LoadedUnit &L = P.Units[Unit];
  const facts::Unit &U = *L.Facts;
  for (const facts::Override *O : *U.overrides()) {
    auto &Overriders = P.Functions[functionOf(L.Symbols[O->overridden()])].Overriders;
    FunctionId By = functionOf(L.Symbols[O->method()]);
    if (!llvm::is_contained(Overriders, By))
      Overriders.push_back(By);
  }
  for (const facts::TypeArgument *T : *U.type_arguments())
    P.TypeArguments.try_emplace({L.Symbols[T->record()], T->index()}, L.Symbols[T->argument()]);
  for (const facts::RecordDestructor *D : *U.destructors())
    P.Destructors.try_emplace(L.Symbols[D->record()], L.Symbols[D->destructor()]);
  for (const facts::ParameterType *T : *U.parameter_types())
    P.ParameterTypes.try_emplace({L.Symbols[T->function()], T->index()}, P.text(Unit, T->type()));
  for (const facts::ParameterName *T : *U.parameter_names())
    P.ParameterNames.try_emplace({L.Symbols[T->function()], T->index()}, P.text(Unit, T->name()));
  for (const facts::Attribute *A : *U.attributes()) {
    SymbolId S = L.Symbols[A->entity()];
    auto &Into = A->parameter() == None ? P.Annotations[S] : P.ParameterAnnotations[{S, A->parameter()}];
    Place At{Unit, A->location()};
    SourcePosition Here = P.position(At);
    StringRef Text = P.text(Unit, A->text());
    bool Seen = false; // the same header was read by another unit
    for (const Declared &D : Into)
      Seen |= P.position(D.At) == Here && D.Text == Text;
    if (Seen)
      continue;
    llvm::Expected<Annotation> Parsed = parseAnnotation(Text, [&](StringRef Name) { return P.Models->constant(Name); });
    if (!Parsed) {
      std::string Message = llvm::toString(Parsed.takeError());
      P.Problems.push_back({Here.File, Message, Here.Line});
      continue;
    }
    Into.push_back({std::move(*Parsed), At, Text});
  }
}

/// Overriders of overriders override too.
void Linking::closeOverrides() {
  for (FunctionId F = 0; F < P.Functions.size(); ++F) {
    auto &All = P.Functions[F].Overriders;
    for (size_t I = 0; I < All.size(); ++I)
      for (FunctionId Further : std::vector<FunctionId>(P.Functions[All[I]].Overriders))
        if (!llvm::is_contained(All, Further) && Further != F)
          All.push_back(Further);
  }
}

/// Gathers the words on a declaration; true when they describe the whole function.
bool Linking::addOwnWords(ProgramFunction &F, SymbolId S) {
  auto It = P.Annotations.find(S);
  if (It == P.Annotations.end())
    return false;
  // One macro may expand to our sentence and to the nearest that clang has (`allocating`), which says less precisely the same.
  bool HasSentence = llvm::any_of(It->second, [](const Declared &D) { return D.Text.starts_with("fence:does"); });
  for (const Declared &D : It->second) {
    if (!D.Says.Audited.empty())
      F.Audited = &D;
    if (D.Says.Does.empty() || (HasSentence && D.Text.starts_with("clang:")))
      continue;
    if (!F.Own) {
      F.Own = std::make_unique<FunctionModel>();
      F.Own->Name = P.Symbols[S].Name.str();
      SourcePosition At = P.position(D.At);
      F.Own->From = {At.File, At.Line, true};
    }
    F.Own->Does.insert(F.Own->Does.end(), D.Says.Does.begin(), D.Says.Does.end());
  }
  return F.Own || F.Audited;
}

void Linking::describe(ProgramFunction &F) {
  const Symbol &S = P.Symbols[F.Symbol];
  if (addOwnWords(F, F.Symbol)) {
    F.Model = F.Own.get();
    if (!F.Model) { // audited: nothing of it reaches a caller but what is suppressed
      F.Own = std::make_unique<FunctionModel>();
      F.Own->Name = S.Name.str();
      SourcePosition At = P.position(S.Declared);
      F.Own->From = {At.File, At.Line, true};
      F.Model = F.Own.get();
    }
    return;
  }
  const FunctionModel *M = P.Models->function(S.Name, P.text(S.Declared.Unit, S.Declared.At.file()));
  if (M && ((!M->OnlyWith.empty() && !defines(S.Declared.Unit, M->OnlyWith)) || (M->Internal && !S.is(facts::EntityFlag::Internal))))
    return;
  if (M && !(M->WhenNoBody && F.Body))
    F.Model = F.Body ? M : withoutWhatIsPromised(F, *M);
}

/// The command line of a unit has -DMACRO.
bool Linking::defines(uint32_t Unit, StringRef Macro) const {
  const auto *All = P.Units[Unit].Facts->definitions();
  return All && llvm::any_of(*All, [&](const facts::Definition *D) { return D->name()->string_view() == std::string_view(Macro); });
}

/// What a declaration promises not to do, a model does not say of it: the model knows the name only, and another library may have it, too.
const FunctionModel *Linking::withoutWhatIsPromised(ProgramFunction &F, const FunctionModel &M) {
  Context Promise;
  if (auto Words = P.Annotations.find(F.Symbol); Words != P.Annotations.end())
    for (const Declared &D : Words->second)
      Promise.Where |= D.Says.promise();
  auto IsRuledOut = [&](const Action &A) {
    return (A.What == Action::Effect && isForbidden(A.Kind, Promise)) ||
           (A.What == Action::BlocksOnLast && isForbidden(EffectKind::Sleep, Promise));
  };
  if (llvm::none_of(M.Does, IsRuledOut))
    return &M;
  F.Own = std::make_unique<FunctionModel>(M);
  llvm::erase_if(F.Own->Does, IsRuledOut);
  return F.Own.get();
}

/// A macro may leave the same call for two kinds of lock, and tell them apart only by what it passes: one more function of that name.
void Linking::describeGiven(FunctionId F) {
  const FunctionModel *M = P.Functions[F].Own ? nullptr : P.Models->given(P.symbolOf(F).Name);
  if (!M)
    return;
  P.Functions[F].WhenGiven = P.Functions.size();
  ProgramFunction Variant;
  Variant.Symbol = P.Functions[F].Symbol;
  Variant.Model = M;
  P.Functions.push_back(std::move(Variant));
}

std::unique_ptr<Program> fencelint::linkUnits(std::vector<FactsFile> Files, const ModelTable &Models) {
  auto P = std::make_unique<Program>();
  P->Models = &Models;
  P->Files = std::move(Files);
  Linking(*P).run();
  return P;
}

FunctionId Program::named(FunctionId F, const facts::Event &E) const {
  if ((E.kind() != facts::EventKind::Call && E.kind() != facts::EventKind::Destroy) || E.callee() == None)
    return None;
  const facts::Value *Callee = Functions[F].Body->values()->Get(E.callee());
  return Callee->kind() == facts::ValueKind::Function ? Symbols[global(Functions[F].Unit, Callee->a())].Function : None;
}

SourcePosition Program::position(Place Where) const {
  if (Where.At.line() == 0)
    return {};
  return {text(Where.Unit, Where.At.file()).str(), Where.At.line(), Where.At.column()};
}

SourcePosition Program::position(FunctionId F, uint32_t Event) const {
  const ProgramFunction &Fn = Functions[F];
  if (!Fn.Body || Event == None)
    return position(F);
  return position(Place{Fn.Unit, Fn.Body->events()->Get(Event)->location()});
}

bool Program::mayReach(const ProgramFunction &From, uint32_t Module) const {
  return areRelated(From.Module, Module) || llvm::any_of(From.CopiesIn, [&](uint32_t M) { return areRelated(M, Module); });
}

/// Where many places get to one call it is enough that one of them does.
static constexpr unsigned MoreForOneOfMany = 8;

Confidence Program::confidenceOf(const Violation &V, bool IsOneOfMany) const {
  bool IsPromise = V.RootIndex != None && Roots[V.RootIndex].IsPromise; // broken by whoever may get there, however seldom
  Confidence Sure = fencelint::confidenceOf(V.Effect, IsPromise ? UINT16_MAX : IsOneOfMany ? MoreForOneOfMany : 0);
  return V.RootIndex == None ? Sure : std::min(Sure, Roots[V.RootIndex].Sure);
}

bool Program::areRelated(uint32_t A, uint32_t B) const {
  return A == B || A == 0 || B == 0 || ModuleCalls.contains({A, B}) || ModuleCalls.contains({B, A});
}
