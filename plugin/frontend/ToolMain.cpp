//===- ToolMain.cpp - the fencelint program --------------------------------===//
//
// The table of subcommands and nothing else: each row is one file beside this one.
//
//===----------------------------------------------------------------------===//
#include "checks/models/Spelling.h"
#include "plugin/frontend/CommandLine.h"
#include "plugin/frontend/Commands.h"
#include "plugin/frontend/DataFiles.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace fencelint;
using llvm::StringRef;

static const Command Commands[] = {
    {"check", "[-p BUILD] [FILE|DIR...] [options]\n       fencelint check FILE... [options] -- CLANG-ARGUMENT...",
     "Analyse units as one program and report what may not happen where it happens",
     R"(  fencelint check -p build                          every unit of build/compile_commands.json
  fencelint check -p build drivers/gpu/drm/lima     only the units below a directory
  fencelint check driver.c -- -Iinclude -DDEBUG     no database: one command for the named files
  fencelint check -p build --rules sleep-in-atomic,blocking-drop
  fencelint check -p build --sarif out.sarif        findings as text, and SARIF for a code-scanning site
  fencelint check -p build --facts-dir facts        keep what was parsed ...
  fencelint check --facts facts --model my.yaml     ... and ask again, with other models, without parsing

EXIT CODE: 0 nothing found, 1 findings, 2 a part of the work could not be done (findings of the rest are printed)
)",
     checkOptions(), runCheck},
    {"link", "INPUT... [options]", "Analyse what a build with the plugin left in its objects as one program, without parsing",
     R"(  fencelint link build                              every object, archive, module and facts file below a directory
  fencelint link drivers/gpu/drm/lima/lima.ko       one kernel module
  fencelint link core.o libdriver.a -o findings.txt
  fencelint link build --sarif out.sarif --rules=-blocking-drop

Facts are in the section .fencelint of what clang compiled with -fplugin=libfencelint.so. Inputs without it are named and left out.

EXIT CODE: 0 nothing found, 1 findings, 2 an input was broken, or none holds facts (findings of the rest are printed)
)",
     linkOptions(), runLink},
    {"explain", "NAME [-p BUILD] [FILE|DIR...] [options]\n       fencelint explain NAME FILE... [options] -- CLANG-ARGUMENT...",
     "Tell what a function may do, where it may run and where it is called, each with the chain of calls that shows it",
     R"(  fencelint explain drv_put -p build                may it sleep, allocate, block when it drops the last reference?
  fencelint explain drv::queue::push -p build src   a method, or all overloads; only the units below a directory
  fencelint explain drv_ops.release --facts facts   what may be stored in a field, and what a call through it may do
  fencelint explain probe --facts facts --in b/drv.c    of several with that name, the one of that file
  fencelint explain drv_put --facts facts --json    for programs: docs/output.md

EXIT CODE: 0 explained, 2 nothing has that name or a part of the work could not be done (what is known is printed)
)",
     explainOptions(), runExplain},
    {"summarize", "[-p BUILD] [FILE|DIR...] [options]\n       fencelint summarize FILE... [options] -- CLANG-ARGUMENT...",
     "Write what functions do that other programs may call as a model file, for checking those programs",
     R"(  fencelint summarize -p build --version 'libfoo 2.1' -o foo.yaml      whoever calls libfoo ...
  fencelint check driver.c --model foo.yaml -- -Iinclude               ... is checked against what its functions do
  fencelint summarize --facts facts --version 'Linux 6.12' -o core.yaml
  fencelint summarize --facts build/core.a -o core.yaml                what the plugin left in objects

Functions are those that are exported, where the shipped models know how that looks (EXPORT_SYMBOL), otherwise all with external linkage.
EXIT CODE: 0 written, 2 a part of the work could not be done (what is known is written)
)",
     summarizeOptions(), runSummarize},
    {"facts", "FILE... [-p BUILD] [-- CLANG-ARGUMENT...]", "Print what is known about a source file, or what a facts file or an object holds",
     R"(  fencelint facts driver.c -p build                 by its command in build/compile_commands.json
  fencelint facts driver.cpp -- -std=c++20          by this command
  fencelint facts facts/driver.c-0123456789abcdef.facts
  fencelint facts driver.o                          what the plugin left there
  fencelint facts driver.c --output-facts driver.facts -- -Iinclude
)",
     factsOptions(), runFacts},
    {"rules", "[RULE]", "List the rules, or print one rule's page: what, why, how to fix, how to silence",
     R"(  fencelint rules
  fencelint rules sleep-in-atomic
)",
     rulesOptions(), runListRules},
    {"models", "[PATTERN]", "List what is known about functions, slots and contexts, where it is written, and why it is true",
     R"(  fencelint models                                  everything
  fencelint models mutex_lock                       one name
  fencelint models 'dma_fence_*'                    names that match
  fencelint models --no-shipped-models --model my.yaml
)",
     modelsOptions(), runListModels},
    {"models verify", "[-p BUILD] [FILE|DIR...] [options]\n       fencelint models verify FILE... [options] -- CLANG-ARGUMENT...",
     "Hold what is described by hand against the bodies of those functions",
     R"(  fencelint models verify -p linux kernel mm lib     with the sources of the functions that the shipped models describe
  fencelint models verify --facts facts --model my.yaml

A finding is an entry that denies what the body surely does, a remark one that says more than the body shows. Entries that say how else they were
made sure of ('verified-by:') are left out.
EXIT CODE: 0 nothing contradicts, 1 findings, 2 a part of the work could not be done
)",
     verifyOptions(), runVerifyModels},
};

