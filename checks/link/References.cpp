//===- References.cpp - counted references that one function took or gave back ----===//
#include "checks/link/References.h"
#include "llvm/ADT/STLExtras.h"

using namespace fencelint;
using List = References::List;

/// More references than this to one thing say no more; a loop must not collect them.
static constexpr unsigned MostReferences = 4;

static void addOne(List &To, ExprId Of) {
  if (llvm::count(To, Of) < MostReferences)
    To.push_back(Of);
}

static bool removeOne(List &From, ExprId Of) {
  auto It = llvm::find(From, Of);
  if (It == From.end())
    return false;
  From.erase(It);
  return true;
}

bool References::contains(ExprId Of) const { return llvm::is_contained(Taken, Of) || llvm::is_contained(Kept, Of); }

bool References::isAlive(ExprId Of) const { return llvm::is_contained(Alive, Of); }

void References::take(ExprId Of) { addOne(Taken, Of); }

void References::give(ExprId Of) {
  if (removeOne(Taken, Of) || removeOne(Alive, Of))
    return;
  removeOne(Kept, Of);
  addOne(Given, Of);
}

void References::keep(ExprId Of) {
  give(Of);
  if (!llvm::is_contained(Kept, Of))
    Kept.push_back(Of);
}

void References::askFor(ExprId Of) {
  if (!isAlive(Of))
    Alive.push_back(Of);
}

void References::add(const References &Callee, llvm::function_ref<ExprId(ExprId)> Here) {
  for (ExprId Of : Callee.Given)
    if (ExprId Mine = Here(Of))
      give(Mine);
  for (ExprId Of : Callee.Taken)
    if (ExprId Mine = Here(Of))
      take(Mine);
  for (ExprId Of : Callee.Kept)
    if (ExprId Mine = Here(Of); Mine && !llvm::is_contained(Kept, Mine))
      Kept.push_back(Mine);
  for (ExprId Of : Callee.Alive)
    if (ExprId Mine = Here(Of))
      askFor(Mine);
}

void References::forget(llvm::function_ref<bool(ExprId)> IsStale) {
  for (List *Some : {&Taken, &Given, &Kept, &Alive})
    llvm::erase_if(*Some, IsStale);
}

/// What is in both, as often as in both.
static bool intersect(List &Into, const List &From) {
  List Left = From;
  size_t Before = Into.size();
  llvm::erase_if(Into, [&](ExprId Of) { return !removeOne(Left, Of); });
  return Into.size() != Before;
}

bool References::merge(const References &O) {
  bool Changed = intersect(Taken, O.Taken);
  Changed |= intersect(Kept, O.Kept);
  Changed |= intersect(Alive, O.Alive);
  List Here = Given;
  for (ExprId Of : O.Given)
    if (!removeOne(Here, Of)) {
      Given.push_back(Of);
      Changed = true;
    }
  return Changed;
}
