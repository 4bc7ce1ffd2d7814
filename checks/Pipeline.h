//===- Pipeline.h - facts in, findings out ---------------------------------===//
#ifndef FENCELINT_PIPELINE_H
#define FENCELINT_PIPELINE_H

#include "checks/explain/Explain.h"
#include "checks/facts/FactsFile.h"
#include "checks/models/ModelTable.h"
#include "checks/report/Finding.h"
#include "checks/summarize/Contradictions.h"
#include "checks/summarize/Summarize.h"
#include "llvm/ADT/ArrayRef.h"
#include <functional>
#include <string>
#include <vector>

namespace fencelint {

struct PipelineOptions {
  /// Rule ids to run; empty: those that are on by default. An id given here also switches its opt-in parts on.
  std::vector<std::string> Rules;
  /// What the kernel's functions and contexts are with PREEMPT_RT: the program is judged a second time, for what that alone forbids.
  const ModelTable *Rt = nullptr;
  /// Findings below this are dropped; those of the next level below are counted.
  Confidence AtLeast = Confidence::Medium;
  /// Look for NOLINT comments in the sources. Off where somebody else does: clang-tidy.
  bool ReadMarks = true;
  /// Remark upon suppressions that suppress nothing. Off where a run sees too little of the program to know.
  bool TellUnused = true;
  /// A mark that does not say why is a problem.
  bool RequireReasons = false;
  /// Say how large the summaries are: Report::Summaries. Those of Rt are not counted.
  bool Statistics = false;
  /// Called when a phase ends, with its name and seconds; may be empty.
  std::function<void(llvm::StringRef Phase, double Seconds)> OnPhase;
};

/// All rules' rows, in Rules.def order.
llvm::ArrayRef<RuleInfo> allRules();

/// Links units into one program (one for each kind of machine they are for), solves it, runs the rules. The order of Files does not
/// matter, and a unit that is there twice counts once: Report.Units counts the others.
Report checkUnits(std::vector<FactsFile> Files, const ModelTable &Models, const PipelineOptions &Options);

/// The same programs, asked about one name instead of checked by rules. Of Options only OnPhase is looked at, and whether Models are Rt.
Explanations explainUnits(std::vector<FactsFile> Files, const ModelTable &Models, const Question &Asked, const PipelineOptions &Options);

/// What the functions of a program do that others may call. Root: paths are relative to it. Units for several kinds of machine are a problem: they are
/// several programs. Of Options only OnPhase is looked at.
struct Summarized {
  DerivedModel Model;
  std::vector<Problem> Problems;
  unsigned Units = 0;
};
Summarized summarizeUnits(std::vector<FactsFile> Files, const ModelTable &Models, llvm::StringRef Root, const PipelineOptions &Options);

/// Holds descriptions against the bodies they stand for: contradictions are Findings, what says more than a body shows Remarks.
struct Verified {
  Report Told;
  unsigned Entries = 0; ///< functions with a description and a body
};
Verified verifyModels(std::vector<FactsFile> Files, const ModelTable &Models, const PipelineOptions &Options);

} // namespace fencelint
#endif
