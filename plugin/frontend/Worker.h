//===- Worker.h - the process that parses, and what it tells its parent ----===//
//
// A worker is a fork of the parent before any clang state exists. It takes the next unit from a counter in shared memory,
// writes that unit's facts to a file, and reports over a pipe: a record when it starts a unit, one when it has finished. So when
// it dies, the parent knows on which unit, and nobody else has lost anything.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_FRONTEND_WORKER_H
#define FENCELINT_FRONTEND_WORKER_H

#include "plugin/frontend/CompileCommands.h"
#include "llvm/ADT/ArrayRef.h"
#include <atomic>
#include <cstdint>

namespace fencelint {

/// What precedes Size bytes of text in the pipe.
struct WorkerRecord {
  enum Kind : uint32_t { Started, Done, Failed };
  uint32_t What;
  uint32_t Index;
  uint32_t Size;
};

struct WorkerTask {
  llvm::ArrayRef<CompileCommand> Units;
  llvm::ArrayRef<std::string> FactsFiles; ///< absolute; where each unit's facts go
  std::string ResourceDirectory;
  std::atomic<uint32_t> *Next = nullptr;  ///< in a shared page
};

/// Works until no unit is left, then ends the process. Never returns into the parent's code.
[[noreturn]] void runWorker(const WorkerTask &Task, int Pipe);

} // namespace fencelint
#endif
