//===- Setters.cpp - for whose objects a field is ever set ----------------------===//
//
// `if (obj->lru) mutex_lock(obj->lru->lock);` in a core says nothing of the drivers that never put an object on a list: only one driver calls the function that
// does. The field is zero in the objects of all others, and what the core does behind that test does not happen there. Who sets it for whom is read off the
// calls: a setter runs for the modules that call it, through however many functions, and for everybody when somebody keeps its address.
//
//===----------------------------------------------------------------------------===//
#include "checks/link/Setters.h"
#include "checks/link/Flow.h"
#include "llvm/ADT/STLExtras.h"

using namespace fencelint;
using K = facts::ValueKind;
using facts::EventKind;

/// So many functions on the way to setters that everybody may be among those who call them.
static constexpr size_t MostCallers = 2000;
/// A field may be copied from a field that is copied.
static constexpr unsigned MostCopies = 3;

template <typename Pairs> static auto allOf(const Pairs &Sorted, uint32_t First) {
  auto Begin = llvm::lower_bound(Sorted, std::pair<uint32_t, uint32_t>(First, 0));
  auto End = std::find_if(Begin, Sorted.end(), [&](const auto &Pair) { return Pair.first != First; });
  return llvm::make_range(Begin, End);
}

template <typename Pairs> static void sortUnique(Pairs &Some) {
  llvm::sort(Some);
  Some.erase(llvm::unique(Some), Some.end());
}

/// `if (front->flag && !back->flag) back->flag = 1;`: where the field was set before.
static bool isPassedOn(const facts::Function &Body, const facts::Value &Place) {
  auto IsOfAnother = [&](const facts::Edge *E) {
    if (E->guard() == None || !E->truth())
      return false;
    const facts::Value *Tested = Body.values()->Get(E->guard());
    return Tested->kind() == K::Field && Tested->b() == Place.b() && Tested->a() != Place.a();
  };
  return Place.kind() == K::Field && llvm::any_of(*Body.edges(), IsOfAnother);
}

void Setters::collect(const Program &P) {
  llvm::DenseSet<SymbolId> Read; // variables; one may hold a function only to keep a linker from dropping it
  for (FunctionId F = 0; F < P.Functions.size(); ++F) {
    const ProgramFunction &Fn = P.Functions[F];
    if (!Fn.Body)
      continue;
    auto At = [&](uint32_t Value) { return Fn.Body->values()->Get(Value); };
    auto Note = [&](const facts::Value *Place) {
      if (Place->kind() == K::Field)
        ByField.push_back({P.global(Fn.Unit, Place->b()), F});
    };
    for (const facts::Value *V : *Fn.Body->values())
      if (V->kind() == K::Global)
        Read.insert(P.global(Fn.Unit, V->a()));
    for (const facts::Event *E : *Fn.Body->events()) {
      if (E->kind() == EventKind::Assign) {
        const facts::Value *Value = E->value() == None ? nullptr : At(E->value());
        const facts::Value *Place = At(E->target());
        bool IsCleared = Value && Value->kind() == K::Constant && Value->number() == 0;
        bool IsCopied = Value && Value->kind() == K::Field && Place->kind() == K::Field;
        if (IsCopied && Value->b() != Place->b())
          Copies.push_back({P.global(Fn.Unit, Place->b()), P.global(Fn.Unit, Value->b())});
        else if (!IsCleared && !IsCopied && !isPassedOn(*Fn.Body, *Place))
          Note(Place);
      } else if (E->kind() == EventKind::Call || E->kind() == EventKind::Destroy) {
        if (FunctionId G = P.named(F, *E); G != None)
          Callers.push_back({G, F});
        for (uint32_t I = 0; I < E->argument_count(); ++I) // who is given its address may set it
          if (const facts::Value *Given = At(Fn.Body->arguments()->Get(E->first_argument() + I)); Given->kind() == K::AddressOf)
            Note(At(Given->a()));
      }
    }
  }
  for (const auto &[Key, T] : P.PointsTo) {
    bool IsVariable = Holder::kindOf(Key) == Holder::Slot && P.Symbols[Holder::whose(Key)].Kind == facts::EntityKind::Variable;
    if (!IsVariable || Read.contains(Holder::whose(Key)))
      Stored.insert(T.Functions.begin(), T.Functions.end());
  }
  for (uint32_t U = 0; U < P.Units.size(); ++U)
    for (const facts::TableNumber *N : *P.Units[U].Facts->table_numbers())
      ByTable.push_back({P.global(U, N->field()), P.Units[U].Module});
  sortUnique(ByTable);
  sortUnique(ByField);
  sortUnique(Copies);
  sortUnique(Callers);
}

