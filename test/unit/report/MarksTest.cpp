//===- MarksTest.cpp - what a NOLINT comment says --------------------------===//
//
// The comments are spelled in two parts, so that they do not count for this file.
//
//===----------------------------------------------------------------------===//
#include "checks/report/Marks.h"
#include <gtest/gtest.h>
#include <string>

using namespace fencelint;

namespace {

std::string spelled(std::string Text) {
  for (size_t At = 0; (At = Text.find('@', At)) != std::string::npos;)
    Text.replace(At, 1,
                 "NO"
                 "LINT");
  return Text;
}

std::string reason(const std::string &Text) {
  std::string Kept = spelled(Text);
  std::vector<Mark> Marks = findMarks(Kept);
  return Marks.empty() ? "no mark" : Marks[0].Reason.str();
}

TEST(Marks, SayWhy) {
  EXPECT_EQ(reason("// @(fence-x): the caller holds a reference"), "the caller holds a reference");
  EXPECT_EQ(reason("// @(fence-x) the caller holds one\r\nnext"), "the caller holds one");
  EXPECT_EQ(reason("/* @(fence-x) - why (not) */ code();"), "why (not)");
  EXPECT_EQ(reason("// @(a): first @(b): second"), "first");
  EXPECT_EQ(reason("// @NEXTLINE: *p is ours"), "*p is ours");
  EXPECT_EQ(reason("// @"), "");
  EXPECT_EQ(reason("/* @ */ code();"), "");
  EXPECT_EQ(reason("// @ (fence-x): why"), "why");
  EXPECT_EQ(reason("// @(fence-x"), "");
  EXPECT_EQ(reason("#define F f() /* @(x): y */ \\"), "y");
}

TEST(Marks, KnowWhereTheyAre) {
  std::string Text = spelled("a\n\n  // @(x)\nb // @\n@");
  std::vector<Mark> Marks = findMarks(Text);
  ASSERT_EQ(Marks.size(), 3u);
  EXPECT_EQ(Marks[0].At, Mark::Point(3, 6));
  EXPECT_EQ(Marks[1].At, Mark::Point(4, 6));
  EXPECT_EQ(Marks[2].At, Mark::Point(5, 1));
  EXPECT_EQ(Marks[0].Spelled, spelled("@(x)"));
  EXPECT_TRUE(Marks[2].covers({5, 99}));
  EXPECT_FALSE(Marks[2].covers({4, 99}));
}

TEST(Marks, AreNotOtherWords) {
  for (const char *Text : {"// @X", "// @nextline", "// @ENDS", "// nolint", "", "NOLIN", "N"})
    EXPECT_EQ(reason(Text), "no mark") << Text;
}

TEST(Marks, OpenAndCloseBlocks) {
  std::string Text = spelled("@BEGIN(a)\n@BEGIN\nx\n@END\n@END( a )\n@END\n@BEGIN()\n");
  std::vector<Mark> Marks = findMarks(Text);
  ASSERT_EQ(Marks.size(), 6u);
  for (unsigned I = 0; I < 4; ++I)
    EXPECT_TRUE(Marks[I].Matched) << I;
  EXPECT_FALSE(Marks[4].Matched);
  EXPECT_FALSE(Marks[5].Matched);
  EXPECT_TRUE(Marks[0].covers({3, 1}));
  EXPECT_TRUE(Marks[1].covers({3, 1}));
  EXPECT_TRUE(Marks[0].covers({4, 20}));
  EXPECT_FALSE(Marks[1].covers({4, 20}));
  EXPECT_FALSE(Marks[5].covers({8, 1}));
}

TEST(Marks, ConcernTheRulesOfTheirList) {
  auto Concerns = [](const char *List) {
    std::string Text = spelled("@" + std::string(List));
    return findMarks(Text)[0].concerns("sleep-in-atomic");
  };
  for (const char *List : {"", "(*)", "(sleep-in-atomic)", "(fence-sleep-in-atomic)", "(a, fence-*)", "(*-in-*)",
                           "(*sleep-in-atomic*)", "(f*s*c)", "(open"})
    EXPECT_TRUE(Concerns(List)) << List;
  for (const char *List :
       {"()", "( )", "(,)", "(sleep)", "(fence-)", "(-*)", "(-fence-sleep-in-atomic)", "(sleep-in-atomic.)",
        "(*-in-atomi)", "(*atomic*in*)", "(fence-fence-sleep-in-atomic)", "(Sleep-In-Atomic)"})
    EXPECT_FALSE(Concerns(List)) << List;
}

} // namespace
