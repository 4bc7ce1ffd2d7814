//===- ModelTableTest.cpp - look-ups, and what only all files can decide ---===//
#include "checks/models/ModelTable.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"

using namespace fencelint;

namespace {

class ModelTableTest : public testing::Test {
protected:
  ModelTable Table;

  void SetUp() override { ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("model-table", Directory)); }
  void TearDown() override { llvm::sys::fs::remove_directories(Directory); }

  std::string path(const std::string &Name) { return Directory.str().str() + "/" + Name; }
  void write(const std::string &Name, const std::string &Body) {
    llvm::SmallString<128> Parent(llvm::sys::path::parent_path(path(Name)));
    ASSERT_FALSE(llvm::sys::fs::create_directories(Parent));
    std::error_code Code;
    llvm::raw_fd_ostream OS(path(Name), Code);
    ASSERT_FALSE(Code);
    OS << "header: h\nversion: v\n" << Body;
  }
  /// The error's text with the directory's name taken out; "" when there is none.
  std::string text(llvm::Error E) {
    std::string Text = llvm::toString(std::move(E));
    std::string Prefix = Directory.str().str() + "/";
    for (size_t At; (At = Text.find(Prefix)) != std::string::npos;)
      Text.erase(At, Prefix.size());
    return Text;
  }
  std::string load() {
    std::string Text = text(Table.add(Directory));
    std::string Finished = text(Table.finish());
    return Text + (Text.empty() || Finished.empty() ? "" : "\n") + Finished;
  }
  static std::string function(const std::string &Names, const std::string &Does, const std::string &More = "") {
    return "  - {names: [" + Names + "], does: [" + Does + "], why: w" + More + "}\n";
  }

private:
  llvm::SmallString<128> Directory;
};

TEST_F(ModelTableTest, ReadsDirectoriesInOrder) {
  write("b/z.yaml", "functions:\n" + function("f", "nothing"));
  write("a.yaml", "functions:\n" + function("g", "nothing"));
  write("ignored.txt", "not a model");
  EXPECT_EQ(load(), "");
  ASSERT_EQ(Table.files().size(), 2u);
  EXPECT_EQ(Table.files()[0].Path, path("a.yaml"));
  EXPECT_EQ(Table.function("f", "")->From.File, "b/z.yaml");
  EXPECT_EQ(Table.function("f", "")->From.Line, 4u);
}

TEST_F(ModelTableTest, ExactThenLongestPrefix) {
  write("a.yaml", "functions:\n" + function("trace_*", "nothing") + function("trace_long_*", "sleeps") +
                      function("trace_long_one", "allocates"));
  EXPECT_EQ(load(), "");
  EXPECT_EQ(Table.function("trace_x", "")->Name, "trace_*");
  EXPECT_EQ(Table.function("trace_long_x", "")->Name, "trace_long_*");
  EXPECT_EQ(Table.function("trace_long_one", "")->Name, "trace_long_one");
  EXPECT_EQ(Table.function("trace_", "")->Name, "trace_*");
  EXPECT_EQ(Table.function("trac", ""), nullptr);
  EXPECT_EQ(Table.function("", ""), nullptr);
}

TEST_F(ModelTableTest, GivenIsBesideTheOthers) {
  write("a.yaml", "functions:\n" + function("f", "nothing") + function("f", "sleeps on rt", ", given: make"));
  EXPECT_EQ(load(), "");
  EXPECT_TRUE(Table.function("f", "")->Does.empty());
  ASSERT_TRUE(Table.given("f"));
  EXPECT_EQ(Table.given("f")->Given, "make");
  EXPECT_EQ(Table.given("f")->Does.front().Kind, EffectKind::SleepOnRt);
  EXPECT_FALSE(Table.given("make"));
}

TEST_F(ModelTableTest, FilesNarrow) {
  write("a.yaml", "functions:\n" + function("f", "nothing") + function("f", "sleeps", ", file: linux/foo.h") +
                      function("f", "allocates", ", file: foo.h") + function("only", "sleeps", ", file: foo.h"));
  EXPECT_EQ(load(), "");
  EXPECT_EQ(Table.function("f", "/src/bar.h")->File, "");
  EXPECT_EQ(Table.function("f", "/src/include/linux/foo.h")->File, "linux/foo.h");
  EXPECT_EQ(Table.function("f", "/src/foo.h")->File, "foo.h");
  EXPECT_EQ(Table.function("f", "foo.h")->File, "foo.h");
  EXPECT_EQ(Table.function("f", "/src/myfoo.h")->File, "");
  EXPECT_EQ(Table.function("only", "/src/bar.h"), nullptr);
}

