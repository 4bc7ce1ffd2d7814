//===- Writers.h - a report becomes bytes ----------------------------------===//
//
// Three writers over one Report, none of which knows a rule. Each is deterministic: the same report gives the same bytes,
// with no time, host name or thread order in them, so that two runs can be compared with cmp. Call sortFindings() or
// assignFingerprints() first. docs/output.md describes the formats for people who read them with a program.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_REPORT_WRITERS_H
#define FENCELINT_REPORT_WRITERS_H

#include "checks/report/Explanation.h"
#include "checks/report/Finding.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/raw_ostream.h"
#include <string>

namespace fencelint {

struct TextOptions {
  bool Color = false;
  std::string Root = {};    ///< paths below are shown relative to it
  bool ShowSource = false;  ///< the source line and a caret under each finding, when the file can be read
  bool ClosingLine = false; ///< `2 findings in 14 units (1 could not be analysed)`
  bool Problems = true;     ///< off when the caller has already told them
  bool Remarks = true;
  bool ShowSuppressed = false;
};

/// In the compiler's own format, which editors and log viewers understand: `file:line:column: warning: message [rule]`,
/// one `note:` per step, `file: error: ...` per problem.
void writeText(const Report &R, const TextOptions &Options, llvm::raw_ostream &OS);

struct DocumentOptions {
  std::string Root;        ///< absolute; files below are named relative to it
  std::string ToolVersion; ///< `0.1.0`
  std::string HelpBase;    ///< absolute URI of docs/rules/ with its slash; empty: the pages are named by path only
};

/// Everything in the report, by the schema of docs/output.md.
void writeJson(const Report &R, llvm::ArrayRef<RuleInfo> Rules, const DocumentOptions &Options, llvm::raw_ostream &OS);

/// SARIF 2.1.0: one run, each chain a code flow.
void writeSarif(const Report &R, llvm::ArrayRef<RuleInfo> Rules, const DocumentOptions &Options, llvm::raw_ostream &OS);

/// A table for a person who looks at the run, not at the code.
void writeText(const SummaryStatistics &S, const TextOptions &Options, llvm::raw_ostream &OS);

/// Answers of `fencelint explain`: for a screen, and all of it for programs.
void writeText(const Explanations &X, const TextOptions &Options, llvm::raw_ostream &OS);
void writeJson(const Explanations &X, const DocumentOptions &Options, llvm::raw_ostream &OS);

} // namespace fencelint
#endif
