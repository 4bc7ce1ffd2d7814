//===- TidyUnit.cpp - one analysis for all checks of a clang-tidy run ------===//
#include "plugin/compiler/TidyUnit.h"
#include "checks/facts/FactsInput.h"
#include "plugin/extract/Extractor.h"
#include "plugin/frontend/DataFiles.h"
#include "clang/AST/ASTContext.h"
#include "clang/Lex/Preprocessor.h"
#include "llvm/ADT/STLExtras.h"

namespace fencelint {

void TidyUnit::begin(const clang::Preprocessor &Parsing) {
  Source = &Parsing;
  Found.clear();
  Where.reset();
}

FindingLocations &TidyUnit::locations(clang::ASTContext &Context) {
  if (!Where)
    Where = std::make_unique<FindingLocations>(Context.getSourceManager());
  return *Where;
}

llvm::Expected<FactsFile> TidyUnit::factsOf(clang::ASTContext &Context) {
  facts::UnitT Unit;
  extractUnit(Context, Source->getPreprocessorOpts(), Unit);
  return FactsFile::read(packUnit(Unit));
}

const TidyUnit::Knowledge &TidyUnit::knowledgeFor(const TidyRequest &Asked, Report &Told) {
  auto [It, New] = Known.try_emplace(Asked);
  Knowledge &K = It->second;
  if (!New)
    return K;
  K.Models = loadModels(/*WithShipped=*/true, Asked.Models, Told.Problems);
  FactsInput Input = readFacts(Asked.Facts);
  dropOtherTools(Input, std::string("fencelint ") + version());
  for (const FactsDefect &D : Input.Defects)
    Told.Problems.push_back({D.File, D.Message});
  if (Input.Files.empty() && Input.Defects.empty() && !Asked.Facts.empty())
    Told.Problems.push_back({"", "no facts in " + llvm::join(Asked.Facts, ", ")});
  K.Rest = std::move(Input.Files);
  return K;
}

/// The rules whose checks are on. When these are the ones that fencelint runs by itself, they run as they do by themselves: what is to be
/// asked for within a rule has not been.
RuleSelection TidyUnit::enabledRules() const {
  RuleSelection Rules;
  bool IsDefault = true;
  for (const RuleInfo &Rule : allRules()) {
    IsDefault &= Enabled.contains(Rule.Id) == Rule.OnByDefault;
    if (Enabled.contains(Rule.Id))
      Rules.Run.push_back(Rule.Id);
  }
  if (IsDefault)
    Rules.Run.clear();
  return Rules;
}

Report TidyUnit::analyse(clang::ASTContext &Context, const TidyRequest &Asked) {
  Report Told;
  const Knowledge &K = knowledgeFor(Asked, Told);
  llvm::Expected<FactsFile> Own = factsOf(Context);
  if (!Own) {
    Told.Problems.push_back({"", llvm::toString(Own.takeError())});
    return Told;
  }
  // What was saved of this unit may be older than what is on the screen.
  std::vector<FactsFile> Files = K.Rest;
  std::string Name = Own->units().front()->source()->str();
  for (FactsFile &File : Files)
    File.keepOnly([&](const facts::Unit &U) { return U.source()->string_view() != Name; });
  llvm::erase_if(Files, [](const FactsFile &File) { return File.units().empty(); });
  Files.push_back(std::move(*Own));
  Report Checked = checkLoaded(std::move(Files), K.Models, enabledRules(), Confidence::Low, /*WholeProgram=*/!K.Rest.empty());
  // The rest of the program is told where the rest is checked.
  FindingLocations &Here = locations(Context);
  for (std::vector<Finding> *Each : {&Checked.Findings, &Checked.Remarks})
    llvm::erase_if(*Each, [&](const Finding &F) { return !Here.isOfThisUnit(F.At.File); });
  llvm::erase_if(Checked.Problems, [&](const Problem &P) { return !P.File.empty() && !Here.isOfThisUnit(P.File); });
  llvm::append_range(Checked.Problems, Told.Problems);
  return Checked;
}

Report TidyUnit::findings(clang::ASTContext &Context, const TidyRequest &Asked) {
  auto It = Found.find(Asked);
  if (It != Found.end())
    return It->second;
  Report R = analyse(Context, Asked);
  Report &Kept = Found[Asked] = R;
  Kept.Problems.clear();
  return R;
}

} // namespace fencelint
