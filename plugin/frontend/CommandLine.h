//===- CommandLine.h - words become options, or an error that helps --------===//
//
// The table of options is Options.td; llvm::opt parses it, so that no library's own command-line options can show up and
// an unknown word gets the nearest known one. Everything after the first `--` belongs to clang.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_FRONTEND_COMMANDLINE_H
#define FENCELINT_FRONTEND_COMMANDLINE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>
#include <vector>

namespace fencelint {

/// OPT_build, OPT_rules, ... as Options.td names them.
enum OptionId : unsigned {
  OPT_INVALID = 0,
#define OPTION(...) LLVM_MAKE_OPT_ID(__VA_ARGS__),
#include "plugin/frontend/Options.inc"
#undef OPTION
};

class Request;

/// A row of the table in ToolMain.cpp.
struct Command {
  const char *Name;
  const char *Usage;     ///< after `fencelint NAME `
  const char *Summary;   ///< one sentence
  const char *Examples;  ///< shown under the options
  unsigned Visibility;   ///< its bit in Options.td
  int (*Run)(const Request &);
};

/// Visibility bits of Options.td.
unsigned checkOptions();
unsigned linkOptions();
unsigned explainOptions();
unsigned summarizeOptions();
unsigned verifyOptions();
unsigned factsOptions();
unsigned rulesOptions();
unsigned modelsOptions();

/// One parsed command line.
class Request {
public:
  static llvm::Expected<Request> parse(const Command &C, llvm::ArrayRef<const char *> Words);

  bool has(OptionId Id) const { return Args.hasArg(Id); }
  /// The last one given, or Default.
  llvm::StringRef value(OptionId Id, llvm::StringRef Default = "") const { return Args.getLastArgValue(Id, Default); }
  std::vector<std::string> values(OptionId Id) const { return Args.getAllArgValues(Id); }
  /// The last one given as a number of at least Least; an error that names the option otherwise.
  llvm::Expected<unsigned> number(OptionId Id, unsigned Default, unsigned Least) const;
  /// Error unless the last one given is one of Choices; the index of it, Default when absent.
  llvm::Expected<unsigned> choice(OptionId Id, llvm::ArrayRef<llvm::StringRef> Choices, unsigned Default) const;

  /// Words that are no options.
  std::vector<std::string> Operands;
  /// What follows `--`; empty optional when there was none.
  std::optional<std::vector<std::string>> ClangArguments;

private:
  llvm::opt::InputArgList Args;
};

void printCommandHelp(const Command &C, llvm::raw_ostream &OS);

llvm::Error inputError(const llvm::Twine &Message);
/// `fencelint: error: ...` on standard error, a line per joined error; returns the exit code for it.
int reportError(llvm::Error E);

} // namespace fencelint
#endif
