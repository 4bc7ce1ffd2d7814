//===- Solver.cpp - callees before callers, roots last -------------------------------===//
//
// One pass bottom-up is the whole solution: a violation shows at the function that makes the context, by looking at its callees' summaries.
// No context is ever pushed down, so nothing is computed twice for two callers. Recursion iterates its component until no summary grows;
// effects are only added and have a cap, so that ends, and the rounds have a bound of their own.
//
//===------------------------------------------------------------------------------------===//
#include "checks/link/Solver.h"
#include "checks/link/Described.h"
#include "checks/link/Memory.h"
#include "checks/link/Simulate.h"

using namespace fencelint;
using K = facts::ValueKind;
using facts::EventKind;

static constexpr unsigned MostRounds = 6;

namespace {

class Solving {
public:
  explicit Solving(Program &P) : P(P) {}
  void run();

private:
  Program &P;
  std::vector<std::vector<FunctionId>> Callees;
  std::vector<std::vector<FunctionId>> Components; // callees' first

  void ask();
  void buildGraph();
  void findComponents();
  void solveComponent(const std::vector<FunctionId> &Members);
  void check(FunctionId F);
  void judgeRoots();
};

} // namespace

void Solving::run() {
  for (FunctionId F = 0; F < P.Functions.size(); ++F)
    if (P.Functions[F].Model)
      P.Functions[F].Summary = summaryOf(P, F, *P.Functions[F].Model);
  ask();
  noteMemory(P);
  buildGraph();
  findComponents();
  for (const auto &Members : Components)
    solveComponent(Members);
  for (FunctionId F = 0; F < P.Functions.size(); ++F)
    if (P.Functions[F].isOnlyChecked())
      check(F);
  // Beyond this point no summary changes.
  judgeRoots();
}

/// "It runs" is one more effect of what somebody asked about: so the contexts of its callers come with guards, modules and chains as any
/// violation does.
void Solving::ask() {
  for (FunctionId F : P.Asked) {
    Summary &S = P.Functions[F].Summary;
    EffectFact Runs;
    Runs.Kind = EffectKind::Asked;
    Runs.Callee = P.Exprs.make(K::Function, P.Functions[F].Symbol);
    S.add(std::move(Runs));
    if (P.Functions[F].Body || P.Functions[F].Model)
      continue;
    S.Known = true; // otherwise callers would not look
    if (!P.symbolOf(F).is(facts::EntityFlag::NoReturn))
      S.Exits.push_back({});
  }
}

void Solving::buildGraph() {
  Callees.resize(P.Functions.size());
  for (FunctionId F = 0; F < P.Functions.size(); ++F) {
    const ProgramFunction &Fn = P.Functions[F];
    if (!Fn.isWalked() && !Fn.isOnlyChecked())
      continue;
    Calls Resolver(P, F);
    auto &To = Callees[F];
    auto Add = [&](ExprId Called, bool Dispatch) {
      for (const Callee &C : Resolver.resolve(Called, Dispatch).Callees) {
        if (Fn.isWalked())
          To.push_back(C.Function);
        if (C.How != Via::Slot && !Fn.Audited)
          P.Functions[C.Function].HasCallers = true;
      }
    };
    for (const facts::Event *E : *Fn.Body->events()) {
      if (E->kind() != EventKind::Call && E->kind() != EventKind::Destroy)
        continue;
      Add(Resolver.value(E->callee()), E->flags() & static_cast<uint32_t>(facts::EventFlag::Dispatch));
      if (!Fn.isWalked()) // nobody is told what it does, so it waits for nobody
        continue;
      for (ExprId Given : Resolver.arguments(*E)) // whoever is given may be called
        for (const Callee &C : Resolver.resolve(Given, false).Callees)
          To.push_back(C.Function);
    }
    // Described functions call what their descriptions name: a type argument's destructor.
    llvm::sort(To);
    To.erase(llvm::unique(To), To.end());
    std::vector<FunctionId> Further;
    for (FunctionId G : To)
      if (P.Functions[G].Model)
        for (const EffectFact &E : P.Functions[G].Summary.Effects)
          if (E.CallsParameter && P.Exprs[E.Callee].Kind == K::Function && P.Symbols[P.Exprs[E.Callee].A].Function != None)
            Further.push_back(P.Symbols[P.Exprs[E.Callee].A].Function);
    To.insert(To.end(), Further.begin(), Further.end());
  }
}

