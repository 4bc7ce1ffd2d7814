//===- BlockOrder.cpp - in which order the blocks of a body are walked ----------------===//
#include "checks/link/BlockOrder.h"

using namespace fencelint;

namespace {
/// Strongly connected components of what is left of the graph (Tarjan), and again inside each without its head.
class Ordering {
public:
  explicit Ordering(const facts::Function &Body)
      : Body(Body), Part(Body.blocks()->size()), Number(Part.size()), Low(Part.size()), IsOpen(Part.size()) {
    Result.Rank.assign(Part.size(), None);
  }
  BlockOrder run() {
    order(0, None);
    for (uint32_t From : Result.Blocks)
      forEachSuccessor(From, [&](uint32_t To) { noteSideEntries(Result.Rank[From], Result.Rank[To]); });
    return std::move(Result);
  }

private:
  using Component = llvm::SmallVector<uint32_t, 2>;
  struct Visit {
    uint32_t Block, Next;
  };

  const facts::Function &Body;
  BlockOrder Result;
  std::vector<uint32_t> Part; ///< the innermost loop so far, plus one
  std::vector<uint32_t> Number, Low;
  std::vector<bool> IsOpen;
  uint32_t Last = 0;

  void forEachSuccessor(uint32_t Block, llvm::function_ref<void(uint32_t)> Do) const {
    const facts::Block *B = Body.blocks()->Get(Block);
    for (uint32_t X = B->first_edge(), End = X + B->edge_count(); X < End; ++X)
      Do(Body.edges()->Get(X)->to());
  }
  bool isLeft(uint32_t Block, uint32_t In) const { return Part[Block] == In + 1 && Result.Rank[Block] == None; }
  void place(uint32_t Block, uint32_t Within) {
    Result.Rank[Block] = Result.Blocks.size();
    Result.Blocks.push_back(Block);
    Result.Within.push_back(Within);
  }
  void collect(uint32_t Start, uint32_t In, std::vector<Component> &Found);
  void order(uint32_t Start, uint32_t In);
  void placeAll(std::vector<Component> &Found, uint32_t In);
  void noteSideEntries(uint32_t From, uint32_t To);
};
} // namespace

/// The components that Start leads to, each behind those it leads to, and its first block last.
void Ordering::collect(uint32_t Start, uint32_t In, std::vector<Component> &Found) {
  std::vector<Visit> Path;
  llvm::SmallVector<uint32_t, 32> Open;
  auto Enter = [&](uint32_t Block) {
    Number[Block] = Low[Block] = ++Last;
    IsOpen[Block] = true;
    Open.push_back(Block);
    Path.push_back({Block, 0});
  };
  Enter(Start);
  while (!Path.empty()) {
    auto &[Block, Next] = Path.back();
    const facts::Block *B = Body.blocks()->Get(Block);
    if (Next < B->edge_count()) {
      uint32_t To = Body.edges()->Get(B->first_edge() + Next++)->to();
      if (!isLeft(To, In))
        continue;
      if (!Number[To])
        Enter(To);
      else if (IsOpen[To])
        Low[Block] = std::min(Low[Block], Number[To]);
      continue;
    }
    uint32_t Done = Block;
    Path.pop_back();
    if (!Path.empty())
      Low[Path.back().Block] = std::min(Low[Path.back().Block], Low[Done]);
    if (Low[Done] != Number[Done])
      continue;
    Component &C = Found.emplace_back();
    do {
      C.push_back(Open.pop_back_val());
      IsOpen[C.back()] = false;
    } while (C.back() != Done);
  }
}

void Ordering::order(uint32_t Start, uint32_t In) {
  std::vector<Component> Found;
  if (In == None)
    collect(Start, In, Found);
  else
    forEachSuccessor(Start, [&](uint32_t To) {
      if (isLeft(To, In) && !Number[To])
        collect(To, In, Found);
    });
  placeAll(Found, In);
}

void Ordering::placeAll(std::vector<Component> &Found, uint32_t In) {
  for (Component &C : llvm::reverse(Found)) {
    uint32_t Head = C.pop_back_val();
    bool IsLoop = !C.empty();
    forEachSuccessor(Head, [&](uint32_t To) { IsLoop |= To == Head; });
    if (!IsLoop) {
      place(Head, In);
      continue;
    }
    uint32_t Loop = Result.Loops.size();
    Result.Loops.push_back({static_cast<uint32_t>(Result.Blocks.size()), 0, In});
    place(Head, Loop);
    for (uint32_t Block : C) {
      Part[Block] = Loop + 1;
      Number[Block] = 0;
    }
    order(Head, Loop);
    Result.Loops[Loop].End = Result.Blocks.size();
  }
}

void Ordering::noteSideEntries(uint32_t From, uint32_t To) {
  for (uint32_t L = Result.Within[To]; L != None && !Result.Loops[L].contains(From); L = Result.Loops[L].Outer)
    Result.Loops[L].HasSideEntry |= To != Result.Loops[L].Head;
}

BlockOrder fencelint::orderBlocks(const facts::Function &Body) { return Ordering(Body).run(); }
