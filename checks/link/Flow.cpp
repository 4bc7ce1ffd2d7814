//===- Flow.cpp - field-based flow of function addresses ------------------------===//
//
// A driver's behaviour hides behind tables of functions. The question "what may this pointer call" is answered by one inclusion graph over
// places that can hold a function: a field (of all objects of its struct), a variable, a parameter, a local, a result. It is insensitive to
// objects and callers, which is what ops tables need and no more; what that costs is won back by modules (Program::areRelated) and by effects
// of "calls its parameter", which bind per call.
//
// A place with a contract is a border: whoever is stored there becomes a root that runs in the contract's context.
//
//===----------------------------------------------------------------------------===//
#include "checks/link/Flow.h"
#include "checks/link/OwnBits.h"
#include "llvm/ADT/STLExtras.h"

using namespace fencelint;
using llvm::StringRef;
using facts::EventKind;
using facts::ValueKind;

namespace {

struct Stored {
  FunctionId Function;
  Place At;
  FunctionId By; // None: a constant initialiser
};

class Following {
public:
  explicit Following(Program &P) : P(P) {}
  void run();

private:
  Program &P;
  std::vector<std::pair<uint64_t, uint64_t>> Edges; // from, to
  std::vector<std::pair<uint64_t, Stored>> Seeds;
  llvm::DenseMap<uint64_t, std::vector<Stored>> Holds;
  llvm::DenseMap<std::pair<uint64_t, uint32_t>, uint32_t> StoredTimes;
  std::vector<uint32_t> PointerParameters; // per function: a bit for each parameter that is a pointer to a function

  void collect(FunctionId F);
  void notePassedAround(FunctionId F);
  void flowInto(uint64_t Target, FunctionId F, uint32_t Value, Place At, unsigned Depth = 0);
  uint64_t holderOf(FunctionId F, uint32_t Value);
  void propagate();
  void countTables();
  void publish();
  void addDeclaredRoots();
  void contractOf(uint64_t Holder, const SlotModel *Slot, const std::vector<Declared> *Words, StringRef What);
  void addRoot(const Stored &S, Context In, std::string Because, Step::Kind How, bool IsPromise);
  const facts::Function &body(FunctionId F) { return *P.Functions[F].Body; }
};

} // namespace

/// Which parameters are pointers to functions, read off the canonical type's text.
static uint32_t pointerParameters(StringRef Type) {
  uint32_t Mask = 0;
  size_t Open = 0;
  for (int Nesting = 0; Open < Type.size(); ++Open) { // the first outside of template arguments that is no declarator
    char C = Type[Open];
    Nesting += C == '<' ? 1 : C == '>' ? -1 : 0;
    if (C == '(' && Nesting == 0 && !Type.substr(Open).starts_with("(*") && !Type.substr(Open).starts_with("(&"))
      break;
  }
  unsigned Index = 0;
  int Nesting = 0;
  for (size_t I = Open + 1; I < Type.size(); ++I) {
    char C = Type[I];
    if (C == '(' || C == '<' || C == '[') {
      StringRef Rest = Type.substr(I);
      if (Nesting == 0 && C == '(' &&
          (Rest.starts_with("(*") || Rest.starts_with("(&") || Rest.take_until([](char X) { return X == ')'; }).ends_with("::*")))
        Mask |= Index < 32 ? 1u << Index : 0;
      ++Nesting;
    } else if (C == ')' || C == '>' || C == ']') {
      --Nesting;
    } else if (C == ',' && Nesting == 0) {
      ++Index;
    }
  }
  return Mask;
}

void Following::run() {
  PointerParameters.reserve(P.Functions.size());
  for (const ProgramFunction &F : P.Functions)
    PointerParameters.push_back(pointerParameters(P.Symbols[F.Symbol].Type));
  for (uint32_t U = 0; U < P.Units.size(); ++U)
    for (const facts::Store *S : *P.Units[U].Facts->stores()) {
      FunctionId F = P.Symbols[P.global(U, S->function())].Function;
      if (F != None)
        Seeds.push_back({Holder::slot(P.global(U, S->slot())), {F, {U, S->location()}, None}});
    }
  for (FunctionId F = 0; F < P.Functions.size(); ++F)
    if (P.Functions[F].Body && !P.Functions[F].Model) {
      collect(F);
      notePassedAround(F);
    }
  propagate();
  publish();
  addDeclaredRoots();
}

