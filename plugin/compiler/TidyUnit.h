//===- TidyUnit.h - one analysis for all checks of a clang-tidy run --------===//
//
// clang-tidy knows checks, each with a name and options; the pipeline runs once for all rules. So the checks of a unit share this: the
// first that asks makes the facts and the findings of all, the others take theirs.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_COMPILER_TIDYUNIT_H
#define FENCELINT_COMPILER_TIDYUNIT_H

#include "plugin/compiler/ClangDiagnostics.h"
#include "plugin/compiler/UnitCheck.h"
#include "llvm/ADT/StringSet.h"
#include <map>

namespace clang {
class ASTContext;
class Preprocessor;
} // namespace clang

namespace fencelint {

/// What the options of a check ask for; checks that ask for the same share one analysis.
struct TidyRequest {
  std::vector<std::string> Models; ///< besides the shipped ones
  std::vector<std::string> Facts;  ///< of the rest of the program: facts files, objects, directories
  auto operator<=>(const TidyRequest &) const = default;
};

class TidyUnit {
public:
  /// By each check, while it exists: from before its unit is parsed until it is done with.
  void enable(llvm::StringRef Rule) { Enabled.insert(Rule); }
  void disable(llvm::StringRef Rule) { Enabled.erase(Rule); }

  /// A new unit is being parsed.
  void begin(const clang::Preprocessor &Parsing);
  /// The findings of all enabled rules, however sure. Problems are in the answer to the first who asks.
  Report findings(clang::ASTContext &Context, const TidyRequest &Asked);
  /// Made before anything is printed: what is opened to print it is not of this unit.
  FindingLocations &locations(clang::ASTContext &Context);

private:
  /// What is loaded for a request, which every unit of the run uses.
  struct Knowledge {
    ModelTable Models;
    std::vector<FactsFile> Rest;
  };
  const Knowledge &knowledgeFor(const TidyRequest &Asked, Report &Told);
  llvm::Expected<FactsFile> factsOf(clang::ASTContext &Context);
  RuleSelection enabledRules() const;
  Report analyse(clang::ASTContext &Context, const TidyRequest &Asked);

  llvm::StringSet<> Enabled;
  std::map<TidyRequest, Knowledge> Known;
  const clang::Preprocessor *Source = nullptr;
  std::map<TidyRequest, Report> Found; ///< of this unit
  std::unique_ptr<FindingLocations> Where;
};

} // namespace fencelint
#endif
