//===- GatherFacts.h - what the command line names, as facts ---------------===//
//
// Facts that are there already, and units parsed in worker processes: the same for every command that looks at a whole program.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_FRONTEND_GATHERFACTS_H
#define FENCELINT_FRONTEND_GATHERFACTS_H

#include "checks/facts/FactsFile.h"
#include "checks/models/ModelTable.h"
#include "checks/report/Finding.h"
#include "plugin/frontend/Timings.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>
#include <vector>

namespace fencelint {

class Request;

/// All that a program is made of.
struct Gathered {
  ModelTable Models;
  std::optional<ModelTable> Rt; ///< with --rt
  std::vector<FactsFile> Files;
};

/// The models; facts that are there already, then those of every unit that Operands, -p and what follows `--` select and that could be parsed. A
/// mistake in the command line is an error; whatever goes wrong later is in Told.
llvm::Expected<Gathered> gatherFacts(const Request &R, const std::vector<std::string> &Operands, Timings &Times, Report &Told);

} // namespace fencelint
#endif