/// The place a value is read from, or 0.
uint64_t Following::holderOf(FunctionId F, uint32_t Value) {
  const facts::Value *V = body(F).values()->Get(Value);
  switch (V->kind()) {
  case ValueKind::Field:
    return Holder::slot(P.global(P.Functions[F].Unit, V->b()));
  case ValueKind::Global:
    return Holder::slot(P.global(P.Functions[F].Unit, V->a()));
  case ValueKind::Parameter:
    return PointerParameters[F] >> std::min(V->a(), 31u) & 1 ? Holder::parameter(F, V->a()) : 0;
  case ValueKind::Local:
    return Holder::local(F, V->a());
  case ValueKind::Element:
  case ValueKind::Dereference:
  case ValueKind::AddressOf:
    return holderOf(F, V->a());
  case ValueKind::Result: {
    FunctionId G = P.named(F, *body(F).events()->Get(V->a()));
    return G == None || !P.Functions[G].Body ? 0 : Holder::result(G);
  }
  default:
    return 0;
  }
}

void Following::flowInto(uint64_t Target, FunctionId F, uint32_t Value, Place At, unsigned Depth) {
  const facts::Value *V = body(F).values()->Get(Value);
  if (V->kind() == ValueKind::Function) {
    FunctionId G = P.Symbols[P.global(P.Functions[F].Unit, V->a())].Function;
    if (G != None)
      Seeds.push_back({Target, {G, At, F}});
  } else if (V->kind() == ValueKind::Choose && Depth < 4) {
    flowInto(Target, F, V->a(), At, Depth + 1);
    flowInto(Target, F, V->b(), At, Depth + 1);
  } else if (V->kind() == ValueKind::AddressOf && body(F).values()->Get(V->a())->kind() == ValueKind::Function) {
    flowInto(Target, F, V->a(), At, Depth + 1);
  } else if (uint64_t From = holderOf(F, Value); From && From != Target) {
    Edges.push_back({From, Target});
  }
}

void Following::collect(FunctionId F) {
  const ProgramFunction &Fn = P.Functions[F];
  const facts::Function &B = *Fn.Body;
  for (const facts::Event *E : *B.events()) {
    Place At{Fn.Unit, E->location()};
    switch (E->kind()) {
    case EventKind::Assign:
      if (uint64_t Target = holderOf(F, E->target()))
        flowInto(Target, F, E->value(), At);
      break;
    case EventKind::Return:
      if (E->value() != None)
        flowInto(Holder::result(F), F, E->value(), At);
      break;
    case EventKind::Call: {
      FunctionId G = P.named(F, *E);
      if (G == None)
        break;
      // What is built into several modules ties nobody: each calls its own copy.
      if (Fn.Module && P.Functions[G].Module && Fn.Module != P.Functions[G].Module &&
          P.Functions[G].CopiesIn.empty() && Fn.CopiesIn.empty())
        P.ModuleCalls.insert({Fn.Module, P.Functions[G].Module});
      uint32_t Mask = PointerParameters[G];
      for (uint32_t I = 0; Mask && I < E->argument_count() && I < 32; ++I)
        if (Mask >> I & 1)
          flowInto(Holder::parameter(G, I), F, B.arguments()->Get(E->first_argument() + I), At);
      break;
    }
    default:
      break;
    }
  }
}

/// `struct printer p = {.print = f}; use(&p);` or `return p;`: whoever is given p calls what this very object holds, so calls through such
/// structs bind at each caller instead of going to everything that was ever stored there.
void Following::notePassedAround(FunctionId F) {
  const facts::Function &B = body(F);
  auto At = [&](uint32_t Index) { return B.values()->Get(Index); };
  llvm::SmallVector<std::pair<uint32_t, SymbolId>, 2> Made; // local, record
  for (const facts::Event *E : *B.events()) {
    if (E->kind() != EventKind::Assign || At(E->target())->kind() != ValueKind::Field)
      continue;
    const facts::Value *Object = At(At(E->target())->a());
    ValueKind Value = At(E->value())->kind();
    if (Object->kind() == ValueKind::Local && (Value == ValueKind::Function || Value == ValueKind::Parameter))
      Made.push_back({Object->a(), P.Symbols[P.global(P.Functions[F].Unit, At(E->target())->b())].Parent});
  }
  if (Made.empty())
    return;
  auto Note = [&](const facts::Value *Object) {
    for (auto [Local, Record] : Made)
      if (Object->kind() == ValueKind::Local && Object->a() == Local && Record != None)
        P.PassedAround.insert(Record);
  };
  StringRef Result = P.symbolOf(F).Type.take_until([](char C) { return C == '('; }).rtrim();
  for (const facts::Event *E : *B.events()) {
    if (E->kind() == EventKind::Return && E->value() != None && !Result.ends_with("*"))
      Note(At(E->value()));
    for (uint32_t I = 0; E->kind() == EventKind::Call && I < E->argument_count(); ++I)
      if (const facts::Value *A = At(B.arguments()->Get(E->first_argument() + I)); A->kind() == ValueKind::AddressOf)
        Note(At(A->a()));
  }
}

