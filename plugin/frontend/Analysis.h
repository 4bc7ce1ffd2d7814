//===- Analysis.h - what check and link have in common ---------------------===//
//
// The commands differ in where their facts come from. Which options there are, how saved facts are read, what is analysed, what is written
// and which exit code comes out is the same, and is here.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_FRONTEND_ANALYSIS_H
#define FENCELINT_FRONTEND_ANALYSIS_H

#include "checks/Pipeline.h"
#include "plugin/frontend/Output.h"
#include "plugin/frontend/SelectRules.h"
#include "plugin/frontend/Timings.h"

namespace fencelint {

class Request;

struct AnalysisOptions {
  OutputOptions Output;
  RuleSelection Rules;
  PipelineOptions Pipeline;
};

/// --min-confidence.
llvm::Expected<Confidence> minConfidence(const Request &R);

llvm::Expected<AnalysisOptions> analysisOptions(const Request &R);

/// The facts in what the user named: facts files, objects, archives, directories. What cannot be read becomes a Problem of Told, what holds
/// no facts a Note.
std::vector<FactsFile> savedFacts(llvm::ArrayRef<std::string> Paths, bool Verbose, Report &Told);

/// Adds what the rules find in Files to Told.
void analyse(std::vector<FactsFile> Files, const ModelTable &Models, const Request &R, AnalysisOptions &Options, Timings &Times,
             Report &Told);

/// Writes the report; the exit code.
int finish(Report Told, const Request &R, const AnalysisOptions &Options, Timings &Times);

} // namespace fencelint
#endif