const Setters::Reached &Setters::whoReaches(const Program &P, SymbolId Field) {
  auto [It, New] = Known.try_emplace(Field);
  Reached &R = It->second;
  if (!New)
    return R;
  llvm::DenseSet<FunctionId> Seen;
  std::vector<FunctionId> Work;
  for (const auto &[Of, Setter] : allOf(ByField, Field))
    if (Seen.insert(Setter).second)
      Work.push_back(Setter);
  for (const auto &[Of, Module] : allOf(ByTable, Field)) {
    R.Modules.push_back(Module);
    R.Beginnings.push_back(Module);
  }
  R.Anybody = Work.empty() && R.Modules.empty(); // what is not seen here
  for (size_t I = 0; I < Work.size() && !R.Anybody; ++I) {
    const ProgramFunction &Fn = P.Functions[Work[I]];
    auto Calling = allOf(Callers, Work[I]);
    if (Stored.contains(Work[I]) || P.Symbols[Fn.Symbol].is(facts::EntityFlag::Virtual))
      R.Beginnings.push_back(Fn.Module);
    R.Modules.push_back(Fn.Module);
    llvm::append_range(R.Modules, Fn.CopiesIn);
    for (const auto &[Called, Caller] : Calling)
      if (Seen.insert(Caller).second)
        Work.push_back(Caller);
    R.Anybody = Work.size() > MostCallers;
  }
  R.Anybody |= R.Beginnings.empty(); // nothing here gets one to run: who does is not seen
  return R;
}

bool Setters::isOnlyForOthers(const Program &P, SymbolId Field, uint32_t Module, unsigned Depth) {
  auto From = allOf(Copies, Field);
  for (const auto &[To, Other] : From)
    if (Depth >= MostCopies || !isOnlyForOthers(P, Other, Module, Depth + 1))
      return false;
  auto Direct = allOf(ByField, Field);
  if (Direct.empty() && allOf(ByTable, Field).empty() && !From.empty())
    return true;
  const Reached &R = whoReaches(P, Field);
  return !R.Anybody && !llvm::is_contained(R.Modules, Module) &&
         llvm::none_of(R.Beginnings, [&](uint32_t Begins) { return P.areRelated(Module, Begins); });
}

bool Setters::isOnlyForOthers(const Program &P, SymbolId Field, uint32_t Module) {
  if (P.IsOpen) // other programs may set it
    return false;
  auto [Known, New] = ForOthers.try_emplace({Field, Module});
  if (New)
    Known->second = isOnlyForOthers(P, Field, Module, 0);
  return Known->second;
}

bool Setters::isUsersChoice(const Program &P, SymbolId Field, uint32_t Module) {
  if (P.IsOpen)
    return false;
  auto [Known, New] = Chosen.try_emplace({Field, Module});
  if (!New)
    return Known->second;
  auto Direct = allOf(ByField, Field), Tables = allOf(ByTable, Field);
  bool IsSet = !Direct.empty() || !Tables.empty();
  auto IsHere = [&](const auto &Pair) { return Pair.second == 0 || Pair.second == Module; };
  bool IsTheirs = IsSet && llvm::none_of(Tables, IsHere) && llvm::none_of(Direct, [&](const auto &Pair) {
    const ProgramFunction &Fn = P.Functions[Pair.second];
    return Fn.Module == 0 || Fn.Module == Module || llvm::is_contained(Fn.CopiesIn, Module);
  });
  return Known->second = IsTheirs;
}