TEST_F(ModelTableTest, ConstantsCrossFiles) {
  write("a.yaml", "functions:\n" + function("f, g", "reclaims when arg1 & A | B | 0x100"));
  write("b.yaml", "constants: {A: 1, B: 0x10}\nfunctions:\n" + function("h", "sleeps when result == NEG"));
  write("c.yaml", "constants: {NEG: -5, A: 1}\n");
  EXPECT_EQ(load(), "");
  EXPECT_EQ(Table.function("f", "")->Does[0].When[0].Number, 0x111);
  EXPECT_EQ(Table.function("g", "")->Does[0].When[0].Number, 0x111);
  EXPECT_EQ(Table.function("h", "")->Does[0].When[0].Number, -5);
  // What reclaims also allocates, under the same condition.
  ASSERT_EQ(Table.function("f", "")->Does.size(), 2u);
  EXPECT_EQ(Table.function("f", "")->Does[1].Kind, EffectKind::Allocate);
  EXPECT_EQ(Table.function("f", "")->Does[1].When[0].Number, 0x111);
  EXPECT_EQ(Table.constant("A"), 1);
  EXPECT_FALSE(Table.constant("C"));
}

TEST_F(ModelTableTest, UnknownConstantsAreSaidOnce) {
  write("a.yaml", "constants: {GFP_RECLAIM: 1}\nfunctions:\n" + function("f, g, h", "sleeps when arg1 & GFP_RECLIAM"));
  EXPECT_EQ(load(), "a.yaml:5:50: unknown constant 'GFP_RECLIAM'; did you mean 'GFP_RECLAIM'?");
}

TEST_F(ModelTableTest, ConstantsMustAgree) {
  write("a.yaml", "constants: {A: 1}\n");
  write("b.yaml", "constants: {A: 2}\n");
  EXPECT_EQ(load(), "b.yaml:3:13: constant 'A' has another value in a.yaml:3");
}

TEST_F(ModelTableTest, DuplicatesNameBothPlaces) {
  write("a.yaml", "functions:\n" + function("f", "nothing") + function("p*", "nothing"));
  write("b.yaml", "functions:\n" + function("p*", "sleeps") + function("f", "sleeps"));
  EXPECT_EQ(load(), "b.yaml:4: 'p*' is already described in a.yaml:5; say 'replaces: true' if this entry is to win\n"
                    "b.yaml:5: 'f' is already described in a.yaml:4; say 'replaces: true' if this entry is to win");
  EXPECT_TRUE(Table.function("f", "")->Does.empty()) << "the earlier entry stays";
}

TEST_F(ModelTableTest, PrefixAndExactDoNotClash) {
  write("a.yaml", "functions:\n" + function("f*", "nothing") + function("f", "nothing") + function("fg", "nothing"));
  EXPECT_EQ(load(), "");
}

TEST_F(ModelTableTest, LaterReplaces) {
  write("a.yaml", "functions:\n" + function("f", "nothing") +
                      "contexts:\n  - {name: c, is: [rcu], because: b, why: w}\n"
                      "slots:\n  - {field: a.b, runs-in: c, why: w}\n");
  write("b.yaml", "functions:\n" + function("f", "sleeps", ", replaces: true") +
                      "contexts:\n  - {name: c, is: [irqs-off], because: b, why: w, replaces: true}\n"
                      "slots:\n  - {field: a.b, runs-in: task, why: w, replaces: true}\n");
  EXPECT_EQ(load(), "");
  EXPECT_EQ(Table.function("f", "")->Does.size(), 1u);
  EXPECT_EQ(Table.context("c")->In[Part::IrqsOff], 1);
  EXPECT_EQ(Table.field("a.b")->RunsIn, "task");
}