static void printOverview(llvm::raw_ostream &OS) {
  OS << "fencelint " << version() << ": may this run where it runs? Finds sleeping, allocating and blocking drops in atomic context,\n"
     << "across a whole C or C++ program, and shows the chain of calls.\n\nUSAGE: fencelint COMMAND [options]\n\nCOMMANDS:\n";
  for (const Command &C : Commands)
    OS << llvm::format("  %-13s ", C.Name) << C.Summary << '\n';
  OS << "  help          Explain a command: fencelint help check\n\n"
     << "START HERE:\n"
     << "  fencelint check driver.c -- -Iinclude             one file\n"
     << "  fencelint check -p build                          a build with a compile_commands.json (cmake, meson, bear, the kernel)\n";
}

static const Command *findCommand(StringRef Name) {
  const auto *C = llvm::find_if(Commands, [&](const Command &C) { return Name == C.Name; });
  return C == std::end(Commands) ? nullptr : C;
}

/// The name's words; two of them where both together are a command.
static StringRef commandName(StringRef First, llvm::ArrayRef<const char *> &Words) {
  static std::string Both;
  Both = Words.empty() ? First.str() : (First + " " + Words.front()).str();
  if (Words.empty() || !findCommand(Both))
    return First;
  Words = Words.drop_front();
  return Both;
}

static int unknownCommand(StringRef Name) {
  llvm::SmallVector<StringRef, 8> Names;
  for (const Command &C : Commands)
    Names.push_back(C.Name);
  Names.push_back("help");
  return reportError(inputError("unknown command '" + Name + "'" + didYouMean(Name, Names) + "\n'fencelint help' lists the commands"));
}

int main(int argc, char **argv) {
  setProgramPath(argv[0]);
  llvm::ArrayRef<const char *> Words(argv + 1, argv + argc);
  if (Words.empty()) {
    printOverview(llvm::errs());
    return 2;
  }
  StringRef First = Words.front();
  Words = Words.drop_front();
  if (First == "--version" || First == "version") {
    llvm::outs() << "fencelint " << version() << " (clang " << clangVersion() << ")\n";
    return 0;
  }
  if (First == "help" || First == "--help" || First == "-h") {
    if (Words.empty()) {
      printOverview(llvm::outs());
      return 0;
    }
    StringRef Name = Words.front();
    Words = Words.drop_front();
    const Command *C = findCommand(commandName(Name, Words));
    if (!C)
      return unknownCommand(Name);
    printCommandHelp(*C, llvm::outs());
    return 0;
  }
  const Command *C = findCommand(commandName(First, Words));
  if (!C)
    return unknownCommand(First);
  llvm::Expected<Request> R = Request::parse(*C, Words);
  if (!R)
    return reportError(R.takeError());
  if (R->has(OPT_help)) {
    printCommandHelp(*C, llvm::outs());
    return 0;
  }
  return C->Run(*R);
}
