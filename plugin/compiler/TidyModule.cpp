//===- TidyModule.cpp - clang-tidy -load libfencelint-tidy.so --------------===//
//
// One check for each row of Rules.def, called fence-<rule>. Everything a person expects of a clang-tidy check works because clang-tidy does
// it: NOLINT, .clang-tidy, header filters, --warnings-as-errors, run-clang-tidy. What is checked is TidyUnit's.
//
//===----------------------------------------------------------------------===//
#include "checks/report/Suppressions.h"
#include "plugin/compiler/HostVersion.h"
#include "plugin/compiler/MarkFix.h"
#include "plugin/compiler/TidyUnit.h"
#include "plugin/frontend/DataFiles.h"
#include "clang-tidy/ClangTidyCheck.h"
#include "clang-tidy/ClangTidyModule.h"
#include "clang/AST/ASTContext.h"
#include "clang/ASTMatchers/ASTMatchers.h"
#include "llvm/ADT/StringExtras.h"

namespace fencelint {
namespace {

using llvm::StringRef;

/// A comma-separated list; relative paths are below the directory that clang-tidy was started in.
std::vector<std::string> pathsIn(StringRef List) {
  std::vector<std::string> Paths;
  for (StringRef Path : llvm::split(List, ','))
    if (!Path.trim().empty())
      Paths.push_back(Path.trim().str());
  return Paths;
}

class FenceCheck : public clang::tidy::ClangTidyCheck {
public:
  FenceCheck(StringRef Name, clang::tidy::ClangTidyContext *Context, const char *Rule, std::shared_ptr<TidyUnit> Unit)
      : ClangTidyCheck(Name, Context), Rule(Rule), Unit(std::move(Unit)), Models(Options.getLocalOrGlobal("Models", "")),
        FactsDir(Options.getLocalOrGlobal("FactsDir", "")),
        MinConfidence(Options.getLocalOrGlobal("MinConfidence", confidenceName(Confidence::Medium))) {
    this->Unit->enable(Rule);
    if (llvm::Error E = parseConfidence(MinConfidence).moveInto(AtLeast))
      configurationDiag("%0 (option MinConfidence of %1)") << llvm::toString(std::move(E)) << Name;
  }
  ~FenceCheck() override { Unit->disable(Rule); }

  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Map) override {
    Options.store(Map, "Models", Models);
    Options.store(Map, "FactsDir", FactsDir);
    Options.store(Map, "MinConfidence", MinConfidence);
  }

  void registerPPCallbacks(const clang::SourceManager &, clang::Preprocessor *Parsing, clang::Preprocessor *) override {
    Unit->begin(*Parsing);
  }

  void registerMatchers(clang::ast_matchers::MatchFinder *Finder) override {
    Finder->addMatcher(clang::ast_matchers::translationUnitDecl(), this);
  }

  void check(const clang::ast_matchers::MatchFinder::MatchResult &Result) override {
    if (Result.Context->getDiagnostics().hasUncompilableErrorOccurred())
      return; // the tree has holes
    Report R = Unit->findings(*Result.Context, {pathsIn(Models), pathsIn(FactsDir)});
    FindingLocations &Where = Unit->locations(*Result.Context);
    auto Note = [&](clang::SourceLocation At, const std::string &Text) { diag(At, "%0", clang::DiagnosticIDs::Note) << Text; };
    for (const auto &[Findings, Level] : {std::pair(&R.Findings, clang::DiagnosticIDs::Warning), {&R.Remarks, clang::DiagnosticIDs::Remark}}) {
      llvm::erase_if(*Findings, [&](const Finding &F) { return F.Rule != Rule || F.Sure < AtLeast; });
      for (const Finding &F : *Findings)
        printFinding(F, Where, [&](clang::SourceLocation At, const std::string &Text) {
          clang::DiagnosticBuilder Printed = diag(At, "%0", Level);
          Printed << Text << fixesOf(F, *Findings, At, *Result.Context);
        }, Note);
    }
    for (const Problem &P : R.Problems)
      printProblem(P, Where, [&](clang::SourceLocation At, const std::string &Text) { diag(At, "fencelint: %0") << Text; }, Note);
  }

private:
  /// A mark has a finding for each unused id; the first of them brings the edits for all, which would be in each other's way.
  llvm::SmallVector<clang::FixItHint, 2> fixesOf(const Finding &F, const std::vector<Finding> &All, clang::SourceLocation At,
                                                 const clang::ASTContext &Context) const {
    auto OfMark = llvm::make_filter_range(All, [&](const Finding &Other) { return Other.At == F.At; });
    if (Rule != UnusedSuppression || &*OfMark.begin() != &F)
      return {};
    std::vector<StringRef> Ids;
    for (const Finding &Each : OfMark)
      Ids.push_back(Each.Sink);
    return fixUnusedMark(Context.getSourceManager(), Context.getLangOpts(), At, Ids);
  }

  const char *Rule;
  std::shared_ptr<TidyUnit> Unit;
  std::string Models, FactsDir, MinConfidence;
  Confidence AtLeast = Confidence::Medium;
};

class FenceModule : public clang::tidy::ClangTidyModule {
public:
  void addCheckFactories(clang::tidy::ClangTidyCheckFactories &Factories) override {
    setLibraryPath();
    auto Unit = std::make_shared<TidyUnit>();
    for (const RuleInfo &Rule : allRules())
      Factories.registerCheckFactory((llvm::Twine("fence-") + Rule.Id).str(),
                                     [Unit, Id = Rule.Id](StringRef Name, clang::tidy::ClangTidyContext *Context) {
                                       return std::make_unique<FenceCheck>(Name, Context, Id, Unit);
                                     });
  }
};

clang::tidy::ClangTidyModuleRegistry::Add<FenceModule> Registered(forThisClang("fence-module"), "What may not happen in atomic context.");

} // namespace
} // namespace fencelint