TEST_F(ModelTableTest, DuplicateContextsAndSlots) {
  write("a.yaml",
        "contexts:\n  - {name: c, is: [rcu], because: b, why: w}\n  - {name: c, is: [rcu], because: b, why: w}\n"
        "slots:\n  - {parameter: f arg1, runs-in: c, why: w}\n  - {parameter: f arg1, runs-in: c, why: w}\n"
        "  - {parameter: f arg2, runs-in: c, why: w}\n  - {typedef: f, runs-in: c, why: w}\n");
  EXPECT_EQ(load(),
            "a.yaml:5: context 'c' is already described in a.yaml:4; say 'replaces: true' if this entry is to win\n"
            "a.yaml:8: slot 'f arg1' is already described in a.yaml:7; say 'replaces: true' if this entry is to win");
}

TEST_F(ModelTableTest, SlotsByPlace) {
  write("a.yaml", "contexts:\n  - {name: c, is: [rcu], because: b, why: w}\n"
                  "slots:\n  - {field: r.f, runs-in: c, why: w}\n  - {typedef: t, runs-in: c, why: w}\n"
                  "  - {parameter: f arg1, runs-in: task, why: w}\n  - {method: 'n::C::m', does: [sleeps], why: w}\n");
  EXPECT_EQ(load(), "");
  EXPECT_NE(Table.field("r.f"), nullptr);
  EXPECT_EQ(Table.field("t"), nullptr);
  EXPECT_NE(Table.typedefSlot("t"), nullptr);
  EXPECT_NE(Table.parameter("f", 1), nullptr);
  EXPECT_EQ(Table.parameter("f", 2), nullptr);
  EXPECT_NE(Table.method("n::C::m"), nullptr);
  EXPECT_EQ(Table.context("c")->In[Part::Rcu], 1);
  EXPECT_EQ(Table.context("nowhere"), nullptr);
  ASSERT_NE(Table.context("task"), nullptr);
  EXPECT_TRUE(Table.context("task")->In.isNeutral());
}

TEST_F(ModelTableTest, UnknownContexts) {
  write("a.yaml", "contexts:\n  - {name: fence-callback, is: [rcu], because: b, why: w}\n"
                  "slots:\n  - {field: r.f, runs-in: fence-calback, why: w}\n");
  EXPECT_EQ(load(), "a.yaml:6:27: unknown context 'fence-calback'; did you mean 'fence-callback'?");
}

TEST_F(ModelTableTest, EveryDefectOfEveryFile) {
  write("a.yaml", "functions:\n" + function("f", "slepes") + function("g", "weits for fence"));
  write("b.yaml", "functions:\n" + function("h", "allcates"));
  EXPECT_EQ(load(), "a.yaml:4:25: unknown sentence 'slepes'; did you mean 'sleeps'?\n"
                    "a.yaml:5:25: unknown sentence 'weits for fence'; did you mean 'waits'?\n"
                    "b.yaml:4:25: unknown sentence 'allcates'; did you mean 'allocates'?");
}

TEST_F(ModelTableTest, ModuleDefinition) {
  write("a.yaml", "module-definition: M\n");
  write("b.yaml", "module-definition: M\n");
  EXPECT_EQ(load(), "");
  EXPECT_EQ(Table.moduleDefinition(), "M");
  write("c.yaml", "module-definition: N\n");
  EXPECT_EQ(text(Table.add(path("c.yaml"))), "");
  EXPECT_EQ(text(Table.finish()), "c.yaml: module-definition 'N', but a.yaml says 'M'");
}

TEST_F(ModelTableTest, MissingAndEmptyPlaces) {
  EXPECT_EQ(text(Table.add(path("no.yaml"))), "no.yaml: cannot read model file: No such file or directory");
  EXPECT_NE(text(Table.add(path("."))).find("no model file (*.yaml) in this directory"), std::string::npos);
}

TEST_F(ModelTableTest, SurvivesAMove) {
  write("a.yaml", "constants: {A: 4}\nfunctions:\n" + function("f", "sleeps when arg0 & A"));
  EXPECT_EQ(text(Table.add(path("a.yaml"))), "");
  ModelTable Moved = std::move(Table);
  EXPECT_EQ(text(Moved.finish()), "");
  ModelTable Again = std::move(Moved);
  EXPECT_EQ(Again.function("f", "")->Does[0].When[0].Number, 4);
}

} // namespace
