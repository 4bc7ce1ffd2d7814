//===- ReportTest.cpp - identity, order and edges of reports ---------------===//
//
// What the lit tests in test/report cannot see: fingerprints across edits, the order of findings, and odd source lines.
//
//===----------------------------------------------------------------------===//
#include "checks/report/Source.h"
#include "checks/report/Writers.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include <gtest/gtest.h>

using namespace fencelint;

namespace {

Finding finding(const std::string &File, unsigned Line, const std::string &Sink = "msleep") {
  Finding F;
  F.Rule = "sleep-in-atomic";
  F.At = {File, Line, 3};
  F.Function = "outer";
  F.Message = "'inner' may sleep, but preemption is disabled here";
  F.Sink = Sink;
  F.Steps = {{Step::Enters, {File, Line - 1, 3}, "outer", "here"},
             {Step::Reaches, {File, Line + 9, 1}, "inner", "sleeps"}};
  return F;
}

std::string text(const Report &R, TextOptions Options = {}) {
  std::string Result;
  llvm::raw_string_ostream OS(Result);
  writeText(R, Options, OS);
  return Result;
}

/// A source file that goes away with the test.
struct TemporaryFile {
  llvm::SmallString<128> Path;
  explicit TemporaryFile(llvm::StringRef Content) {
    int FD;
    EXPECT_FALSE(llvm::sys::fs::createTemporaryFile("report", "c", FD, Path));
    llvm::raw_fd_ostream(FD, /*shouldClose=*/true) << Content;
  }
  ~TemporaryFile() { llvm::sys::fs::remove(Path); }
};

TEST(Fingerprint, HasSixteenDigits) {
  EXPECT_EQ(fingerprint("", "", "", {}).size(), 16u);
  EXPECT_EQ(fingerprint("r", "f", "s", {}).find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(Fingerprint, DoesNotChangeBetweenVersions) {
  // Baselines in other people's repositories hold these; a change here needs a new key ("fencelint/v2").
  EXPECT_EQ(fingerprint("sleep-in-atomic", "outer", "msleep", {"outer", "inner"}), "3fe713839cea7dbf");
}

TEST(Fingerprint, DependsOnEveryName) {
  std::string Base = fingerprint("r", "f", "s", {"a", "b"});
  EXPECT_NE(Base, fingerprint("R", "f", "s", {"a", "b"}));
  EXPECT_NE(Base, fingerprint("r", "F", "s", {"a", "b"}));
  EXPECT_NE(Base, fingerprint("r", "f", "S", {"a", "b"}));
  EXPECT_NE(Base, fingerprint("r", "f", "s", {"a", "c"}));
  EXPECT_NE(Base, fingerprint("r", "f", "s", {"ab"}));
  EXPECT_NE(Base, fingerprint("r", "f", "s", {"b", "a"}));
  EXPECT_NE(Base, fingerprint("r", "f", "s", {"a", "b"}, 1));
}

TEST(Fingerprint, ForgetsWhereAClosureStands) {
  EXPECT_EQ(fingerprint("r", "(lambda at /a/x.cpp:1:2)::operator()", "s", {}),
            fingerprint("r", "(lambda at /b/x.cpp:30:4)::operator()", "s", {}));
  EXPECT_NE(fingerprint("r", "(lambda at /a/x.cpp:1:2)::operator()", "s", {}),
            fingerprint("r", "(lambda at /a/y.cpp:1:2)::operator()", "s", {}));
  EXPECT_NE(fingerprint("r", "(lambda at /a/x.cpp:1:2)::f", "s", {}),
            fingerprint("r", "(lambda at /a/x.cpp:1:2)::g", "s", {}));
}

TEST(Report, KeepsFingerprintsWhenLinesMove) {
  Report Before, After;
  Before.Findings = {finding("/src/a.c", 10)};
  After.Findings = {finding("/moved/a.c", 99)};
  assignFingerprints(Before);
  assignFingerprints(After);
  EXPECT_EQ(Before.Findings[0].Fingerprint, After.Findings[0].Fingerprint);
}

TEST(Report, TellsEqualFindingsApart) {
  Report R;
  R.Findings = {finding("/src/a.c", 30), finding("/src/a.c", 10), finding("/src/a.c", 20)};
  assignFingerprints(R);
  EXPECT_NE(R.Findings[0].Fingerprint, R.Findings[1].Fingerprint);
  EXPECT_NE(R.Findings[1].Fingerprint, R.Findings[2].Fingerprint);
  Report Single;
  Single.Findings = {finding("/src/a.c", 10)};
  assignFingerprints(Single);
  EXPECT_EQ(Single.Findings[0].Fingerprint, R.Findings[0].Fingerprint) << "the first one needs no ordinal";
  auto Once = R.Findings[2].Fingerprint;
  assignFingerprints(R);
  EXPECT_EQ(Once, R.Findings[2].Fingerprint);
}

TEST(Report, IsSortedByPlaceThenRule) {
  Report R;
  R.Findings = {finding("/b.c", 1), finding("/a.c", 9), finding("/a.c", 10, "z"), finding("/a.c", 10, "a")};
  R.Findings.push_back(finding("/a.c", 9));
  R.Findings.back().Rule = "alloc-in-atomic";
  R.Problems = {{"b", "x"}, {"", "y"}, {"b", "a"}};
  sortFindings(R);
  EXPECT_EQ(R.Findings[0].Rule, "alloc-in-atomic");
  EXPECT_EQ(R.Findings[1].At.Line, 9u);
  EXPECT_EQ(R.Findings[2].Sink, "a");
  EXPECT_EQ(R.Findings[3].Sink, "z");
  EXPECT_EQ(R.Findings[4].At.File, "/b.c");
  EXPECT_EQ(R.Problems[0].Message, "y");
  EXPECT_EQ(R.Problems[1].Message, "a");
}

TEST(Names, AreDistinctAndSpelledAsDocumented) {
  EXPECT_STREQ(stepKindName(Step::CallsSlot), "calls-slot");
  EXPECT_STREQ(stepKindName(Step::DropsLast), "drops-last");
  EXPECT_STREQ(confidenceName(Confidence::Medium), "medium");
  EXPECT_STREQ(severityName(Severity::Note), "note");
}

TEST(PathBelow, IsRelativeOnlyBelowTheRoot) {
  EXPECT_EQ(pathBelow("/src/a.c", "/src"), "a.c");
  EXPECT_EQ(pathBelow("/src/a.c", "/src/"), "a.c");
  EXPECT_EQ(pathBelow("/src/./include/a.h", "/src/."), "include/a.h");
  EXPECT_EQ(pathBelow("/source/a.c", "/src"), "/source/a.c");
  EXPECT_EQ(pathBelow("/srcs/a.c", "/src"), "/srcs/a.c");
  EXPECT_EQ(pathBelow("/src/a.c", ""), "/src/a.c");
  EXPECT_EQ(pathBelow("/src/a.c", "/"), "src/a.c");
  EXPECT_EQ(pathBelow("", "/src"), "");
}

TEST(SourceLines, CountsColumnsInUtf16) {
  TemporaryFile File("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z\r\nlast");
  SourceLines Lines;
  EXPECT_EQ(Lines.line(File.Path, 1)->size(), 11u) << "without the carriage return";
  EXPECT_EQ(*Lines.line(File.Path, 2), "last");
  EXPECT_FALSE(Lines.line(File.Path, 3));
  EXPECT_FALSE(Lines.line(File.Path, 0));
  EXPECT_FALSE(Lines.line("/no/such/file.c", 1));
  EXPECT_FALSE(Lines.line("/dev/zero", 1));
  std::string Path(File.Path);
  EXPECT_EQ(Lines.utf16Column({Path, 1, 1}), 1u);
  EXPECT_EQ(Lines.utf16Column({Path, 1, 4}), 3u);   // the euro sign
  EXPECT_EQ(Lines.utf16Column({Path, 1, 11}), 6u);  // z, after a surrogate pair
  EXPECT_EQ(Lines.utf16Column({Path, 1, 50}), 50u); // the file has changed since
  EXPECT_EQ(Lines.utf16Column({"/no/such/file.c", 1, 7}), 7u);
}

TEST(Text, PutsTheCaretWhereTheColumnIsOnTheScreen) {
  TemporaryFile File("\t\xe2\x82\xac\tf();\n");
  Report R;
  R.Findings = {finding(std::string(File.Path), 1)};
  R.Findings[0].Steps.clear();
  R.Findings[0].At.Column = 6;
  std::string Out = text(R, {.ShowSource = true});
  EXPECT_NE(Out.find("    1 |         \xe2\x82\xac       f();\n      |                 ^\n"), std::string::npos) << Out;
  R.Findings[0].At.Column = 10; // just behind the last character
  EXPECT_NE(text(R, {.ShowSource = true}).find("      |                     ^\n"), std::string::npos);
  R.Findings[0].At.Column = 11;
  EXPECT_EQ(text(R, {.ShowSource = true}).find('^'), std::string::npos) << "no such column";
  R.Findings[0].At.Column = 6;
  EXPECT_EQ(text(R).find('^'), std::string::npos) << "off unless asked for";
}

TEST(Text, ClosesWithPlainNumbers) {
  Report R;
  R.Units = R.UnitsAnalysed = 1;
  EXPECT_EQ(text(R), "");
  EXPECT_EQ(text(R, {.ClosingLine = true}), "0 findings in 1 unit\n");
  R.Findings = {finding("/a.c", 2)};
  R.Units = 5;
  EXPECT_NE(text(R, {.ClosingLine = true}).find("\n1 finding in 5 units (4 could not be analysed)\n"),
            std::string::npos);
}

TEST(Text, LeavesProblemsOutWhenAlreadyTold) {
  Report R;
  R.Problems = {{"", "cannot"}};
  EXPECT_EQ(text(R), "fencelint: error: cannot\n");
  EXPECT_EQ(text(R, {.Problems = false}), "");
}

TEST(Documents, OfAnEmptyReportAreWhole) {
  for (auto Write : {writeJson, writeSarif}) {
    std::string Out;
    llvm::raw_string_ostream OS(Out);
    Write(Report(), {}, DocumentOptions(), OS);
    auto Value = llvm::json::parse(Out);
    ASSERT_TRUE(bool(Value)) << Out;
    EXPECT_TRUE(Value->getAsObject());
  }
}

} // namespace
