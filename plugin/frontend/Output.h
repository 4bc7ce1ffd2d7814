//===- Output.h - where a report goes --------------------------------------===//
//
// Findings go to standard output or --output, problems to standard error, so that a pipe gets findings only. A report that
// cannot be written is itself a failure of the run: a full disk must not look like a clean program.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_FRONTEND_OUTPUT_H
#define FENCELINT_FRONTEND_OUTPUT_H

#include "checks/report/Finding.h"
#include "checks/report/Writers.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"

namespace fencelint {

class Request;

struct OutputOptions {
  enum Format : unsigned { Text, Json, Sarif } How = Text;
  enum Colors : unsigned { Auto, Always, Never } Color = Auto;
  std::string File;      ///< empty: standard output
  std::string JsonFile, SarifFile; ///< additionally, when not empty
  unsigned MostErrors = 20;
  bool Quiet = false;
  bool ShowSuppressed = false;
};

llvm::Expected<OutputOptions> outputOptions(const Request &R);

/// An error for each place that could not be written; everything else is.
llvm::Error writeReport(const Report &R, const OutputOptions &Options);

/// How text on standard output looks here: relative paths, and colours when they are wanted.
TextOptions textOptions(const OutputOptions &Options);
/// Write's bytes go to File, or to standard output when it is empty. A file that could not be written whole is removed.
llvm::Error writeOutput(llvm::StringRef File, llvm::function_ref<void(llvm::raw_ostream &)> Write);

/// `file: error: ...` lines on standard error, at most Most of them (0: all).
void printProblems(llvm::ArrayRef<Problem> Problems, unsigned Most, OutputOptions::Colors Color = OutputOptions::Auto);

} // namespace fencelint
#endif
