//===- Stores.cpp - what a callee wrote, and what its caller knows of it -------------------===//
//
// Two things are told of each exit. What it stored, where that is a number, an argument or a function. And which fields of what it was given it may have
// written at all, as far as anybody tests them: of these the caller forgets what it knew, and of no others, because callees mostly read.
//
//===--------------------------------------------------------------------------------------===//
#include "checks/link/Simulation.h"

using namespace fencelint;
using K = facts::ValueKind;

/// Of the numbers that it stores a function tells the last ones.
static constexpr size_t MostStores = 4;

/// What callers may ask for later: numbers that somebody tests, in an object that was given or that is returned (`req->wait = wait;`), and the functions
/// that a struct carries which is returned.
void Simulation::noteStores(Exit &X, const State &S) const {
  ExprId Result = P.Exprs.make(K::Result, None), Returned = P.Exprs.object(S.Returned);
  size_t Numbers = 0;
  for (auto &[Place, Value] : llvm::reverse(S.Places)) {
    const Expr At = P.Exprs[Place], Is = P.Exprs[Value];
    if (At.Kind == K::Dereference && P.Exprs[At.A].Kind == K::Parameter && (Is.Kind == K::Constant || Is.Kind == K::Parameter) && Numbers < MostStores) {
      X.Stores.push_back({Place, Value});
      ++Numbers;
    }
    if (At.Kind != K::Field)
      continue;
    bool IsReturned = S.Returned && At.A == Returned && At.Opaque;
    bool IsCarried = Is.Kind == K::Function && P.Exprs[S.Returned].Kind == K::Local && At.A == S.Returned;
    bool IsNumber = (Is.Kind == K::Constant || Is.Kind == K::Parameter) && P.Fields.AskedFor.contains(At.B) && Numbers < MostStores;
    if (!IsCarried && !IsNumber)
      continue;
    if (IsReturned)
      X.Stores.push_back({P.Exprs.make(K::Field, Result, At.B), Value});
    else if (At.UsesEntry && !At.Opaque && P.Exprs[At.A].Kind == K::Parameter)
      X.Stores.push_back({Place, Value});
    else
      continue;
    Numbers += IsNumber;
  }
}

/// The callee's stores, as far as they can be named here.
void Simulation::store(const Exit &X, uint32_t Event, llvm::ArrayRef<ExprId> Arguments, ExprId This, const State &Before, State &S) const {
  ExprId Result = P.Exprs.make(K::Result, None);
  llvm::SmallVector<std::pair<ExprId, ExprId>, 4> Here;
  for (auto [Place, Value] : X.Stores) {
    const Expr At = P.Exprs[Place];
    ExprId Object = At.A == Result ? P.Exprs.make(K::Result, Event) : P.Exprs.substitute(At.A, Arguments, This);
    ExprId Is = P.Exprs.substitute(Value, Arguments, This);
    if (Object != NoExpr)
      Here.push_back({Logic.place(P.Exprs.make(At.Kind, Object, At.B), Before), Is == NoExpr ? NoExpr : Logic.evaluate(Is, Before)});
  }
  for (auto [Place, Value] : llvm::reverse(Here))
    Logic.write(Place, Value, S);
}

/// The fields of what callers passed that may hold something else now, and what is known of that.
void Simulation::noteOverwritten(Exit &X, const State &S) const {
  for (auto [Place, Value] : S.Places)
    if (P.Exprs.isCallersField(Place) && Value != Place)
      X.Overwritten.push_back({Place, P.Exprs[Value].Opaque ? NoExpr : Value, Logic.know(Value, S)});
  llvm::sort(X.Overwritten, [](const Overwrite &A, const Overwrite &B) { return A.Place < B.Place; });
}

/// What the callee may have written on its way to this exit is not what it was.
void Simulation::overwrite(const Exit &X, llvm::ArrayRef<ExprId> Arguments, ExprId This, State &S) const {
  llvm::SmallVector<Overwrite, 8> Here;
  for (const Overwrite &W : X.Overwritten)
    if (ExprId Place = P.Exprs.substitute(W.Place, Arguments, This); Place != NoExpr) {
      ExprId Holds = W.Holds == NoExpr ? NoExpr : P.Exprs.substitute(W.Holds, Arguments, This);
      Here.push_back({Logic.place(Place, S), Holds == NoExpr ? NoExpr : Logic.evaluate(Holds, S), W.Is});
    }
  for (const Overwrite &W : Here)
    Logic.write(W.Place, W.Holds, S);
  for (const Overwrite &W : Here) // two names of one field may contradict each other: then neither is believed
    if (ExprId Now = Logic.evaluate(W.Place, S); !W.Is.isNothing() && Logic.know(Now, S).meet(W.Is).Signs)
      Logic.learn(Now, W.Is, S, /*Inferred=*/true);
}