/// Tarjan's algorithm without recursion; components come out callees first.
void Solving::findComponents() {
  uint32_t Count = P.Functions.size(), Next = 0;
  std::vector<uint32_t> Number(Count, None), Low(Count);
  std::vector<bool> OnStack(Count);
  std::vector<FunctionId> Stack;
  std::vector<std::pair<FunctionId, uint32_t>> Walk;
  for (FunctionId Start = 0; Start < Count; ++Start) {
    if (Number[Start] != None)
      continue;
    Walk.push_back({Start, 0});
    while (!Walk.empty()) {
      auto &[F, Edge] = Walk.back();
      if (Edge == 0 && Number[F] == None) {
        Number[F] = Low[F] = Next++;
        Stack.push_back(F);
        OnStack[F] = true;
      }
      if (Edge < Callees[F].size()) {
        FunctionId G = Callees[F][Edge++];
        if (Number[G] == None)
          Walk.push_back({G, 0});
        else if (OnStack[G])
          Low[F] = std::min(Low[F], Number[G]);
        continue;
      }
      if (Low[F] == Number[F]) {
        std::vector<FunctionId> Members;
        FunctionId G;
        do {
          G = Stack.back();
          Stack.pop_back();
          OnStack[G] = false;
          Members.push_back(G);
        } while (G != F);
        Components.push_back(std::move(Members));
      }
      FunctionId Done = F;
      Walk.pop_back();
      if (!Walk.empty())
        Low[Walk.back().first] = std::min(Low[Walk.back().first], Low[Done]);
    }
  }
}

void Solving::solveComponent(const std::vector<FunctionId> &Members) {
  for (unsigned Round = 0; Round < MostRounds; ++Round) {
    bool Changed = false;
    for (FunctionId F : Members)
      if (P.Functions[F].isWalked())
        Changed |= simulate(P, F);
    bool Recursive = Members.size() > 1 || llvm::is_contained(Callees[Members[0]], Members[0]);
    if (!Changed || !Recursive)
      break;
  }
}

void Solving::check(FunctionId F) {
  ProgramFunction &Fn = P.Functions[F];
  Summary Said = std::exchange(Fn.Summary, {});
  simulate(P, F);
  Fn.BodyEffects = Fn.Verified ? Fn.Summary.Effects : std::move(Fn.Summary.Effects);
  if (Fn.Verified)
    *Fn.Verified = std::move(Fn.Summary);
  Fn.Summary = std::move(Said);
}

bool fencelint::canBeIn(uint8_t NotIn, const Context &Root) {
  if ((NotIn & NotInterrupt) && (Root.Where & (InSoftirq | InHardirq | InNmi)))
    return false;
  if ((NotIn & NotInterrupt) && Root[Part::BhOff] > 0)
    return false;
  if ((NotIn & NotIrqsOff) && Root[Part::IrqsOff] > 0)
    return false;
  if ((NotIn & NotPreemptOff) && Root[Part::PreemptOff] > 0)
    return false;
  return true;
}

void Solving::judgeRoots() {
  for (uint32_t R = 0; R < P.Roots.size(); ++R) {
    const Root &From = P.Roots[R];
    for (const EffectFact &E : P.Functions[From.Function].effects()) {
      if (E.Dead || E.CallsParameter || !canBeIn(E.NotIn, From.In))
        continue;
      if (llvm::any_of(E.When, [](const Atom &A) { return A.Flags; }))
        continue;
      if (E.UnlessActive && From.In[Part::DeviceActive] > 0)
        continue;
      Context Here = From.In.plus(E.Difference);
      Here.Where = From.In.Where;
      if (!P.CallbacksMayAllocate && (Here.Where & InFenceCallback))
        Here.Where |= NoAllocation;
      if (!isForbidden(E.Kind, Here))
        continue;
      Violation V{From.Function, E.Event, E, Here, {}, R};
      P.Violations.push_back(V);
    }
  }
}

void fencelint::solve(Program &P) { Solving(P).run(); }
