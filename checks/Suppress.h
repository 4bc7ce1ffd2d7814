//===- Suppress.h - the pass between rules and reports ---------------------------------===//
#ifndef FENCELINT_SUPPRESS_H
#define FENCELINT_SUPPRESS_H

#include "checks/Pipeline.h"
#include "checks/link/Program.h"
#include "llvm/ADT/StringSet.h"
#include <set>

namespace fencelint {

/// The ids of the rules that such a selection runs.
std::vector<std::string> rulesToRun(llvm::ArrayRef<std::string> Named);

/// What the programs of a run have to do with suppressions: what one of them uses is used.
class Suppressible {
public:
  void add(const Program &P);
  /// Looked into: main files, and where the functions are that they define. Sorted.
  std::vector<std::string> files() const;
  /// A finding for each audit that no program uses.
  std::vector<Finding> unusedAudits() const;

private:
  llvm::StringSet<> Files;
  std::set<SourcePosition> UsedAudits;
  std::vector<Finding> UnusedAudits;

  void addAudits(const Program &P);
};

/// What the source says is no mistake goes into a list of its own; what it says in vain becomes a remark.
void suppress(Report &R, const Suppressible &Heard, const PipelineOptions &Options);

} // namespace fencelint
#endif
