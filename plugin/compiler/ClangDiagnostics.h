//===- ClangDiagnostics.h - a finding becomes a warning and its notes ------===//
//
// Findings say where by path, line and column, since they outlive the syntax tree and may come from facts of other units. Here each
// place is looked up in the files the compiler has read; a file it has not read is opened, so that its line can be shown too.
// Who prints (clang's own diagnostics, or clang-tidy's) is not known here.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_COMPILER_CLANGDIAGNOSTICS_H
#define FENCELINT_COMPILER_CLANGDIAGNOSTICS_H

#include "checks/report/Finding.h"
#include "clang/Basic/FileEntry.h"
#include "clang/Basic/SourceLocation.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"

namespace fencelint {

class FindingLocations {
public:
  explicit FindingLocations(clang::SourceManager &Sources);

  /// Invalid when the file is unknown and cannot be opened.
  clang::SourceLocation locate(const SourcePosition &At);
  /// Is this the unit's main file, or one that it includes?
  bool isOfThisUnit(llvm::StringRef File) const { return File == MainName || Read.contains(File); }
  /// Where to say what has no place of its own.
  clang::SourceLocation startOfUnit() const;

private:
  clang::FileID fileOf(const std::string &Path);

  clang::SourceManager &Sources;
  std::string MainName;                       ///< standard input has a name and no file
  llvm::StringMap<clang::FileEntryRef> Read;  ///< by the path that facts use
  llvm::StringMap<clang::FileID> Found;       ///< what was asked for; an invalid id for what cannot be opened
};

/// Who prints. Text is not a format string.
using PrintDiagnostic = llvm::function_ref<void(clang::SourceLocation At, const std::string &Text)>;

/// Warning once, then Note for each of the finding's notes. A place that cannot be located is said in words, at the nearest that can.
void printFinding(const Finding &F, FindingLocations &Where, PrintDiagnostic Warning, PrintDiagnostic Note);
/// What could not be done, at the place that it names.
void printProblem(const Problem &P, FindingLocations &Where, PrintDiagnostic Warning, PrintDiagnostic Note);

} // namespace fencelint
#endif
