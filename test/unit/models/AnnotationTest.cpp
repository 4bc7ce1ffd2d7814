//===- AnnotationTest.cpp - attributes in the source -----------------------===//
#include "checks/models/Annotation.h"
#include "gtest/gtest.h"

using namespace fencelint;

namespace {

Annotation parse(const std::string &Text) {
  auto Parsed = parseAnnotation(Text);
  if (!Parsed) {
    ADD_FAILURE() << Text << ": " << llvm::toString(Parsed.takeError());
    return {};
  }
  return *Parsed;
}
std::string defect(const std::string &Text) {
  auto Parsed = parseAnnotation(Text);
  return Parsed ? "no defect" : llvm::toString(Parsed.takeError());
}
bool saysNothing(const Annotation &A) {
  return A.Does.empty() && A.RunsIn.empty() && A.Requires.isNeutral() && !A.NoSleep && !A.NoAllocation &&
         A.Audited.empty();
}

TEST(Annotation, Does) {
  Annotation A = parse("fence:does takes spinning arg0 when result != 0");
  ASSERT_EQ(A.Does.size(), 1u);
  EXPECT_EQ(A.Does[0].Lock, LockKind::Spinning);
  EXPECT_EQ(A.Does[0].When.size(), 1u);
  EXPECT_EQ(parse("fence:does reclaims").Does.size(), 2u) << "reclaiming is allocating";
}

TEST(Annotation, DoesWithConstants) {
  auto Constants = [](llvm::StringRef Name) { return Name == "A" ? std::optional<int64_t>(8) : std::nullopt; };
  auto Parsed = parseAnnotation("fence:does sleeps when arg1 & A | 1", Constants);
  ASSERT_TRUE(bool(Parsed));
  EXPECT_EQ(Parsed->Does[0].When[0].Number, 9);
  EXPECT_EQ(
      llvm::toString(parseAnnotation("fence:does sleeps when arg1 & B", Constants).takeError()),
      "unknown constant 'B' in annotation 'fence:does sleeps when arg1 & B'; a model file's 'constants:' defines it");
}

TEST(Annotation, Contracts) {
  EXPECT_EQ(parse("fence:runs-in fence-callback").RunsIn, "fence-callback");
  Annotation A = parse("fence:requires irqs-off, preempt-off,rcu");
  EXPECT_EQ(A.Requires[Part::IrqsOff], 1);
  EXPECT_EQ(A.Requires[Part::PreemptOff], 1);
  EXPECT_EQ(A.Requires[Part::Rcu], 1);
  EXPECT_TRUE(parse("fence:never-sleeps").NoSleep);
  EXPECT_FALSE(parse("fence:never-sleeps").NoAllocation);
  EXPECT_TRUE(parse("fence:never-allocates").NoAllocation);
  EXPECT_EQ(parse("fence:audited only wakes a waiter").Audited, "only wakes a waiter");
}

TEST(Annotation, FunctionEffects) {
  Annotation NonBlocking = parse("clang:nonblocking");
  EXPECT_TRUE(NonBlocking.NoSleep);
  EXPECT_TRUE(NonBlocking.NoAllocation);
  EXPECT_TRUE(parse("clang:nonblocking:true").NoSleep);
  Annotation NonAllocating = parse("clang:nonallocating");
  EXPECT_FALSE(NonAllocating.NoSleep);
  EXPECT_TRUE(NonAllocating.NoAllocation);
  EXPECT_EQ(parse("clang:blocking").Does.at(0).Kind, EffectKind::Sleep);
  EXPECT_EQ(parse("clang:allocating").Does.at(0).Kind, EffectKind::Allocate);
  EXPECT_EQ(parse("clang:allocating").Does.at(1).Kind, EffectKind::Reclaim);
  EXPECT_TRUE(saysNothing(parse("clang:nonblocking:false")));
  EXPECT_TRUE(saysNothing(parse("clang:nonallocating:false")));
}

TEST(Annotation, Capabilities) {
  Annotation A = parse("clang:acquire_capability:arg1");
  ASSERT_EQ(A.Does.size(), 1u);
  EXPECT_EQ(A.Does[0].What, Action::ChangeContext);
  EXPECT_EQ(A.Does[0].Lock, LockKind::Sleeping);
  EXPECT_FALSE(A.Does[0].Changed);
  EXPECT_EQ(A.Does[0].By, 1);
  EXPECT_EQ(A.Does[0].On, (Subject{Subject::Argument, 1, ""}));
  EXPECT_EQ(parse("clang:acquire_capability").Does.at(0).On.What, Subject::This);
  EXPECT_EQ(parse("clang:acquire_capability:this").Does.at(0).On.What, Subject::This);
  EXPECT_EQ(parse("clang:release_capability:arg0").Does.at(0).By, -1);
  EXPECT_EQ(parse("clang:release_generic_capability").Does.at(0).By, -1);
  EXPECT_EQ(parse("clang:acquire_shared_capability").Does.at(0).By, 1);
  EXPECT_TRUE(saysNothing(parse("clang:requires_capability")));
  EXPECT_TRUE(saysNothing(parse("clang:requires_shared_capability:arg0")));
}

TEST(Annotation, TriedCapabilities) {
  for (const char *Success : {"1", "true"}) {
    Action A = parse(std::string("clang:try_acquire_capability:") + Success).Does.at(0);
    ASSERT_EQ(A.When.size(), 1u);
    EXPECT_EQ(A.When[0].How, Condition::NotEqual);
    EXPECT_EQ(A.When[0].Of.What, Subject::Result);
  }
  EXPECT_EQ(parse("clang:try_acquire_capability:0:arg2").Does.at(0).When[0].How, Condition::Equal);
  EXPECT_EQ(parse("clang:try_acquire_capability:false:arg2").Does.at(0).On.Index, 2u);
}

TEST(AnnotationDefect, Words) {
  EXPECT_EQ(defect("fence:dose sleeps"), "unknown annotation 'fence:dose'; did you mean 'does'?");
  EXPECT_EQ(defect("fence:run-in x"), "unknown annotation 'fence:run-in'; did you mean 'runs-in'?");
  EXPECT_EQ(defect("clang:nonblockin"), "unknown annotation 'clang:nonblockin'; did you mean 'nonblocking'?");
  EXPECT_EQ(defect("hello"), "unknown annotation 'hello'; it starts with 'fence:' or 'clang:'");
  EXPECT_EQ(defect("fence:").substr(0, 27), "unknown annotation 'fence:'");
  EXPECT_EQ(defect(""), "unknown annotation ''; it starts with 'fence:' or 'clang:'");
}

TEST(AnnotationDefect, Operands) {
  EXPECT_EQ(defect("fence:audited"),
            "annotation 'fence:audited' needs a reason: what was looked at, and why it is harmless");
  EXPECT_EQ(defect("fence:audited   "),
            "annotation 'fence:audited' needs a reason: what was looked at, and why it is harmless");
  EXPECT_EQ(defect("fence:does"), "annotation 'fence:does' needs a sentence, for instance 'sleeps'");
  EXPECT_EQ(defect("fence:runs-in"), "annotation 'fence:runs-in' needs the name of a context");
  EXPECT_EQ(defect("fence:runs-in a b"), "annotation 'fence:runs-in' takes one context, not 'a b'");
  EXPECT_EQ(defect("fence:never-sleeps ever"), "unexpected 'ever' after annotation 'fence:never-sleeps'");
  EXPECT_EQ(defect("fence:does slepes"),
            "unknown sentence 'slepes'; did you mean 'sleeps'? in annotation 'fence:does slepes'");
  EXPECT_EQ(defect("fence:does nothing"),
            "'nothing' describes a function in a model file; write 'fence:audited REASON' in the source");
  EXPECT_EQ(defect("fence:requires irq-off"),
            "unknown part 'irq-off' of a context; did you mean 'irqs-off'? in annotation 'fence:requires irq-off'");
  EXPECT_EQ(defect("clang:nonblocking:maybe"), "annotation 'clang:nonblocking' takes true or false, not 'maybe'");
  EXPECT_EQ(defect("clang:acquire_capability:lock"),
            "unknown capability 'lock' in annotation 'clang:acquire_capability'; expected argN or this");
}

} // namespace