/// A table that leaves an operation out is a table all the same: a record has as many in a module as its most often set member says.
void Following::countTables() {
  for (SymbolId S = 0; S < P.Symbols.size(); ++S) {
    if (P.Symbols[S].Kind != facts::EntityKind::Field || P.Symbols[S].Parent == None)
      continue;
    auto It = P.PointsTo.find(Holder::slot(S));
    if (It == P.PointsTo.end())
      continue;
    llvm::SmallDenseMap<uint32_t, uint32_t, 8> PerModule;
    for (size_t I = 0; I < It->second.Functions.size(); ++I)
      PerModule[P.Functions[It->second.Functions[I]].Module] += It->second.Times[I];
    for (auto [Module, Count] : PerModule) {
      uint32_t &Most = P.Tables[{P.Symbols[S].Parent, Module}];
      Most = std::max(Most, Count);
    }
  }
}

void Following::propagate() {
  for (auto &[Target, What] : Seeds)
    ++StoredTimes[{Target, What.Function}];
  llvm::sort(Edges);
  Edges.erase(llvm::unique(Edges), Edges.end());
  std::vector<std::pair<uint64_t, Stored>> Work = std::move(Seeds);
  llvm::DenseSet<std::pair<uint64_t, uint32_t>> Seen;
  for (size_t I = 0; I < Work.size(); ++I) {
    auto [At, What] = Work[I];
    if (!Seen.insert({At, What.Function}).second)
      continue;
    Holds[At].push_back(What);
    for (auto It = llvm::lower_bound(Edges, std::pair(At, uint64_t(0))); It != Edges.end() && It->first == At; ++It)
      Work.push_back({It->second, What});
  }
}

void Following::publish() {
  for (auto &[Key, Functions] : Holds) {
    Targets &T = P.PointsTo[Key];
    llvm::sort(Functions, [](const Stored &A, const Stored &B) { return A.Function < B.Function; });
    for (const Stored &S : Functions) {
      T.Functions.push_back(S.Function);
      T.Times.push_back(std::max(1u, StoredTimes.lookup({Key, S.Function})));
      if (Holder::kindOf(Key) == Holder::Slot && P.Functions[S.Function].Module && S.At.Unit == P.Functions[S.Function].Unit)
        P.Fills.insert({Holder::whose(Key), P.Functions[S.Function].Unit});
    }
  }
  countTables();
  for (SymbolId S = 0; S < P.Symbols.size(); ++S) {
    const Symbol &Sym = P.Symbols[S];
    if (Sym.Kind != facts::EntityKind::Field && Sym.Kind != facts::EntityKind::Variable)
      continue;
    const SlotModel *Slot = P.Models->field(Sym.Name);
    if (!Slot && !Sym.Type.empty())
      Slot = P.Models->typedefSlot(Sym.Type);
    auto Words = P.Annotations.find(S);
    if (Slot || Words != P.Annotations.end())
      contractOf(Holder::slot(S), Slot, Words == P.Annotations.end() ? nullptr : &Words->second, Sym.Name);
  }
  for (FunctionId F = 0; F < P.Functions.size(); ++F) {
    const Symbol &Sym = P.symbolOf(F);
    for (unsigned I = 0; I < 32 && PointerParameters[F] >> I; ++I) {
      if (!(PointerParameters[F] >> I & 1))
        continue;
      std::pair Key{P.Functions[F].Symbol, I};
      const SlotModel *Slot = P.Models->parameter(Sym.Name, I);
      if (auto T = P.ParameterTypes.find(Key); !Slot && T != P.ParameterTypes.end())
        Slot = P.Models->typedefSlot(T->second);
      auto Words = P.ParameterAnnotations.find(Key);
      if (Slot || Words != P.ParameterAnnotations.end())
        contractOf(Holder::parameter(F, I), Slot, Words == P.ParameterAnnotations.end() ? nullptr : &Words->second, Sym.Name);
    }
  }
}

