//===- ContextTest.cpp - the laws of contexts, and their words -------------===//
#include "checks/effects/Context.h"
#include "gtest/gtest.h"
#include <vector>

using namespace fencelint;

namespace {

Context with(std::initializer_list<std::pair<Part, int>> Levels, uint8_t Where = 0) {
  Context C;
  for (auto [P, By] : Levels)
    C.change(P, By);
  C.Where = Where;
  return C;
}

/// Small enough that no sum of three saturates.
std::vector<Context> samples() {
  std::vector<Context> All;
  for (unsigned I = 0; I < PartCount; ++I)
    for (int By : {-2, -1, 0, 1, 2})
      for (unsigned Bit : {0u, 1u << (I % 7)})
        All.push_back(with({{static_cast<Part>(I), By}, {Part::IrqsOff, By > 0 ? 0 : 1 - By / 2}}, Bit));
  return All;
}

TEST(Context, NeutralElement) {
  for (const Context &C : samples()) {
    EXPECT_EQ(C.plus(Context()), C);
    EXPECT_EQ(Context().plus(C), C);
  }
  EXPECT_TRUE(Context().isNeutral());
  EXPECT_FALSE(with({{Part::NoIo, 1}}).isNeutral());
  EXPECT_FALSE(with({}, InSoftirq).isNeutral());
}

TEST(Context, PlusIsCommutativeAndAssociative) {
  std::vector<Context> All = samples();
  for (const Context &A : All)
    for (const Context &B : All) {
      EXPECT_EQ(A.plus(B), B.plus(A));
      for (size_t I = 0; I < All.size(); I += 7)
        EXPECT_EQ(A.plus(B).plus(All[I]), A.plus(B.plus(All[I])));
    }
}

TEST(Context, LevelsBalance) {
  Context C;
  C.change(Part::PreemptOff, 1);
  C.change(Part::PreemptOff, 1);
  C.change(Part::PreemptOff, -1);
  EXPECT_EQ(C[Part::PreemptOff], 1);
  C.change(Part::PreemptOff, -1);
  EXPECT_TRUE(C.isNeutral());
}

TEST(Context, Saturates) {
  Context C;
  for (int I = 0; I < 300; ++I)
    C.change(Part::Rcu, 1);
  EXPECT_EQ(C[Part::Rcu], 7);
  EXPECT_EQ(C.plus(C)[Part::Rcu], 7);
  C.change(Part::Rcu, -1000);
  EXPECT_EQ(C[Part::Rcu], -7);
  EXPECT_EQ(C.plus(C)[Part::Rcu], -7);
}

TEST(Context, AtomicParts) {
  EXPECT_FALSE(Context().isAtomic());
  for (Part P : {Part::PreemptOff, Part::IrqsOff, Part::BhOff, Part::Rcu}) {
    EXPECT_TRUE(with({{P, 1}}).isAtomic()) << partName(P).str();
    EXPECT_FALSE(with({{P, -1}}).isAtomic()) << "the caller's level given back: " << partName(P).str();
  }
  for (Part P : {Part::Signalling, Part::NoReclaim, Part::NoFs, Part::NoIo})
    EXPECT_FALSE(with({{P, 1}}).isAtomic()) << partName(P).str();
}

TEST(Context, AtomicPlaces) {
  for (uint8_t Bit : {InSoftirq, InHardirq, InNmi, MaybeInterrupt}) {
    EXPECT_TRUE(with({}, Bit).isAtomic());
    EXPECT_TRUE(with({}, Bit).isInterrupt());
  }
  EXPECT_TRUE(with({}, NoSleepPromise).isAtomic());
  EXPECT_FALSE(with({}, NoSleepPromise).isInterrupt());
  EXPECT_FALSE(with({}, NoAllocation).isAtomic());
}

TEST(Context, InterruptsCannotBeLeft) {
  Context InHandler = with({{Part::IrqsOff, 1}}, InHardirq);
  EXPECT_TRUE(InHandler.plus(with({{Part::IrqsOff, -1}})).isAtomic());
}

TEST(Context, Describes) {
  EXPECT_EQ(Context().describe(), "in a task");
  EXPECT_EQ(with({{Part::PreemptOff, 1}}).describe(), "preemption is disabled");
  EXPECT_EQ(with({{Part::IrqsOff, 1}}).describe(), "interrupts are disabled");
  EXPECT_EQ(with({{Part::PreemptOff, 1}, {Part::IrqsOff, 2}}).describe(), "preemption and interrupts are disabled");
  EXPECT_EQ(with({{Part::PreemptOff, 1}, {Part::IrqsOff, 1}, {Part::BhOff, 1}}).describe(),
            "preemption, interrupts and bottom halves are disabled");
  EXPECT_EQ(with({}, InHardirq).describe(), "in a hard interrupt");
  EXPECT_EQ(with({}, InSoftirq).describe(), "in a soft interrupt");
  EXPECT_EQ(with({}, InNmi).describe(), "in a non-maskable interrupt");
  EXPECT_EQ(with({{Part::Rcu, 1}}).describe(), "in an RCU read-side section");
  EXPECT_EQ(with({}, NoSleepPromise | NoAllocation).describe(), "declared nonblocking");
  EXPECT_EQ(with({}, NoAllocation).describe(), "allocating is forbidden");
  EXPECT_EQ(with({{Part::PreemptOff, 1}, {Part::IrqsOff, 1}, {Part::Signalling, 1}}, MaybeInterrupt | InFenceCallback)
                .describe(),
            "preemption and interrupts are disabled, possibly in an interrupt, in a fence callback, in a fence "
            "signalling section");
  EXPECT_EQ(with({{Part::PreemptOff, -1}}).describe(), "in a task");
}

TEST(Context, NamesRoundTrip) {
  for (unsigned I = 0; I < PartCount; ++I) {
    Part P = static_cast<Part>(I);
    EXPECT_EQ(parsePart(partName(P)), P);
  }
  EXPECT_FALSE(parsePart("softirq"));
  EXPECT_FALSE(parsePart(""));
  EXPECT_EQ(parseWhere("softirq"), InSoftirq);
  EXPECT_EQ(parseWhere("hardirq"), InHardirq);
  EXPECT_EQ(parseWhere("nmi"), InNmi);
  EXPECT_EQ(parseWhere("maybe-interrupt"), MaybeInterrupt);
  EXPECT_EQ(parseWhere("in-fence-callback"), InFenceCallback);
  EXPECT_EQ(parseWhere("no-allocation"), NoAllocation);
  EXPECT_EQ(parseWhere("no-free"), NoFree);
  EXPECT_EQ(parseWhere("never-sleeps"), NoSleepPromise);
  EXPECT_FALSE(parseWhere("irqs-off"));
}

} // namespace
