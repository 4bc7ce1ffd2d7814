//===- Simulate.h - one function's body becomes its summary ------------------------===//
#ifndef FENCELINT_LINK_SIMULATE_H
#define FENCELINT_LINK_SIMULATE_H

#include "checks/link/Program.h"
#include "checks/link/State.h"

namespace fencelint {

/// Who a call may enter.
struct Callee {
  FunctionId Function;
  Via How;
  uint32_t Module = 0;           ///< not 0: only callers related to this module get here
  const Context *Promised = nullptr; ///< effects that this forbids are reported elsewhere
  uint32_t Times = 1;            ///< tables of operations that hold it
  SymbolId Slot = None;          ///< the field it was stored in
  uint32_t Tables = 0;           ///< tables of operations there are, whether they set this member or not
  ExprId Object = NoExpr;        ///< whose field that is
  /// How likely a call that may go several ways has such an effect, see EffectFact::Sure.
  uint8_t Sleeping = Certain, Other = Certain, Asked = Certain;

  uint8_t share(EffectKind Kind) const { return Kind == EffectKind::Asked ? Asked : isSleeping(Kind) ? Sleeping : Other; }
};

/// Everybody a call may enter.
struct Resolution {
  llvm::SmallVector<Callee, 2> Callees;
  const SlotModel *Described = nullptr; ///< a slot whose model says what a call does
  bool IsUnknown = false;               ///< nobody is known
};

/// Resolves calls of one function; shared by the solver's call graph and the simulation, so that both see the same edges.
class Calls {
public:
  Calls(Program &P, FunctionId F);
  /// Program expression of one of the body's values.
  ExprId value(uint32_t Index) const { return Index == None ? NoExpr : Values[Index]; }
  /// What a call is given, as written; its object is NoExpr when it has none.
  llvm::SmallVector<ExprId, 6> arguments(const facts::Event &Call) const;
  ExprId object(const facts::Event &Call) const { return value(Call.object()); }
  /// The function whose result this is; None when nobody is named there.
  FunctionId resultOf(ExprId Id) const;
  /// The body looks at a field behind it, so where it is returned it is not NULL.
  bool isFollowed(ExprId Pointer) const;
  /// A field of a struct that is made on the stack and passed to who calls it.
  bool isGivenAlong(ExprId Id) const;
  /// A struct that a call returned, whose members are known functions.
  bool carriesFunctions(ExprId Struct) const;
  /// What this is, only the callers know: a parameter, or a function in a struct that they were given or made.
  bool isUpToCallers(ExprId Callee) const;
  /// A parameter resolves to nobody and is not unknown: its callers know.
  Resolution resolve(ExprId Callee, bool Dispatch) const;
  /// Of a function that is described once more for what this call passes, that description.
  void choose(Resolution &R, const facts::Event &Call) const;

private:
  Program &P;
  FunctionId F;
  std::vector<ExprId> Values;

  ExprId carriedBy(ExprId Result, SymbolId Field) const;
};

/// Joins the exits that callers cannot tell apart.
llvm::SmallVector<Exit, 1> mergeExits(std::vector<Exit> Exits, const ExprTable &Exprs);

/// A call in a body that some path gets to.
struct ReachableCall {
  uint32_t Event;
  Guard When; ///< what must hold of the parameters then
  Resolution To;
};
/// In the order of the events. The program is as it was afterwards.
std::vector<ReachableCall> reachableCalls(Program &P, FunctionId F);

/// Runs F's body on the summaries of its callees. Appends to F's summary and replaces its violations; true when the summary changed.
bool simulate(Program &P, FunctionId F);

} // namespace fencelint
#endif