/// Attaches a contract to a place and makes roots of what is stored there.
void Following::contractOf(uint64_t Key, const SlotModel *Slot, const std::vector<Declared> *Words, StringRef What) {
  Targets &T = P.PointsTo[Key];
  T.Slot = Slot;
  const ContextModel *Contract = Slot ? P.Models->context(Slot->RunsIn) : nullptr;
  bool Promise = false;
  Context In;
  std::string Because;
  if (Contract) {
    In = Contract->In;
    Because = Contract->Because;
  }
  if (Words)
    for (const Declared &D : *Words) {
      if (const ContextModel *C = P.Models->context(D.Says.RunsIn)) {
        In = C->In;
        Because = C->Because;
        Contract = C;
      }
      if (D.Says.promise()) {
        In.Where |= D.Says.promise();
        Because = D.Says.NoSleep ? "whose type promises not to block" : "whose type promises not to allocate";
        Promise = true;
      }
    }
  T.Contract = Contract;
  T.Promised = In;
  if (In.isNeutral())
    return;
  auto Functions = Holds.find(Key);
  if (Functions == Holds.end())
    return;
  for (const Stored &S : Functions->second)
    addRoot(S, In, ("is stored in '" + What + "'" + (Promise && !Contract ? ", " : ": ") + Because).str(), Step::Registered,
            Promise && !Contract);
}

void Following::addRoot(const Stored &S, Context In, std::string Because, Step::Kind How, bool IsPromise) {
  for (const Root &R : P.Roots)
    if (R.Function == S.Function && R.In == In)
      return;
  Root R;
  R.Function = S.Function;
  R.In = In;
  R.Because = std::move(Because);
  R.How = How;
  R.At = P.position(S.At);
  R.Where = S.By == None ? "" : P.symbolOf(S.By).Name.str();
  R.IsPromise = IsPromise;
  P.Roots.push_back(std::move(R));
}

/// Words on functions themselves, and contracts of virtual methods on what overrides them.
void Following::addDeclaredRoots() {
  for (FunctionId F = 0; F < P.Functions.size(); ++F) {
    const Symbol &Sym = P.symbolOf(F);
    Stored Here{F, Sym.Declared, None};
    const SlotModel *Method = Sym.is(facts::EntityFlag::Virtual) ? P.Models->method(Sym.Name) : nullptr;
    const ContextModel *Contract = Method ? P.Models->context(Method->RunsIn) : nullptr;
    Context In = Contract ? Contract->In : Context();
    std::string Because = Contract ? "has a contract: " + Contract->Because : "";
    bool RunsSomewhere = Contract != nullptr;
    bool Promise = false; // and nothing that says where it runs: then breaking it is a broken word, not a context
    if (auto Words = P.Annotations.find(P.Functions[F].Symbol); Words != P.Annotations.end())
      for (const Declared &D : Words->second) {
        Here.At = D.At;
        if (const ContextModel *C = P.Models->context(D.Says.RunsIn)) {
          In = C->In;
          Because = "runs in context '" + C->Name + "': " + C->Because;
          RunsSomewhere = true;
        }
        if (!D.Says.Requires.isNeutral()) {
          In = In.plus(D.Says.Requires);
          Because = "requires that " + D.Says.Requires.describe();
          RunsSomewhere = true;
        }
        if (D.Says.promise()) {
          In.Where |= D.Says.promise();
          if (Because.empty())
            Because = D.Says.NoSleep ? "is declared not to block" : "is declared not to allocate";
          Promise = true;
        }
      }
    Promise &= !RunsSomewhere;
    if (In.isNeutral())
      continue;
    P.Functions[F].Promised = In;
    addRoot(Here, In, Because, Step::Contract, Promise);
    for (FunctionId O : P.Functions[F].Overriders)
      addRoot({O, P.symbolOf(O).Declared, None}, In, "overrides '" + Sym.Name.str() + "', which " + Because, Step::Contract, Promise);
  }
}

void fencelint::followPointers(Program &P) {
  std::vector<SymbolId> Parents;
  std::vector<bool> Embedded;
  Parents.reserve(P.Symbols.size());
  for (const Symbol &S : P.Symbols) {
    Parents.push_back(S.Kind == facts::EntityKind::Field ? S.Parent : None);
    Embedded.push_back(S.is(facts::EntityFlag::Embedded));
  }
  P.Exprs.setParents(std::move(Parents));
  P.Exprs.setEmbedded(std::move(Embedded));
  Following(P).run();
  collectOwnBits(P);
  P.Sets.collect(P);
  P.Fields.collect(P);
  std::vector<bool> AskedFor(P.Symbols.size());
  for (SymbolId Field : P.Fields.AskedFor)
    AskedFor[Field] = true;
  P.Exprs.setAskedFor(std::move(AskedFor));
  P.Beside.collect(P);
}
