//===- Worker.cpp - the process that parses --------------------------------===//
#include "plugin/frontend/Worker.h"
#include "checks/facts/FactsFile.h"
#include "plugin/frontend/Interrupt.h"
#include "plugin/frontend/ParseUnit.h"
#include <cerrno>
#include <unistd.h>

namespace fencelint {
namespace {

void sendAll(int Pipe, const char *Data, size_t Size) {
  while (Size) {
    ssize_t Written = write(Pipe, Data, Size);
    if (Written < 0 && errno == EINTR)
      continue;
    if (Written <= 0)
      _exit(1); // nobody listens any more
    Data += Written;
    Size -= Written;
  }
}

void send(int Pipe, WorkerRecord::Kind What, uint32_t Index, llvm::StringRef Text = "") {
  WorkerRecord Record{What, Index, static_cast<uint32_t>(Text.size())};
  std::string Bytes(reinterpret_cast<const char *>(&Record), sizeof(Record));
  Bytes += Text;
  sendAll(Pipe, Bytes.data(), Bytes.size());
}

/// What clang or a sanitizer said while it worked on an earlier unit is of no use for the next.
void forgetStandardError() {
  if (ftruncate(STDERR_FILENO, 0) == 0)
    lseek(STDERR_FILENO, 0, SEEK_SET);
}

} // namespace

void runWorker(const WorkerTask &Task, int Pipe) {
  UnitParser Parser(Task.ResourceDirectory);
  for (uint32_t I; (I = Task.Next->fetch_add(1)) < Task.Units.size();) {
    send(Pipe, WorkerRecord::Started, I);
    forgetStandardError();
    facts::UnitT Unit;
    std::string Notes;
    if (llvm::Error E = Parser.parse(Task.Units[I], Unit, Notes)) {
      send(Pipe, WorkerRecord::Failed, I, llvm::toString(std::move(E)));
      continue;
    }
    interrupt::setWriting(true);
    llvm::Error E = writeUnit(Unit, Task.FactsFiles[I]);
    interrupt::setWriting(false);
    if (E)
      send(Pipe, WorkerRecord::Failed, I, llvm::toString(std::move(E)));
    else
      send(Pipe, WorkerRecord::Done, I, Notes);
  }
  _exit(0);
}

} // namespace fencelint
