//===- SentenceTest.cpp - every sentence of docs/models.md, every defect ---===//
#include "checks/models/Sentence.h"
#include "checks/models/Spelling.h"
#include "gtest/gtest.h"

using namespace fencelint;

namespace {

Sentence parse(const std::string &Text) {
  Sentence Out;
  auto Defect = parseSentence(Text, Out);
  EXPECT_FALSE(Defect) << Text << ": " << Defect->Message;
  return Out;
}
Action action(const std::string &Text) {
  Sentence Out = parse(Text);
  EXPECT_EQ(Out.Is, Sentence::Plain) << Text;
  return Out.Does;
}
Condition condition(const std::string &Text) {
  Action A = action("sleeps when " + Text);
  EXPECT_EQ(A.When.size(), 1u) << Text;
  return A.When.empty() ? Condition() : A.When[0];
}
/// "OFFSET: message"
std::string defect(const std::string &Text) {
  Sentence Out;
  auto Defect = parseSentence(Text, Out);
  return Defect ? std::to_string(Defect->Offset) + ": " + Defect->Message : "no defect";
}
Subject argument(unsigned Index, const std::string &Field = "") { return {Subject::Argument, Index, Field}; }

TEST(Sentence, Effects) {
  const std::pair<const char *, EffectKind> All[] = {
      {"sleeps", EffectKind::Sleep},
      {"sleeps outside interrupts", EffectKind::SleepOutsideIrq},
      {"sleeps on rt", EffectKind::SleepOnRt},
      {"reclaims", EffectKind::Reclaim},
      {"allocates", EffectKind::Allocate},
      {"frees", EffectKind::Free},
      {"waits for fence", EffectKind::WaitFence},
      {"waits for work", EffectKind::WaitWork},
      {"waits for irq", EffectKind::WaitIrq},
      {"waits for grace period", EffectKind::WaitGracePeriod},
      {"touches user memory", EffectKind::UserAccess},
      {"signals fence", EffectKind::SignalFence},
  };
  for (auto [Text, Kind] : All) {
    Action A = action(Text);
    EXPECT_EQ(A.What, Action::Effect) << Text;
    EXPECT_EQ(A.Kind, Kind) << Text;
    EXPECT_TRUE(A.When.empty());
  }
}

TEST(Sentence, StandAlone) {
  EXPECT_EQ(parse("nothing").Is, Sentence::Nothing);
  EXPECT_EQ(parse("derived").Is, Sentence::Derived);
}

TEST(Sentence, Locks) {
  const std::pair<const char *, LockKind> All[] = {
      {"spinning", LockKind::Spinning}, {"raw", LockKind::Raw}, {"sleeping", LockKind::Sleeping}};
  for (auto [Word, Kind] : All)
    for (bool Takes : {true, false}) {
      Action A = action(std::string(Takes ? "takes " : "releases ") + Word + " arg1");
      EXPECT_EQ(A.What, Action::ChangeContext);
      EXPECT_EQ(A.Lock, Kind);
      EXPECT_EQ(A.By, Takes ? 1 : -1);
      EXPECT_EQ(A.On, argument(1));
      if (Kind == LockKind::Sleeping)
        EXPECT_FALSE(A.Changed);
      else
        EXPECT_EQ(A.Changed, Part::PreemptOff);
    }
}

TEST(Sentence, LockObjects) {
  EXPECT_EQ(action("takes raw this").On, (Subject{Subject::This, 0, ""}));
  EXPECT_EQ(action("takes raw arg0.lock").On, argument(0, "lock"));
  EXPECT_EQ(action("takes raw arg0.a.b").On, argument(0, "a.b"));
  EXPECT_EQ(action("takes raw this.lock").On, (Subject{Subject::This, 0, "lock"}));
  EXPECT_EQ(action("takes sleeping global big_lock").On, (Subject{Subject::Global, 0, "big_lock"}));
  EXPECT_EQ(action("takes sleeping global ns::lock when result == 0").On, (Subject{Subject::Global, 0, "ns::lock"}));
}

TEST(Sentence, Parts) {
  for (llvm::StringRef Name : partWords()) {
    Action In = action("enters " + Name.str()), Out = action("leaves " + Name.str());
    EXPECT_EQ(In.What, Action::ChangeContext);
    EXPECT_EQ(In.Lock, LockKind::None);
    EXPECT_EQ(In.Changed, parsePart(Name));
    EXPECT_EQ(In.By, 1);
    EXPECT_EQ(Out.Changed, parsePart(Name));
    EXPECT_EQ(Out.By, -1);
  }
}

TEST(Sentence, References) {
  EXPECT_EQ(action("may block on last reference").What, Action::BlocksOnLast);
  Action Down = action("counts down when result != 0");
  EXPECT_EQ(Down.What, Action::CountsDown);
  EXPECT_EQ(Down.When.size(), 1u);
  Action Asks = action("asks for reference arg0.count");
  EXPECT_EQ(Asks.What, Action::AsksForReference);
  EXPECT_EQ(Asks.On, argument(0, "count"));
  Action Holds = action("holds another reference arg0");
  EXPECT_EQ(Holds.What, Action::HoldsReference);
  EXPECT_EQ(Holds.On, argument(0));
}

TEST(Sentence, CallsAndValues) {
  Action Calls = action("calls arg2");
  EXPECT_EQ(Calls.What, Action::Calls);
  EXPECT_EQ(Calls.On, argument(2));
  Action ReturnsArgument = action("returns arg1");
  EXPECT_EQ(ReturnsArgument.What, Action::Returns);
  EXPECT_EQ(ReturnsArgument.On, argument(1));
  Action ReturnsNumber = action("returns -12");
  EXPECT_EQ(ReturnsNumber.On.What, Subject::Result);
  EXPECT_EQ(ReturnsNumber.Number, -12);
  EXPECT_EQ(action("never returns").What, Action::NeverReturns);
  EXPECT_EQ(action("warns when arg0 != 0").What, Action::Warns);
  EXPECT_EQ(action("repeats its result").What, Action::Repeats);
  EXPECT_EQ(action("tests bit arg0 of arg1").What, Action::TestsBit);
  EXPECT_EQ(action("empties this").On.What, Subject::This);
  EXPECT_EQ(action("empties arg0").What, Action::Empties);
  Action Zeroes = action("zeroes arg0 when arg1 == 0");
  EXPECT_EQ(Zeroes.What, Action::Zeroes);
  EXPECT_EQ(Zeroes.On, argument(0));
}

TEST(Sentence, Answers) {
  const std::pair<const char *, Action::Question> All[] = {{"preempt-off", Action::AskPreemptOff},
                                                           {"irqs-off", Action::AskIrqsOff},
                                                           {"interrupt", Action::AskInterrupt},
                                                           {"atomic", Action::AskAtomic},
                                                           {"task", Action::AskTask}};
  for (auto [Word, Asked] : All) {
    Action A = action(std::string("answers ") + Word);
    EXPECT_EQ(A.What, Action::Answers);
    EXPECT_EQ(A.Asked, Asked) << Word;
  }
  EXPECT_EQ(action("answers interrupt when result & 0xff00").When[0].Number, 0xff00);
}

TEST(Sentence, DestroysTypeArguments) {
  Action A = action("destroys type-argument 0"), B = action("counted destroys type-argument 1");
  EXPECT_EQ(A.What, Action::DestroysTypeArgument);
  EXPECT_EQ(A.TypeArgument, 0u);
  EXPECT_FALSE(A.Counted);
  EXPECT_EQ(B.TypeArgument, 1u);
  EXPECT_TRUE(B.Counted);
}

TEST(Sentence, Conditions) {
  auto Expect = [](const char *Text, Condition::Test How, Subject::Kind Of, unsigned Index, int64_t Number) {
    Condition C = condition(Text);
    EXPECT_EQ(C.How, How) << Text;
    EXPECT_EQ(C.Of.What, Of) << Text;
    EXPECT_EQ(C.Of.Index, Index) << Text;
    EXPECT_EQ(C.Number, Number) << Text;
  };
  Expect("arg1 == 0", Condition::Equal, Subject::Argument, 1, 0);
  Expect("result != 0", Condition::NotEqual, Subject::Result, 0, 0);
  Expect("result < 0", Condition::Less, Subject::Result, 0, 0);
  Expect("result >= 0", Condition::GreaterEqual, Subject::Result, 0, 0);
  Expect("result == -11", Condition::Equal, Subject::Result, 0, -11);
  Expect("result is error", Condition::IsError, Subject::Result, 0, 0);
  Expect("result not error", Condition::NotError, Subject::Result, 0, 0);
  Expect("arg1 & 0x400", Condition::AnyBit, Subject::Argument, 1, 0x400);
  Expect("not arg1 & 0x400", Condition::NoBit, Subject::Argument, 1, 0x400);
  Expect("arg1&0x400|0x3", Condition::AnyBit, Subject::Argument, 1, 0x403);
  Expect("arg3", Condition::NotEqual, Subject::Argument, 3, 0);
  Expect("not arg3", Condition::Equal, Subject::Argument, 3, 0);
  Expect("this != 0", Condition::NotEqual, Subject::This, 0, 0);
  Expect("not result", Condition::Equal, Subject::Result, 0, 0);
}

TEST(Sentence, ConditionsJoin) {
  Action A = action("takes sleeping arg0 when result == 0 and arg1 & 1 and not arg2 and arg3");
  ASSERT_EQ(A.When.size(), 4u);
  EXPECT_EQ(A.When[0].How, Condition::Equal);
  EXPECT_EQ(A.When[1].How, Condition::AnyBit);
  EXPECT_EQ(A.When[2].How, Condition::Equal);
  EXPECT_EQ(A.When[3].How, Condition::NotEqual);
}

TEST(Sentence, ConstantsWait) {
  Sentence S = parse("reclaims when arg0 and arg1 & GFP_A | 0x10 | GFP_B");
  ASSERT_EQ(S.Constants.size(), 2u);
  EXPECT_EQ(S.Constants[0].Name, "GFP_A");
  EXPECT_EQ(S.Constants[0].Condition, 1u);
  EXPECT_EQ(S.Constants[0].Offset, 30u);
  EXPECT_EQ(S.Constants[1].Name, "GFP_B");
  EXPECT_EQ(S.Does.When[1].Number, 0x10);
}

TEST(Sentence, ReclaimingIsAllocating) {
  std::vector<Action> Does = {action("reclaims when arg1 & 4")};
  addImplied(Does);
  ASSERT_EQ(Does.size(), 2u);
  EXPECT_EQ(Does[1].Kind, EffectKind::Allocate);
  EXPECT_EQ(Does[1].When.size(), 1u);
  addImplied(Does);
  EXPECT_EQ(Does.size(), 2u);
}

TEST(SentenceDefect, Words) {
  EXPECT_EQ(defect("slepes"), "0: unknown sentence 'slepes'; did you mean 'sleeps'?");
  EXPECT_EQ(defect("bakes bread"), "0: unknown sentence 'bakes bread'; did you mean 'takes'?");
  EXPECT_EQ(defect("takes spining arg0"), "6: unknown word 'spining' after 'takes'; did you mean 'spinning'?");
  EXPECT_EQ(defect("waits for godot"), "10: unknown word 'godot' after 'for'; known are fence, work, irq, grace");
  EXPECT_EQ(defect("waits"), "5: expected 'for' after 'waits'");
  EXPECT_EQ(defect("takes"), "5: expected one of spinning, raw, sleeping, reference after 'takes'");
  EXPECT_EQ(defect("takes when arg0"), "6: expected one of spinning, raw, sleeping, reference after 'takes'");
  EXPECT_EQ(defect("sleeps deeply"), "7: unknown word 'deeply' after 'sleeps'; known are outside, on");
  EXPECT_EQ(defect("reclaims twice"), "9: unexpected 'twice' after 'reclaims'");
  EXPECT_EQ(defect("reclaims whem arg0"), "9: unexpected 'whem' after 'reclaims'; did you mean 'when'?");
  EXPECT_EQ(defect("enters irq-off"), "7: unknown word 'irq-off' after 'enters'; did you mean 'irqs-off'?");
  EXPECT_EQ(defect("leaves"), "6: expected a part of the context after 'leaves'");
  EXPECT_EQ(defect("answers signalling").substr(0, 39), "8: unknown word 'signalling' after 'ans");
  EXPECT_EQ(defect("").substr(0, 17), "0: empty sentence");
  EXPECT_EQ(defect("   ").substr(0, 17), "0: empty sentence");
  EXPECT_EQ(defect("when arg0").substr(0, 25), "0: unknown sentence 'when");
}

TEST(SentenceDefect, Objects) {
  EXPECT_EQ(defect("takes raw"), "9: expected a lock: argN, this, argN.field or global NAME after 'raw'");
  EXPECT_EQ(defect("takes raw ar0"),
            "10: expected a lock: argN, this, argN.field or global NAME, not 'ar0'; did you mean 'arg0'?");
  EXPECT_EQ(defect("takes raw global"), "16: expected the name of a variable after 'global'");
  EXPECT_EQ(defect("takes raw arg0."),
            "10: expected a lock: argN, this, argN.field or global NAME, not 'arg0.'; did you mean 'arg0'?");
  EXPECT_EQ(defect("calls this"), "6: unknown word 'this' after 'calls'");
  EXPECT_EQ(defect("calls result").substr(0, 30), "6: expected an argument: argN,");
  EXPECT_EQ(defect("calls arg999").substr(0, 30), "6: expected an argument: argN,");
  EXPECT_EQ(defect("returns arg0.x"), "8: unknown word 'arg0.x' after 'returns'");
  EXPECT_EQ(defect("destroys type-argument x"), "23: unknown word 'x' after 'type-argument'");
}

TEST(SentenceDefect, Conditions) {
  EXPECT_EQ(defect("sleeps when"), "11: expected a condition after 'when'");
  EXPECT_EQ(defect("sleeps when arg0 and"), "20: expected a condition after 'and'");
  EXPECT_EQ(defect("sleeps when rseult"), "12: expected argN, this or result, not 'rseult'; did you mean 'result'?");
  EXPECT_EQ(defect("sleeps when arg0.x != 0"),
            "12: a condition cannot look into 'arg0.x'; it compares argN, this or result");
  EXPECT_EQ(defect("sleeps when arg0 > 1").substr(0, 31), "17: unknown comparison '>'; kno");
  EXPECT_EQ(defect("sleeps when arg0 = 1").substr(0, 26), "17: unknown comparison '='");
  EXPECT_EQ(defect("sleeps when arg0 =="), "19: expected a number or a constant after '=='");
  EXPECT_EQ(defect("sleeps when arg0 & 0xzz"), "19: expected a number or a constant, not '0xzz'");
  EXPECT_EQ(defect("sleeps when arg0 & 1 |"), "22: expected a number or a constant after '|'");
  EXPECT_EQ(defect("sleeps when arg0 == and arg1"), "20: expected a number or a constant, not 'and'");
  EXPECT_EQ(defect("sleeps when not arg0 == 1"), "21: unexpected '=='; 'not' stands before a value or a test of bits");
  EXPECT_EQ(defect("sleeps when result is eror"), "22: unknown word 'eror' after 'is'; did you mean 'error'?");
  EXPECT_EQ(defect("sleeps when result is"), "21: expected 'error' or 'mapped' after 'is'");
  EXPECT_EQ(defect("sleeps when arg0 not"), "20: expected 'error' or 'active' after 'not'");
  EXPECT_EQ(defect("sleeps when arg0 not activ"), "21: unknown word 'activ' after 'not'; did you mean 'active'?");
  EXPECT_EQ(defect("sleeps when arg0 == 1 or arg1").substr(0, 19), "22: unexpected 'or'");
  EXPECT_EQ(defect("counts down").substr(0, 30), "0: 'counts down' needs a condi");
  EXPECT_EQ(defect("nothing when arg0"), "0: 'nothing' takes no condition");
}

TEST(Spelling, Numbers) {
  EXPECT_EQ(parseNumber("10"), 10);
  EXPECT_EQ(parseNumber("010"), 10);
  EXPECT_EQ(parseNumber("-10"), -10);
  EXPECT_EQ(parseNumber("0x400"), 0x400);
  EXPECT_EQ(parseNumber("-0x1"), -1);
  EXPECT_EQ(parseNumber("0xffffffffffffffff"), -1);
  EXPECT_EQ(parseNumber("-9223372036854775808"), INT64_MIN);
  for (const char *Wrong : {"", "-", "0x", "1k", "9223372036854775808", "0x10000000000000000", "+1", "1.5", "--1"})
    EXPECT_FALSE(parseNumber(Wrong)) << Wrong;
}

TEST(Spelling, NearMisses) {
  EXPECT_EQ(didYouMean("slep", {"sleeps", "waits"}), "; did you mean 'sleeps'?");
  EXPECT_EQ(didYouMean("zzzzzz", {"sleeps", "waits"}), "; known are sleeps, waits");
  EXPECT_EQ(didYouMean("zzzzzz", {llvm::StringRef("sleeps")}), "");
  EXPECT_EQ(didYouMean("x", {}), "");
}

TEST(Spelling, NearestWordsComeNearestFirstAndMayBeEndsOfNames) {
  using Words = std::vector<llvm::StringRef>;
  Words Known = {"drv_put", "drv_get", "ns::queue::push", "unrelated"};
  EXPECT_EQ(nearestWords("drv_pu", Known, 3), (Words{"drv_put"}));
  EXPECT_EQ(nearestWords("drv_gut", Known, 3), (Words{"drv_put", "drv_get"}));
  EXPECT_EQ(nearestWords("drv_gut", Known, 1), (Words{"drv_put"}));
  EXPECT_EQ(nearestWords("queue::pusj", Known, 3), (Words{"ns::queue::push"}));
  EXPECT_EQ(nearestWords("PUSH", Known, 3), (Words{"ns::queue::push"})) << "case is a small mistake";
  EXPECT_TRUE(nearestWords("zzzzzz", Known, 3).empty());
}

} // namespace
