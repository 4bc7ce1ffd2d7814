//===- Explanation.h - what is known about one name, as plain data ---------===//
//
// `fencelint explain NAME` answers a person who is about to call a function, to store one in a table of operations, or to take a lock around
// it. Every answer comes with one shortest chain, in the steps that findings have; what nobody knows is an answer too.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_REPORT_EXPLANATION_H
#define FENCELINT_REPORT_EXPLANATION_H

#include "checks/report/Finding.h"

namespace fencelint {

/// May it run there?
struct MayRun {
  const char *In;      ///< "preempt-off", ...: a word for programs
  std::string Context; ///< "with preemption disabled"
  enum Verdict : uint8_t { Yes, AsFarAsKnown, Depends, No } Is = Yes;
  std::vector<std::string> NotWhen; ///< Depends: each of these forbids it
};
const char *verdictName(MayRun::Verdict V);

/// One thing that may happen.
struct MayDo {
  const char *Effect;  ///< "sleeps", "allocates", ...: a word for programs
  std::string Text;    ///< "may sleep"
  bool OnLastReference = false;
  std::vector<std::string> When;    ///< one of these must hold; none: whatever the arguments are
  std::vector<std::string> Flags;   ///< what allocators are given: numbers or the function's own parameters
  std::vector<std::string> Modules; ///< whose functions do it; none: whoever is asked
  unsigned Functions = 0;           ///< of a slot: stored functions that do it
  Confidence Sure = Confidence::High;
  std::vector<Step> Steps;
};

struct LockUse {
  enum Kind : uint8_t { Takes, Releases, ReturnsHolding } How = Takes;
  std::string Lock; ///< "spinlock 'dma_fence.lock'", "preemption is disabled" where it is no lock
  std::string When; ///< in terms of its parameters; may be empty
  std::vector<Step> Steps;
};
const char *lockUseName(LockUse::Kind K);

/// It runs in a context that somebody else made.
struct CalledIn {
  std::string Context; ///< "preemption is disabled"
  bool IsAtomic = false;
  Confidence Sure = Confidence::High;
  std::vector<Step> Steps;        ///< of the first place
  std::vector<OtherPlace> Places; ///< all of them, without their steps
};

struct StoredIn {
  std::string Slot;
  std::string Contract; ///< "fence callbacks run under ..."; empty: none is known
};

/// Nobody described it and it has no body: what would have to be described.
struct UnknownPart {
  std::string Name;
  bool IsPointer = false; ///< a pointer that nothing is known to be stored in
  std::vector<Step> Steps;
};

/// A function of a slot, a class, or an overrider.
struct Member {
  std::string Name, Module;
  SourcePosition At;
  std::string Does; ///< "may sleep, may allocate"; empty: nothing that a context forbids
};

struct Explanation {
  enum Kind : uint8_t { Function, Slot, Record } What = Function;
  std::string Name;   ///< qualified
  std::string Type;   ///< of a function; may be empty
  std::string Module; ///< empty: a header's, or unknown
  SourcePosition At;
  std::string Described, Why;    ///< "described in linux/delay.yaml:5"; empty when its body speaks
  bool IsKnown = true;           ///< false: it has neither a body nor a description
  std::string Contract;          ///< of a slot: what it promises its functions' context is; empty: none
  std::vector<MayRun> Runs;
  std::vector<MayDo> Does;
  std::vector<LockUse> Locks;
  std::vector<CalledIn> Contexts;
  unsigned Callers = 0;          ///< functions that name it in a call
  std::vector<StoredIn> Stored;
  std::vector<UnknownPart> Unknown;
  std::vector<Member> Members;   ///< stored in the slot, overriding the method, methods of the class
  std::vector<Member> Slots;     ///< of a record: fields that hold functions; Does counts them
  std::string Destructor;        ///< of a record
  unsigned LessSure = 0;         ///< answers of less confidence, left out
};

struct Explanations {
  std::string Asked;
  std::vector<Explanation> All;
  std::vector<Member> Others;    ///< more with that name than are explained
  std::vector<std::string> Near; ///< when there is none: names that look like it
  std::vector<Problem> Problems;
  unsigned Units = 0;
};

} // namespace fencelint
#endif
