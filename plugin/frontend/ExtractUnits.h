//===- ExtractUnits.h - many commands become facts files -------------------===//
//
// Each worker is a process (Worker.h), because one file can crash clang or be too big for the memory, and the other three
// thousand must not be lost with it. The parent only polls: it restarts a worker that died and remembers which unit did it.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_FRONTEND_EXTRACTUNITS_H
#define FENCELINT_FRONTEND_EXTRACTUNITS_H

#include "plugin/frontend/CompileCommands.h"
#include "plugin/frontend/Progress.h"
#include "llvm/ADT/ArrayRef.h"

namespace fencelint {

struct ExtractOptions {
  unsigned Jobs = 1;
  std::string Directory;         ///< where facts go; exists
  std::string ResourceDirectory; ///< clang's own headers
};

struct ExtractResult {
  std::vector<std::string> FactsFiles; ///< of the units that worked, in the order of the units
  std::vector<Problem> Problems;
  bool Interrupted = false;
};

ExtractResult extractUnits(llvm::ArrayRef<CompileCommand> Units, const ExtractOptions &Options, Progress &Shown);

} // namespace fencelint
#endif
