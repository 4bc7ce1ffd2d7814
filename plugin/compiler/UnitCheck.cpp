//===- UnitCheck.cpp - the findings of one unit, beside its compiler -------===//
#include "plugin/compiler/UnitCheck.h"
#include "checks/models/Spelling.h"
#include "llvm/ADT/STLExtras.h"

namespace fencelint {

Report checkLoaded(std::vector<FactsFile> Files, const ModelTable &Models, const RuleSelection &Rules, Confidence AtLeast,
                   bool WholeProgram) {
  PipelineOptions Options;
  Options.Rules = Rules.Run;
  Options.AtLeast = AtLeast;
  Options.TellUnused = WholeProgram;
  Report R = checkUnits(std::move(Files), Models, Options);
  for (std::vector<Finding> *Each : {&R.Findings, &R.Remarks})
    llvm::erase_if(*Each, [&](const Finding &F) { return llvm::is_contained(Rules.Without, F.Rule); });
  sortFindings(R);
  return R;
}

llvm::Expected<Confidence> parseConfidence(llvm::StringRef Word) {
  llvm::SmallVector<llvm::StringRef, 3> Known;
  for (Confidence C : {Confidence::Low, Confidence::Medium, Confidence::High}) {
    if (Word == confidenceName(C))
      return C;
    Known.push_back(confidenceName(C));
  }
  return llvm::createStringError("'" + Word + "' is no confidence: expected low, medium, high" + didYouMean(Word, Known));
}

} // namespace fencelint
