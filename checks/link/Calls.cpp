//===- Calls.cpp - who a call may enter ----------------------------------------------===//
//
// In this order: the function named; every override of a virtual method; what was stored in the field or variable (all objects of the
// struct); what flowed into the local or out of the call. A parameter is nobody here: its callers know.
//
//===----------------------------------------------------------------------------------===//
#include "checks/link/Flow.h"
#include "checks/link/Simulate.h"

using namespace fencelint;
using K = facts::ValueKind;

Calls::Calls(Program &P, FunctionId F) : P(P), F(F) {
  const ProgramFunction &Fn = P.Functions[F];
  const auto &From = *Fn.Body->values();
  Values.reserve(From.size());
  for (const facts::Value *V : From) {
    uint32_t A = V->a(), B = V->b();
    int64_t Number = V->number();
    switch (V->kind()) {
    case K::Unknown:
    case K::Constant:
    case K::Parameter:
    case K::This:
    case K::Local:
    case K::Result:
      break;
    case K::Global:
    case K::Function:
      A = P.global(Fn.Unit, A);
      break;
    case K::Field:
      A = Values[A];
      B = P.global(Fn.Unit, B);
      break;
    case K::Dereference:
    case K::AddressOf:
    case K::Not:
    case K::BitNot:
    case K::Negate:
      A = Values[A];
      break;
    case K::Choose:
      A = Values[A];
      B = Values[B];
      Number = Values[static_cast<uint32_t>(Number)];
      break;
    default:
      A = Values[A];
      B = Values[B];
    }
    Values.push_back(P.Exprs.make(V->kind(), A, B, Number));
  }
}

bool Calls::isFollowed(ExprId Pointer) const {
  K Kind = P.Exprs[Pointer].Kind;
  if (Kind != K::Parameter && Kind != K::Local && Kind != K::Result && Kind != K::Field)
    return false;
  return llvm::any_of(Values, [&](ExprId V) { return P.Exprs[V].Kind == K::Field && P.Exprs[V].A == Pointer; });
}

bool Calls::isGivenAlong(ExprId Id) const {
  const Expr &E = P.Exprs[Id];
  return E.Kind == K::Field && P.PassedAround.contains(P.Symbols[E.B].Parent);
}

bool Calls::isUpToCallers(ExprId Callee) const {
  const Expr &E = P.Exprs[P.Exprs.object(Callee)];
  if (E.Kind == K::Parameter)
    return true;
  return E.Kind == K::Field && P.Exprs[E.A].Kind == K::Parameter && isGivenAlong(P.Exprs.object(Callee));
}

llvm::SmallVector<ExprId, 6> Calls::arguments(const facts::Event &Call) const {
  llvm::SmallVector<ExprId, 6> All;
  for (uint32_t I = 0; I < Call.argument_count(); ++I)
    All.push_back(value(P.Functions[F].Body->arguments()->Get(Call.first_argument() + I)));
  return All;
}

FunctionId Calls::resultOf(ExprId Id) const {
  const Expr &E = P.Exprs[Id];
  return E.Kind == K::Result && E.A != None ? P.named(F, *P.Functions[F].Body->events()->Get(E.A)) : None;
}

bool Calls::carriesFunctions(ExprId Struct) const {
  const Expr &E = P.Exprs[Struct];
  if (E.Kind == K::Choose)
    return carriesFunctions(E.A) && carriesFunctions(E.B);
  FunctionId G = resultOf(Struct);
  auto IsFunction = [&](const auto &Store) { return P.Exprs[Store.second].Kind == K::Function; };
  return G != None && llvm::any_of(P.Functions[G].Summary.Exits, [&](const Exit &X) { return llvm::any_of(X.Stores, IsFunction); });
}

