//===- Why.cpp - the way to what an entry says, in one line -----------------------------===//
//
// A person who doubts an entry wants to open two files at most: where the function begins to do it, and where it is done.
//
//===----------------------------------------------------------------------------------===//
#include "checks/link/Witness.h"
#include "checks/summarize/Parts.h"

using namespace fencelint;

static std::string at(const SourcePosition &Where, llvm::StringRef Root) {
  llvm::StringRef File = Where.File;
  if (File.consume_front(Root))
    File = File.ltrim('/');
  return File.str() + ":" + std::to_string(Where.Line);
}

std::string fencelint::why(const Program &P, FunctionId F, const EffectFact *E, llvm::StringRef Root) {
  if (!E)
    return at(P.position(F), Root);
  struct Link {
    std::string Where, Called;
  };
  std::vector<Link> Chain;
  while (E && E->Event != None && Chain.size() < 100) { // facts refer to earlier facts only: this ends
    Chain.push_back({at(P.position(F, E->Event), Root), calledText(P, F, E->Event)});
    FunctionId Next = E->Next;
    uint32_t Effect = E->NextEffect;
    if (E->Given != None) // the callee calls what it is given here
      Next = E->Given, Effect = E->GivenEffect, Chain.back().Called = P.symbolOf(Next).Name.str();
    E = Next != None && Effect != None ? &P.Functions[Next].Summary.Effects[Effect] : nullptr;
    F = Next;
  }
  auto Text = [](const Link &L) { return L.Where + ", " + L.Called + "()"; };
  if (Chain.empty())
    return at(P.position(F), Root);
  std::string All = Text(Chain.front());
  if (Chain.size() > 2)
    All += "; ...";
  if (Chain.size() > 1)
    All += "; " + Text(Chain.back());
  return All;
}
