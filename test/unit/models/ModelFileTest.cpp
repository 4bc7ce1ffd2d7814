//===- ModelFileTest.cpp - files, and every way to get one wrong -----------===//
#include "checks/models/ModelFile.h"
#include "llvm/ADT/StringExtras.h"
#include "gtest/gtest.h"

using namespace fencelint;

namespace {

ParsedModelFile parse(const std::string &Body) {
  static std::string Text; // the reader's results do not point into it, but keep it for a debugger
  Text = "header: h\nversion: v\n" + Body;
  return parseModelFile(Text, "m.yaml", "shown.yaml");
}
ParsedModelFile good(const std::string &Body) {
  ParsedModelFile Parsed = parse(Body);
  EXPECT_EQ(llvm::join(Parsed.Defects, "\n"), "") << Body;
  return Parsed;
}
std::string defects(const std::string &Body) { return llvm::join(parse(Body).Defects, "\n"); }
std::string wholeFile(const std::string &Text) {
  return llvm::join(parseModelFile(Text, "m.yaml", "m.yaml").Defects, "\n");
}

TEST(ModelFile, Functions) {
  ParsedModelFile P = good("functions:\n"
                           "  - names: [mutex_lock, std::mutex::lock]\n"
                           "    does: [sleeps, takes sleeping arg0]\n"
                           "    why: kernel/locking/mutex.c:283, might_sleep() first\n"
                           "  - name: 'operator delete[]'\n"
                           "    file: linux/foo.h\n"
                           "    does: [nothing]\n"
                           "    replaces: true\n"
                           "    when-no-body: true\n"
                           "    why: >\n"
                           "      folded\n"
                           "      text\n"
                           "  - name: __trace_*\n"
                           "    does:\n"
                           "      - sleeps when arg1 & 0x400\n"
                           "    why: x.c:1\n");
  ASSERT_EQ(P.File.Functions.size(), 4u);
  EXPECT_EQ(P.File.Header, "h");
  EXPECT_EQ(P.File.Version, "v");
  const FunctionModel &Lock = P.File.Functions[1];
  EXPECT_EQ(Lock.Name, "std::mutex::lock");
  EXPECT_EQ(Lock.Does.size(), 2u);
  EXPECT_EQ(Lock.From.File, "shown.yaml");
  EXPECT_EQ(Lock.From.Line, 4u);
  EXPECT_FALSE(Lock.Replaces);
  EXPECT_FALSE(Lock.WhenNoBody);
  const FunctionModel &Delete = P.File.Functions[2];
  EXPECT_EQ(Delete.Name, "operator delete[]");
  EXPECT_EQ(Delete.File, "linux/foo.h");
  EXPECT_TRUE(Delete.Does.empty());
  EXPECT_TRUE(Delete.Replaces);
  EXPECT_TRUE(Delete.WhenNoBody);
  EXPECT_EQ(Delete.Why, "folded text");
  EXPECT_EQ(P.File.Functions[3].Does[0].When[0].Number, 0x400);
}

TEST(ModelFile, ContextsAndSlots) {
  ParsedModelFile P =
      good("contexts:\n"
           "  - name: fence-callback\n"
           "    is: [irqs-off, preempt-off, maybe-interrupt, in-fence-callback, signalling, no-allocation]\n"
           "    because: callbacks run under the lock\n"
           "    why: dma-fence.c:388\n"
           "  - {name: worker, is: [task], because: b, why: w}\n"
           "slots:\n"
           "  - typedef: dma_fence_func_t\n"
           "    runs-in: fence-callback\n"
           "    why: w\n"
           "  - field: ns::ops.release\n"
           "    does: [sleeps]\n"
           "    runs-in: task\n"
           "    why: w\n"
           "  - {parameter: request_irq arg1, runs-in: worker, does: [nothing], why: w}\n"
           "  - {method: 'ns::C::m', does: [derived], why: w}\n");
  ASSERT_EQ(P.File.Contexts.size(), 2u);
  const Context &In = P.File.Contexts[0].In;
  EXPECT_EQ(In[Part::IrqsOff], 1);
  EXPECT_EQ(In[Part::PreemptOff], 1);
  EXPECT_EQ(In[Part::Signalling], 1);
  EXPECT_EQ(In[Part::Rcu], 0);
  EXPECT_EQ(In.Where, MaybeInterrupt | InFenceCallback | NoAllocation);
  EXPECT_TRUE(P.File.Contexts[1].In.isNeutral());
  ASSERT_EQ(P.File.Slots.size(), 4u);
  EXPECT_EQ(P.File.Slots[0].What, SlotModel::Typedef);
  EXPECT_TRUE(P.File.Slots[0].Derived);
  EXPECT_EQ(P.File.Slots[1].What, SlotModel::Field);
  EXPECT_FALSE(P.File.Slots[1].Derived);
  EXPECT_EQ(P.File.Slots[1].Does.size(), 1u);
  EXPECT_EQ(P.File.Slots[2].What, SlotModel::Parameter);
  EXPECT_EQ(P.File.Slots[2].Name, "request_irq");
  EXPECT_EQ(P.File.Slots[2].Index, 1u);
  EXPECT_FALSE(P.File.Slots[2].Derived);
  EXPECT_EQ(P.File.Slots[3].What, SlotModel::Method);
  EXPECT_TRUE(P.File.Slots[3].Derived);
  EXPECT_EQ(P.References.ContextUses.size(), 3u);
}

TEST(ModelFile, Constants) {
  ParsedModelFile P = good("module-definition: MODFILE\nconstants: {A: 0x10, B: -3}\n"
                           "functions:\n  - {names: [f, g], does: [sleeps when arg0 & A | 1], why: w}\n");
  EXPECT_EQ(P.File.ModuleDefinition, "MODFILE");
  ASSERT_EQ(P.References.Constants.size(), 2u);
  EXPECT_EQ(P.References.Constants[1].Value, -3);
  ASSERT_EQ(P.References.ConstantUses.size(), 2u);
  EXPECT_EQ(P.References.ConstantUses[0].In, &P.File.Functions[0].Does[0].When[0]);
  EXPECT_EQ(P.References.ConstantUses[1].In, &P.File.Functions[1].Does[0].When[0]);
  EXPECT_EQ(P.References.ConstantUses[1].At.Line, 6u);
  EXPECT_EQ(P.References.ConstantUses[1].At.Column, 47u);
}

// A list or mapping in brackets begins, for its places, with what stands inside them.
TEST(ModelFileDefect, WholeFiles) {
  EXPECT_EQ(wholeFile(""), "m.yaml:1:1: empty model file; it needs at least 'header' and 'version'");
  EXPECT_EQ(wholeFile("# words\n"), "m.yaml:1:1: empty model file; it needs at least 'header' and 'version'");
  EXPECT_EQ(wholeFile("- a\n"), "m.yaml:1:1: a model file must be a mapping of keys to values");
  EXPECT_EQ(wholeFile("header: h\n"), "m.yaml:1:1: missing 'version:'; say what the file was read from");
  EXPECT_EQ(wholeFile("version: v\n"), "m.yaml:1:1: missing 'header:'; say what the file describes");
  EXPECT_EQ(wholeFile("header: h\nversion:\n"), "m.yaml:2:1: 'version' needs a text, but is empty");
  EXPECT_EQ(wholeFile("header: [h]\nversion: v\n"), "m.yaml:1:10: 'header' needs a text");
  EXPECT_EQ(wholeFile("header: &a h\nversion: *a\n"), "m.yaml:2:1: 'version' needs a text");
  EXPECT_EQ(wholeFile("header: h\nversion: v\nheader: g\n"), "m.yaml:3:1: key 'header' is already given in line 1");
  EXPECT_EQ(wholeFile("header: h\nversion: v\nfuncions: []\n"),
            "m.yaml:3:1: unknown key 'funcions' in a model file; did you mean 'functions'?");
  EXPECT_EQ(wholeFile("header: h\nversion: v\n---\nheader: g\n"),
            "m.yaml:4:1: a model file is one document; put this into a file of its own");
}

TEST(ModelFileDefect, BrokenYaml) {
  for (const char *Text : {"header: \"h\nversion: v\n", "header: [h\n", "a: b: c\n", "{", "[", "&", "*", "header: @h",
                           "header: h\nversion: v\nfunctions:\n - names: [a\n   does: [nothing]\n"})
    EXPECT_NE(wholeFile(Text).find("not valid YAML"), std::string::npos) << Text << "\n" << wholeFile(Text);
}

TEST(ModelFileDefect, HostileTextIsAnError) {
  for (std::string Text : {std::string("\xff\xfe"), std::string("\0\0\0", 3), std::string("%"), std::string("!!"),
                           std::string("? [a]\n: b"), std::string("header: h\0x\nversion: v\n", 22),
                           std::string(2000, '-'), std::string("\t\t- a")})
    EXPECT_NE(wholeFile(Text), "");
}

TEST(ModelFileDefect, Functions) {
  EXPECT_EQ(defects("functions: {a: b}\n"), "m.yaml:3:13: 'functions' must be a list");
  EXPECT_EQ(defects("functions:\n  - f\n"), "m.yaml:4:5: a function must be a mapping of keys to values");
  EXPECT_EQ(defects("functions:\n  - {name: f, does: [nothing]}\n"),
            "m.yaml:4:6: 'f' has no 'why:'; say where it can be read");
  EXPECT_EQ(defects("functions:\n  - {name: f, why: w}\n"),
            "m.yaml:4:6: 'f' has no 'does:'; say 'nothing' for a function that is harmless");
  EXPECT_EQ(defects("functions:\n  - {does: [nothing], why: w}\n"), "m.yaml:4:6: a function needs 'names:' or 'name:'");
  EXPECT_EQ(defects("functions:\n  - {name: f, names: [g], does: [nothing], why: w}\n"),
            "m.yaml:4:15: give either 'name' or 'names'");
  EXPECT_EQ(defects("functions:\n  - {names: [], does: [nothing], why: w}\n"), "m.yaml:4:14: no name in 'names'");
  EXPECT_EQ(defects("functions:\n  - {names: f, does: [nothing], why: w}\n"), "m.yaml:4:13: 'names' must be a list");
  EXPECT_EQ(defects("functions:\n  - {name: f, does: sleeps, why: w}\n"), "m.yaml:4:21: 'does' must be a list");
  EXPECT_EQ(defects("functions:\n  - {name: f, does: [], why: w}\n"),
            "m.yaml:4:22: 'does' is empty; say 'nothing' for a function that is harmless");
  EXPECT_EQ(defects("functions:\n  - name: f\n    does:\n    why: w\n"), "m.yaml:5:5: 'does' must be a list");
  EXPECT_EQ(defects("functions:\n  - {name: f, does: [nothing, sleeps], why: w}\n"),
            "m.yaml:4:22: 'nothing' must stand alone");
  EXPECT_EQ(defects("functions:\n  - {name: f, does: [derived], why: w}\n"),
            "m.yaml:4:22: 'derived' is for slots; leave the function out and its body is looked at");
  EXPECT_EQ(defects("functions:\n  - {name: f, does: [nothing], why: w, replaces: yes}\n"),
            "m.yaml:4:50: 'replaces' must be true or false, not 'yes'");
  EXPECT_EQ(defects("functions:\n  - {name: f*g, does: [nothing], why: w}\n"),
            "m.yaml:4:13: '*' may only end a name that says more, in 'f*g'");
  EXPECT_EQ(defects("functions:\n  - {name: 'f<int>', does: [nothing], why: w}\n"),
            "m.yaml:4:14: a name is qualified, without template arguments and parameters, in 'f<int>'");
  EXPECT_EQ(defects("functions:\n  - {nme: f, does: [nothing], why: w}\n"),
            "m.yaml:4:6: unknown key 'nme' in a function; did you mean 'name'?\n"
            "m.yaml:4:6: a function needs 'names:' or 'name:'");
}

TEST(ModelFileDefect, SentencesHaveColumns) {
  EXPECT_EQ(defects("functions:\n  - name: f\n    does: [slepes, takes spining arg0]\n    why: w\n"),
            "m.yaml:5:12: unknown sentence 'slepes'; did you mean 'sleeps'?\n"
            "m.yaml:5:26: unknown word 'spining' after 'takes'; did you mean 'spinning'?");
  EXPECT_EQ(defects("functions:\n  - name: f\n    does: ['takes spining arg0']\n    why: w\n"),
            "m.yaml:5:19: unknown word 'spining' after 'takes'; did you mean 'spinning'?");
}

TEST(ModelFileDefect, Contexts) {
  EXPECT_EQ(defects("contexts:\n  - {name: c, is: [irqs-of], because: b, why: w}\n"),
            "m.yaml:4:20: unknown part 'irqs-of' of a context; did you mean 'irqs-off'?");
  EXPECT_EQ(defects("contexts:\n  - {name: c, is: [task, hardirq], because: b, why: w}\n"),
            "m.yaml:4:20: 'task' and an interrupt exclude each other; 'maybe-interrupt' says that it may be either");
  EXPECT_EQ(defects("contexts:\n  - {name: task, is: [task], because: b, why: w}\n"),
            "m.yaml:4:12: the context 'task' is built in; choose another name");
  EXPECT_EQ(defects("contexts:\n  - {}\n"),
            "m.yaml:4:6: a context needs 'name:'\n"
            "m.yaml:4:6: a context has no 'is:'; list its parts, or 'task'\n"
            "m.yaml:4:6: a context has no 'because:'; it is the sentence that a finding shows\n"
            "m.yaml:4:6: a context has no 'why:'; say where it can be read");
}

TEST(ModelFileDefect, Slots) {
  EXPECT_EQ(defects("slots:\n  - {runs-in: task, why: w}\n"),
            "m.yaml:4:6: a slot needs one of 'field:', 'typedef:', 'parameter:' and 'method:'");
  EXPECT_EQ(defects("slots:\n  - {field: a, runs-in: task, why: w}\n"),
            "m.yaml:4:13: a field is RECORD.FIELD, not 'a'");
  EXPECT_EQ(defects("slots:\n  - {parameter: f, runs-in: task, why: w}\n"),
            "m.yaml:4:17: a parameter is FUNCTION argN, not 'f'");
  EXPECT_EQ(defects("slots:\n  - {field: a.b, typedef: t, why: w}\n"),
            "m.yaml:4:18: a slot is one place; 'typedef' needs an entry of its own");
  EXPECT_EQ(defects("slots:\n  - {field: a.b, runs-in: task}\n"),
            "m.yaml:4:6: slot 'a.b' has no 'why:'; say where it can be read");
  EXPECT_EQ(defects("slots:\n  - {field: a.b, does: [derived, sleeps], why: w}\n"),
            "m.yaml:4:25: 'derived' must stand alone");
}

TEST(ModelFileDefect, Constants) {
  EXPECT_EQ(defects("constants: [A]\n"), "m.yaml:3:13: 'constants' must be a mapping of keys to values");
  EXPECT_EQ(defects("constants: {A: ten}\n"), "m.yaml:3:16: constant 'A' must be a number, not 'ten'");
  EXPECT_EQ(defects("constants: {A: 1, A: 1}\n"), "m.yaml:3:19: key 'A' is already given in line 3");
}

TEST(ModelFileDefect, UnreadableFile) {
  ParsedModelFile P = readModelFile("/nonexistent/m.yaml", "m.yaml");
  ASSERT_EQ(P.Defects.size(), 1u);
  EXPECT_EQ(P.Defects[0], "/nonexistent/m.yaml: cannot read model file: No such file or directory");
}

} // namespace