/// What every exit of the function says that its result holds there; NoExpr when they differ.
ExprId Calls::carriedBy(ExprId Result, SymbolId Field) const {
  FunctionId G = resultOf(Result);
  ExprId Holds = NoExpr, Place = G == None ? NoExpr : P.Exprs.make(K::Field, P.Exprs.make(K::Result, None), Field);
  for (const Exit &X : G == None ? llvm::ArrayRef<Exit>() : P.Functions[G].Summary.Exits) {
    const auto *Here = llvm::find_if(X.Stores, [&](const auto &S) { return S.first == Place && P.Exprs[S.second].Kind == K::Function; });
    if (Here == X.Stores.end() || (Holds != NoExpr && Here->second != Holds))
      return NoExpr;
    Holds = Here->second;
  }
  return Holds;
}

void Calls::choose(Resolution &R, const facts::Event &Call) const {
  for (Callee &C : R.Callees) {
    FunctionId Other = P.Functions[C.Function].WhenGiven;
    if (Other == None || Call.argument_count() == 0)
      continue;
    FunctionId Made = resultOf(arguments(Call).front());
    if (Made != None && P.symbolOf(Made).Name == P.Functions[Other].Model->Given)
      C.Function = Other;
  }
}

Resolution Calls::resolve(ExprId Id, bool Dispatch) const {
  Resolution R;
  const Expr E = P.Exprs[P.Exprs.object(Id)];
  uint64_t Key = 0;
  switch (E.Kind) {
  case K::Function: {
    FunctionId G = P.Symbols[E.A].Function;
    if (G == None)
      break;
    const ProgramFunction &Fn = P.Functions[G];
    Via How = Dispatch ? Via::Virtual : Via::Direct;
    if (!Dispatch || !P.Symbols[E.A].is(facts::EntityFlag::Pure) || Fn.Overriders.empty())
      R.Callees.push_back({G, How, 0, &Fn.Promised});
    if (Dispatch)
      for (FunctionId O : Fn.Overriders)
        R.Callees.push_back({O, How, 0, &Fn.Promised});
    return R;
  }
  case K::Field:
    if (ExprId Holds = carriedBy(E.A, E.B))
      return resolve(Holds, Dispatch);
    Key = Holder::slot(E.B);
    break;
  case K::Global:
    Key = Holder::slot(E.A);
    break;
  case K::Local:
    Key = Holder::local(F, E.A);
    break;
  case K::Element:
    return resolve(E.A, Dispatch);
  case K::Choose: {
    R = resolve(E.A, Dispatch);
    Resolution Other = resolve(E.B, Dispatch);
    R.Callees.append(Other.Callees);
    R.IsUnknown &= Other.IsUnknown;
    return R;
  }
  case K::Result:
    if (FunctionId G = resultOf(P.Exprs.object(Id)); G != None)
      Key = Holder::result(G);
    break;
  case K::Parameter:
  case K::Constant: // a call through NULL: an optional callback behind its test
    return R;
  default:
    break;
  }
  auto It = Key ? P.PointsTo.find(Key) : P.PointsTo.end();
  if (It == P.PointsTo.end()) {
    R.IsUnknown = true;
    return R;
  }
  const Targets &T = It->second;
  if (T.Slot && !T.Slot->Does.empty()) {
    R.Described = T.Slot;
    return R;
  }
  if (P.IsOpen) {
    R.IsUnknown = true;
    return R;
  }
  SymbolId Record = E.Kind == K::Field ? P.Symbols[E.B].Parent : None;
  for (size_t I = 0; I < T.Functions.size(); ++I) {
    FunctionId G = T.Functions[I];
    uint32_t Module = P.Functions[G].Module;
    if (P.mayReach(P.Functions[F], Module))
      R.Callees.push_back({G, Via::Slot, Module, &T.Promised, T.Times[I], E.Kind == K::Field ? E.B : None, P.Tables.lookup({Record, Module}),
                           E.Kind == K::Field ? E.A : NoExpr});
  }
  R.IsUnknown = R.Callees.empty() && !T.Slot;
  return R;
}
