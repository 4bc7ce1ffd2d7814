//===- Interrupt.h - Ctrl-C, and leaving nothing behind --------------------===//
//
// The first signal asks the run to stop with what it has; the second, or one that comes while nothing can be stopped half way,
// ends the program at once. Either way the workers are gone and the run's temporary directory is removed, from inside the
// signal handler if need be: so that directory is flat and is emptied with system calls only. A crash of the program itself
// cleans up on the same path. Signal handlers need state that outlives everything, so this file owns some.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_FRONTEND_INTERRUPT_H
#define FENCELINT_FRONTEND_INTERRUPT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <sys/types.h>

namespace fencelint {

/// A flat directory below TMPDIR that is removed with everything in it, whatever ends the program. One at a time.
class TemporaryDirectory {
public:
  static llvm::Expected<TemporaryDirectory> create();
  TemporaryDirectory(TemporaryDirectory &&Other) : Path(std::move(Other.Path)) { Other.Path.clear(); }
  TemporaryDirectory(const TemporaryDirectory &) = delete;
  ~TemporaryDirectory();
  const std::string &path() const { return Path; }

private:
  explicit TemporaryDirectory(std::string Path) : Path(std::move(Path)) {}
  std::string Path;
};

namespace interrupt {
/// Handles SIGINT, SIGTERM, SIGHUP and this program's own crashes from now on.
void install();
/// While true, the first signal only sets requested() and makes wakeUp() readable.
void setStoppable(bool Stoppable);
bool requested();
/// A file descriptor for poll().
int wakeUp();
/// Workers that must not outlive the program.
void addWorker(pid_t Pid);
void removeWorker(pid_t Pid);
/// In a worker: forget the parent's handlers. Ctrl-C reaches the whole group, but the parent decides; SIGTERM ends the worker,
/// after the file it is writing.
void becomeWorker();
/// In a worker, around writing a file.
void setWriting(bool Writing);
} // namespace interrupt

} // namespace fencelint
#endif
