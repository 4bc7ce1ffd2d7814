//===- CompileCommands.h - which commands compile which files --------------===//
//
// A compilation database is read once, by the parent, with LLVM's JSON parser: clang's own reader takes a YAML parser to the
// same file and answers by file name, where a whole-program run wants all entries, also several for one file. An entry that
// is no good is a Problem that names its number; the others go on.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_FRONTEND_COMPILECOMMANDS_H
#define FENCELINT_FRONTEND_COMPILECOMMANDS_H

#include "checks/report/Finding.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace fencelint {

struct CompileCommand {
  std::string Directory;  ///< absolute
  std::string File;       ///< absolute, without dots
  std::string Output;     ///< as the command says; tells several commands for one file apart
  std::vector<std::string> Arguments; ///< the first is the compiler
  /// 16 hex digits over all of the above: the same command has the same key in every run.
  std::string key() const;
};

struct CompileDatabase {
  std::string Path;                    ///< of the JSON file
  std::vector<CompileCommand> Commands;///< C and C++ only, in file order, each once
  std::vector<Problem> Problems;
};

/// Path is a build directory or a JSON file.
llvm::Expected<CompileDatabase> loadDatabase(llvm::StringRef Path);

/// The compile_commands.json in the nearest directory above File (a directory itself counts), also in a `build` beside it.
llvm::Expected<std::string> findDatabase(llvm::StringRef File);

/// `clang CLANG-ARGUMENTS FILE` in the current directory, for each file.
std::vector<CompileCommand> commandsFor(const std::vector<std::string> &Files, const std::vector<std::string> &ClangArguments);

/// The input files among clang arguments, which are taken out: a build system that calls a checker gives it the compiler's whole command line.
std::vector<std::string> takeInputs(std::vector<std::string> &ClangArguments);

/// Absolute below Directory (or the current one), without `.` and `..`.
std::string normalPath(llvm::StringRef Path, llvm::StringRef Directory = "");

} // namespace fencelint
#endif
