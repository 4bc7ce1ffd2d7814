//===- ExtractUnits.cpp - many commands become facts files -----------------===//
#include "plugin/frontend/ExtractUnits.h"
#include "plugin/frontend/Interrupt.h"
#include "plugin/frontend/Worker.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fencelint {
namespace {

struct WorkerProcess {
  pid_t Pid = -1;
  int Pipe = -1;
  int StandardError = -1;         ///< a file in memory
  std::string Received;
  std::optional<uint32_t> Current;///< the unit it is on
};

/// The counter that hands out units, in a page that every worker sees.
class SharedCounter {
public:
  SharedCounter() {
    void *Page = mmap(nullptr, sizeof(std::atomic<uint32_t>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    Counter = Page == MAP_FAILED ? nullptr : new (Page) std::atomic<uint32_t>(0);
  }
  ~SharedCounter() {
    if (Counter)
      munmap(Counter, sizeof(*Counter));
  }
  SharedCounter(const SharedCounter &) = delete;
  std::atomic<uint32_t> *get() const { return Counter; }

private:
  std::atomic<uint32_t> *Counter;
};

class Pool {
  static constexpr unsigned MostEarlyDeaths = 8;

public:
  Pool(llvm::ArrayRef<CompileCommand> Units, const ExtractOptions &Options, Progress &Shown);
  ExtractResult run();

private:
  bool start(WorkerProcess &W);
  void poll();
  /// Reads what is there; false at the end of the pipe.
  bool receive(WorkerProcess &W);
  void take(WorkerProcess &W, const WorkerRecord &Record, llvm::StringRef Text);
  void buried(WorkerProcess &W);
  void stop();
  bool isUnitLeft() const { return Counter.get()->load() < Units.size(); }
  void problem(uint32_t Unit, std::string Message) {
    Failed.set(Unit);
    Result.Problems.push_back({Units[Unit].File, std::move(Message)});
  }
  void explainLost();

  llvm::ArrayRef<CompileCommand> Units;
  const ExtractOptions &Options;
  Progress &Shown;
  SharedCounter Counter;
  std::vector<std::string> FactsFiles;
  llvm::BitVector Done, Failed;
  unsigned EarlyDeaths = 0; ///< of workers that had not even begun a unit
  std::string CannotStart;
  std::vector<WorkerProcess> Workers;
  ExtractResult Result;
};

Pool::Pool(llvm::ArrayRef<CompileCommand> Units, const ExtractOptions &Options, Progress &Shown)
    : Units(Units), Options(Options), Shown(Shown), Done(Units.size()), Failed(Units.size()), Workers(std::min<size_t>(Options.Jobs, Units.size())) {
  for (const CompileCommand &C : Units) {
    llvm::SmallString<256> Path(Options.Directory);
    llvm::sys::path::append(Path, llvm::sys::path::filename(C.File).take_front(128) + "-" + C.key() + ".facts");
    FactsFiles.push_back(Path.str().str());
  }
}

bool Pool::start(WorkerProcess &W) {
  int Ends[2];
  if (pipe2(Ends, O_CLOEXEC) != 0) {
    CannotStart = strerror(errno);
    return false;
  }
  int StandardError = memfd_create("fencelint-worker", MFD_CLOEXEC);
  llvm::outs().flush();
  llvm::errs().flush();
  sigset_t All, Before; // no signal may reach the child while it still has the parent's handlers
  sigfillset(&All);
  sigprocmask(SIG_SETMASK, &All, &Before);
  pid_t Pid = fork();
  if (Pid == 0) {
    interrupt::becomeWorker();
    sigprocmask(SIG_SETMASK, &Before, nullptr);
    close(Ends[0]);
    if (StandardError >= 0)
      dup2(StandardError, STDERR_FILENO);
    runWorker({Units, FactsFiles, Options.ResourceDirectory, Counter.get()}, Ends[1]);
  }
  if (Pid > 0)
    interrupt::addWorker(Pid);
  sigprocmask(SIG_SETMASK, &Before, nullptr);
  close(Ends[1]);
  if (Pid < 0) {
    CannotStart = strerror(errno);
    close(Ends[0]);
    if (StandardError >= 0)
      close(StandardError);
    return false;
  }
  W = WorkerProcess{Pid, Ends[0], StandardError, "", std::nullopt};
  return true;
}

void Pool::take(WorkerProcess &W, const WorkerRecord &Record, llvm::StringRef Text) {
  if (Record.Index >= Units.size())
    return;
  if (Record.What == WorkerRecord::Started) {
    W.Current = Record.Index;
    return;
  }
  W.Current.reset();
  if (Record.What == WorkerRecord::Done)
    Done.set(Record.Index);
  else
    problem(Record.Index, Text.str());
  Shown.finished(Units[Record.Index].File);
  if (Record.What == WorkerRecord::Done && !Text.empty())
    Shown.note(Units[Record.Index].File, Text);
}

bool Pool::receive(WorkerProcess &W) {
  char Buffer[65536];
  ssize_t Size = read(W.Pipe, Buffer, sizeof(Buffer));
  if (Size < 0)
    return errno == EINTR || errno == EAGAIN;
  W.Received.append(Buffer, Size);
  for (WorkerRecord Record; W.Received.size() >= sizeof(Record);) {
    memcpy(&Record, W.Received.data(), sizeof(Record));
    if (W.Received.size() < sizeof(Record) + Record.Size)
      break;
    take(W, Record, llvm::StringRef(W.Received).substr(sizeof(Record), Record.Size));
    W.Received.erase(0, sizeof(Record) + Record.Size);
  }
  return Size > 0;
}

/// The first line with words in it that a dying worker wrote, as a reason.
std::string lastWords(int File) {
  char Buffer[1024];
  ssize_t Size = File < 0 ? 0 : pread(File, Buffer, sizeof(Buffer), 0);
  llvm::StringRef Text(Buffer, std::max<ssize_t>(Size, 0));
  while (!Text.empty()) {
    auto [Line, Rest] = Text.split('\n');
    if (llvm::any_of(Line, llvm::isAlpha))
      return ("\nit said: " + Line.trim()).str();
    Text = Rest;
  }
  return "";
}

void Pool::buried(WorkerProcess &W) {
  int Status = 0;
  while (waitpid(W.Pid, &Status, 0) < 0 && errno == EINTR)
    ;
  interrupt::removeWorker(W.Pid);
  if (W.Current && !interrupt::requested()) {
    std::string Message;
    if (WIFSIGNALED(Status) && WTERMSIG(Status) == SIGKILL)
      Message = "clang was killed on this file (signal 9); perhaps the memory ran out: try a smaller -j";
    else if (WIFSIGNALED(Status))
      Message = "clang crashed on this file (signal " + std::to_string(WTERMSIG(Status)) + ", " + strsignal(WTERMSIG(Status)) + ")";
    else
      Message = "clang gave up on this file (exit code " + std::to_string(WEXITSTATUS(Status)) + ")";
    problem(*W.Current, Message + lastWords(W.StandardError));
    Shown.finished(Units[*W.Current].File);
  }
  bool MadeProgress = W.Current || WIFEXITED(Status);
  if (!MadeProgress)
    ++EarlyDeaths;
  close(W.Pipe);
  if (W.StandardError >= 0)
    close(W.StandardError);
  W = WorkerProcess();
  if (EarlyDeaths <= MostEarlyDeaths && isUnitLeft() && !interrupt::requested())
    start(W);
}

void Pool::stop() {
  for (WorkerProcess &W : Workers)
    if (W.Pid > 0)
      kill(W.Pid, SIGTERM);
}

void Pool::poll() {
  std::vector<pollfd> Waiting;
  std::vector<WorkerProcess *> Who;
  for (WorkerProcess &W : Workers)
    if (W.Pid > 0) {
      Waiting.push_back({W.Pipe, POLLIN, 0});
      Who.push_back(&W);
    }
  if (!interrupt::requested())
    Waiting.push_back({interrupt::wakeUp(), POLLIN, 0});
  if (::poll(Waiting.data(), Waiting.size(), -1) < 0)
    return; // a signal; the caller looks
  for (size_t I = 0; I < Who.size(); ++I)
    if (Waiting[I].revents && !receive(*Who[I]))
      buried(*Who[I]);
}

/// What is neither done nor failed was never begun, or was taken by a worker that died before it could say so.
void Pool::explainLost() {
  if (isUnitLeft())
    Result.Problems.push_back({"", "cannot keep worker processes running" + (CannotStart.empty() ? "" : ": " + CannotStart)});
  for (uint32_t I = 0, End = std::min<uint32_t>(Counter.get()->load(), Units.size()); I < End; ++I)
    if (!Done[I] && !Failed[I])
      problem(I, "the worker process died before it could begin this file; run again");
}

ExtractResult Pool::run() {
  if (!Counter.get()) {
    Result.Problems.push_back({"", "no memory for the workers"});
    return Result;
  }
  interrupt::setStoppable(true);
  for (WorkerProcess &W : Workers)
    if (!start(W))
      break;
  auto IsAlive = [](const WorkerProcess &W) { return W.Pid > 0; };
  for (bool Told = false; llvm::any_of(Workers, IsAlive);) {
    if (interrupt::requested() && !Told) {
      stop();
      Told = true;
    }
    poll();
  }
  interrupt::setStoppable(false);
  Shown.clear();
  Result.Interrupted = interrupt::requested();
  if (!Result.Interrupted)
    explainLost();
  for (unsigned I : Done.set_bits())
    Result.FactsFiles.push_back(FactsFiles[I]);
  return Result;
}

} // namespace

ExtractResult extractUnits(llvm::ArrayRef<CompileCommand> Units, const ExtractOptions &Options, Progress &Shown) {
  return Pool(Units, Options, Shown).run();
}

} // namespace fencelint
