// What --rules means, word by word.
#include "plugin/frontend/SelectRules.h"
#include "gtest/gtest.h"

using namespace fencelint;

namespace {

const RuleInfo Known[] = {
    {"one", Severity::Warning, true, ""}, {"two", Severity::Warning, true, ""}, {"three", Severity::Note, false, ""}};
using Strings = std::vector<std::string>;

RuleSelection select(Strings Given) {
  llvm::Expected<RuleSelection> S = selectRules(Given, Known);
  EXPECT_TRUE(bool(S));
  return S ? *S : (llvm::consumeError(S.takeError()), RuleSelection());
}

std::string errorOf(Strings Given) {
  llvm::Expected<RuleSelection> S = selectRules(Given, Known);
  return S ? "" : llvm::toString(S.takeError());
}

TEST(SelectRules, NothingGivenMeansTheDefaultOnes) {
  EXPECT_TRUE(select({}).Run.empty());
  EXPECT_TRUE(select({""}).Run.empty());
}

TEST(SelectRules, NamesRunOnlyThese) {
  EXPECT_EQ(select({"one,three"}).Run, (Strings{"one", "three"}));
  EXPECT_EQ(select({"three", " one , three"}).Run, (Strings{"one", "three"}));
}

TEST(SelectRules, MinusTakesFromTheDefaultOnes) {
  RuleSelection S = select({"-two"});
  EXPECT_TRUE(S.Run.empty());
  EXPECT_EQ(S.Without, Strings{"two"});
}

TEST(SelectRules, WordsAreReadFromLeftToRight) {
  EXPECT_EQ(select({"all,-two"}).Run, (Strings{"one", "three"}));
  EXPECT_EQ(select({"-two,two"}).Run, Strings{"two"});
  EXPECT_TRUE(select({"-two,two"}).Without.empty());
}

TEST(SelectRules, MistakesAreErrors) {
  EXPECT_NE(errorOf({"thre"}).find("did you mean 'three'"), std::string::npos);
  EXPECT_NE(errorOf({"-four"}).find("'four' is not a rule"), std::string::npos);
  EXPECT_NE(errorOf({"one,-one"}).find("leaves no rule"), std::string::npos);
  EXPECT_NE(errorOf({"-one,-two"}).find("leaves no rule"), std::string::npos);
}

} // namespace
