//===- TableNumbers.cpp - what stands beside a function in its tables ----------===//
#include "checks/link/TableNumbers.h"
#include "checks/link/Program.h"

using namespace fencelint;

void TableNumbers::collect(const Program &P) {
  const FieldsInCode &Code = P.Fields;
  llvm::DenseSet<std::pair<SymbolId, FunctionId>> Given = Code.Given;
  for (uint32_t U = 0; U < P.Units.size(); ++U) {
    const facts::Unit &Unit = *P.Units[U].Facts;
    uint32_t First = Tables.size();
    for (const facts::Table *T : *Unit.tables())
      Tables.push_back({P.global(U, T->record()), {}});
    for (const facts::Store *S : *Unit.stores()) {
      SymbolId Slot = P.global(U, S->slot());
      FunctionId F = P.Symbols[P.global(U, S->function())].Function;
      if (S->table() == None) {
        Given.insert({Slot, F});
        continue;
      }
      Tables[First + S->table()].Fields.push_back({Slot, Knowledge::truth(true)});
      Holding[{Slot, F}].push_back(First + S->table());
    }
    for (const facts::TableNumber *N : *Unit.table_numbers()) {
      SymbolId Field = P.global(U, N->field());
      if (N->table() == None)
        continue;
      Tables[First + N->table()].Fields.push_back({Field, N->known() ? Knowledge::exactly(N->number()) : Knowledge()});
      llvm::SmallVector<SymbolId, 2> &All = Tested[Tables[First + N->table()].Record];
      if (N->known() && Code.Tested.contains(Field) && !Code.Written.contains(Field) && !llvm::is_contained(All, Field))
        All.push_back(Field);
    }
  }
  auto IsUnsure = [&](const auto &Held) { return Code.Mixed.contains(Held.first.first) || Given.contains(Held.first); };
  llvm::SmallVector<std::pair<SymbolId, FunctionId>, 0> Unsure;
  for (const auto &Held : Holding)
    if (IsUnsure(Held))
      Unsure.push_back(Held.first);
  for (const auto &Key : Unsure)
    Holding.erase(Key);
}

Knowledge TableNumbers::beside(const Program &P, SymbolId Slot, FunctionId F, SymbolId Field) const {
  auto In = Holding.find({Slot, F});
  if (In == Holding.end() || P.Fields.Written.contains(Field))
    return {};
  std::optional<Knowledge> All;
  for (uint32_t Index : In->second) {
    const Table &T = Tables[Index];
    if (P.Symbols[Field].Parent != T.Record)
      return {};
    const auto *Here = llvm::find_if(T.Fields, [&](const auto &Known) { return Known.first == Field; });
    Knowledge Is = Here == T.Fields.end() ? Knowledge::exactly(0) : Here->second;
    All = All ? All->join(Is) : Is;
  }
  return All.value_or(Knowledge());
}

llvm::ArrayRef<SymbolId> TableNumbers::distinguishing(SymbolId Slot, FunctionId F) const {
  auto In = Holding.find({Slot, F});
  if (In == Holding.end())
    return {};
  auto Known = Tested.find(Tables[In->second.front()].Record);
  return Known == Tested.end() ? llvm::ArrayRef<SymbolId>() : llvm::ArrayRef(Known->second);
}
