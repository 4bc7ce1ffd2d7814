//===- Suppressions.h - findings that the source says are none -------------===//
//
// A suppressed finding is not forgotten: it stays in the report with its reason, so that somebody can ask again whether it still holds.
// And a mark that suppresses nothing is told, or the marks would outlive what they were for.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_REPORT_SUPPRESSIONS_H
#define FENCELINT_REPORT_SUPPRESSIONS_H

#include "checks/report/Finding.h"
#include "checks/report/Marks.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>

namespace fencelint {

/// The rule that remarks upon marks.
inline constexpr llvm::StringLiteral UnusedSuppression = "unused-suppression";

class Suppressions {
public:
  explicit Suppressions(llvm::ArrayRef<RuleInfo> Known) : Known(Known) {}

  /// Sets Finding::Suppressed where a mark covers the finding's place, and OtherPlace::Suppressed likewise; adds the findings that come to
  /// light because the one that spoke for them is suppressed. Reads only files that findings are in.
  void apply(std::vector<Finding> &Findings);
  /// Looks for marks in further files, those of this run.
  void read(llvm::ArrayRef<std::string> Files);

  /// After apply(): a finding for each id of ours in the marks read that suppresses nothing although its rule ran, or that no rule has.
  std::vector<Finding> unused(llvm::ArrayRef<std::string> Ran) const;
  /// Blocks that nobody closes or opens; with RequireReasons also marks that do not say why.
  std::vector<Problem> problems(bool RequireReasons) const;

private:
  struct Use {
    Mark Is;
    bool Used = false;
    std::vector<llvm::StringRef> UsedIds;
  };
  struct MarkedFile {
    std::unique_ptr<llvm::MemoryBuffer> Text; ///< kept when there are marks in it
    std::vector<Use> Marks;
    bool HasFinding = false;
  };
  llvm::ArrayRef<RuleInfo> Known;
  llvm::StringMap<MarkedFile> Files;

  MarkedFile &fileOf(llvm::StringRef Path);
  std::optional<Suppression> find(llvm::StringRef Rule, const SourcePosition &At);
  std::optional<Suppression> findAll(llvm::StringRef Rule, const OtherPlace &Place);
  void applyToPlaces(Finding &F);
  std::optional<Finding> applyToRepeats(Finding &F);
  bool isOurs(llvm::StringRef Id) const;
  bool namesOurs(const Mark &M) const;
  bool hasRun(llvm::StringRef Id, llvm::ArrayRef<std::string> Ran) const;
  std::vector<llvm::StringRef> paths() const;
};

} // namespace fencelint
#endif
