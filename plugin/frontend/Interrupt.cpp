//===- Interrupt.cpp - Ctrl-C, and leaving nothing behind ------------------===//
//
// Everything a handler reaches is lock-free and calls only what signal-safety(7) allows.
//
//===----------------------------------------------------------------------===//
#include "plugin/frontend/Interrupt.h"
#include "plugin/frontend/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define FENCELINT_SANITIZER_HANDLES_CRASHES
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FENCELINT_SANITIZER_HANDLES_CRASHES
#endif
#endif

namespace fencelint {
namespace {

constexpr unsigned MostWorkers = 1024;
std::atomic<pid_t> Workers[MostWorkers];
std::atomic<bool> Stoppable, Requested, Writing, StopAfterWriting;
int Pipe[2] = {-1, -1};
char DirectoryToRemove[4096];
std::atomic<bool> HasDirectory;
#ifndef FENCELINT_SANITIZER_HANDLES_CRASHES
alignas(16) char CrashStack[64 * 1024]; // so that a stack overflow can still clean up
#endif

struct LinuxDirent {
  uint64_t Inode;
  int64_t Offset;
  unsigned short Length;
  unsigned char Type;
  char Name[1];
};

/// Removes a flat directory without memory allocation; readdir() may not be called from a handler.
void removeFlatDirectory(const char *Path) {
  int Directory = open(Path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (Directory < 0)
    return;
  alignas(LinuxDirent) char Buffer[4096];
  for (bool Removed = true; Removed;) {
    Removed = false;
    lseek(Directory, 0, SEEK_SET);
    for (long Bytes; (Bytes = syscall(SYS_getdents64, Directory, Buffer, sizeof(Buffer))) > 0;)
      for (long At = 0; At < Bytes;) {
        const auto *Entry = reinterpret_cast<const LinuxDirent *>(Buffer + At);
        if (strcmp(Entry->Name, ".") != 0 && strcmp(Entry->Name, "..") != 0)
          Removed |= unlinkat(Directory, Entry->Name, 0) == 0;
        At += Entry->Length;
      }
  }
  close(Directory);
  rmdir(Path);
}

void removeDirectoryNow() {
  if (HasDirectory.exchange(false))
    removeFlatDirectory(DirectoryToRemove);
}

void killWorkers() {
  for (std::atomic<pid_t> &W : Workers)
    if (pid_t Pid = W.exchange(0)) {
      kill(Pid, SIGKILL);
      waitpid(Pid, nullptr, 0);
    }
}

void say(const char *Text) { (void)!write(STDERR_FILENO, Text, strlen(Text)); }

void onInterrupt(int) {
  int Saved = errno;
  if (Stoppable && !Requested.exchange(true)) {
    (void)!write(Pipe[1], "!", 1);
    errno = Saved;
    return;
  }
  killWorkers();
  removeDirectoryNow();
  say("\nfencelint: error: interrupted\n");
  _exit(2);
}

void onCrash(int Signal) {
  killWorkers();
  removeDirectoryNow();
  say("\nfencelint: error: fencelint itself crashed; this is a bug in it\n");
  raise(Signal); // the handler is reset: ends as it would have
}

/// `fencelint facts x.c | head`: ends as every filter does, but cleans up first.
void onClosedPipe(int Signal) {
  killWorkers();
  removeDirectoryNow();
  raise(Signal); // the handler is reset
}

void onStopWorker(int) {
  if (!Writing)
    _exit(0);
  StopAfterWriting = true;
}

void handle(int Signal, void (*Handler)(int), int Flags = 0) {
  struct sigaction Action = {};
  Action.sa_handler = Handler;
  Action.sa_flags = Flags;
  sigaction(Signal, &Action, nullptr);
}

} // namespace

llvm::Expected<TemporaryDirectory> TemporaryDirectory::create() {
  llvm::SmallString<128> Path;
  if (std::error_code EC = llvm::sys::fs::createUniqueDirectory("fencelint", Path)) {
    llvm::SmallString<128> Where;
    llvm::sys::path::system_temp_directory(/*ErasedOnReboot=*/true, Where);
    return inputError("cannot make a temporary directory in " + Where + ": " + llvm::StringRef(EC.message()).lower() +
                      "\nset TMPDIR to a directory with room");
  }
  if (Path.size() < sizeof(DirectoryToRemove)) {
    memcpy(DirectoryToRemove, Path.c_str(), Path.size() + 1);
    HasDirectory = true;
  }
  return TemporaryDirectory(Path.str().str());
}

TemporaryDirectory::~TemporaryDirectory() {
  if (Path.empty())
    return;
  HasDirectory = false;
  removeFlatDirectory(Path.c_str());
}

void interrupt::install() {
  if (pipe2(Pipe, O_CLOEXEC | O_NONBLOCK) != 0)
    return;
  for (int Signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction Before = {};
    sigaction(Signal, nullptr, &Before);
    if (Before.sa_handler != SIG_IGN) // nohup, or a shell's background job
      handle(Signal, onInterrupt);
  }
#ifndef FENCELINT_SANITIZER_HANDLES_CRASHES
  stack_t Stack = {};
  Stack.ss_sp = CrashStack;
  Stack.ss_size = sizeof(CrashStack);
  sigaltstack(&Stack, nullptr);
  for (int Signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL})
    handle(Signal, onCrash, SA_RESETHAND | SA_ONSTACK | SA_NODEFER);
#endif
  handle(SIGPIPE, onClosedPipe, SA_RESETHAND | SA_NODEFER);
  handle(SIGXFSZ, SIG_IGN); // a file that may not grow is a failed write, which is reported
  handle(SIGABRT, onCrash, SA_RESETHAND | SA_NODEFER);
}

void interrupt::setStoppable(bool Value) { Stoppable = Value; }
bool interrupt::requested() { return Requested; }
int interrupt::wakeUp() { return Pipe[0]; }

void interrupt::addWorker(pid_t Pid) {
  for (std::atomic<pid_t> &W : Workers)
    if (pid_t Free = 0; W.compare_exchange_strong(Free, Pid))
      return;
}

void interrupt::removeWorker(pid_t Pid) {
  for (std::atomic<pid_t> &W : Workers)
    if (pid_t Same = Pid; W.compare_exchange_strong(Same, 0))
      return;
}

void interrupt::becomeWorker() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (std::atomic<pid_t> &W : Workers)
    W = 0;
  HasDirectory = false;
  handle(SIGINT, SIG_IGN);
  handle(SIGHUP, SIG_IGN);
  handle(SIGTERM, onStopWorker);
  for (int Signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGPIPE})
    handle(Signal, SIG_DFL);
}

void interrupt::setWriting(bool Value) {
  Writing = Value;
  if (!Value && StopAfterWriting)
    _exit(0);
}

} // namespace fencelint
