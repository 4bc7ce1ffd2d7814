//===- Progress.cpp - how far the run is ------------------------------------===//
#include "plugin/frontend/Progress.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

namespace fencelint {

Progress::Style Progress::style(bool Quiet, bool Verbose) {
  if (Quiet)
    return Silent;
  if (Verbose)
    return Lines;
  return llvm::sys::Process::StandardErrIsDisplayed() ? Rewriting : Silent;
}

std::string Progress::shown(llvm::StringRef File) const {
  if (File.starts_with(Root))
    File = File.drop_front(Root.size()).ltrim('/');
  std::string Text = File.str();
  for (char &C : Text)
    if (static_cast<unsigned char>(C) < 0x20 || C == 0x7F)
      C = '?';
  return Text;
}

void Progress::finished(llvm::StringRef File) {
  ++Finished;
  if (How == Silent)
    return;
  std::string Count = std::to_string(Finished), All = std::to_string(Total);
  std::string Line = "[" + std::string(All.size() - Count.size(), ' ') + Count + "/" + All + "] " + shown(File);
  if (How == Lines) {
    llvm::errs() << Line << '\n';
    return;
  }
  unsigned Width = llvm::sys::Process::StandardErrColumns();
  if (Width > 1 && Line.size() >= Width)
    Line.resize(Width - 1);
  llvm::errs() << '\r' << Line << "\x1b[K";
  LineIsShown = true;
}

void Progress::note(llvm::StringRef File, llvm::StringRef Text) {
  if (How == Lines)
    llvm::errs() << shown(File) << ": " << Text.trim() << '\n';
}

void Progress::clear() {
  if (LineIsShown)
    llvm::errs() << "\r\x1b[K";
  LineIsShown = false;
}

} // namespace fencelint
