//===- Progress.h - how far the run is --------------------------------------===//
//
// One line that is rewritten on a terminal; a line per unit elsewhere, and only when asked for. Always on standard error, so
// that findings can be piped.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_FRONTEND_PROGRESS_H
#define FENCELINT_FRONTEND_PROGRESS_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace fencelint {

class Progress {
public:
  enum Style { Silent, Rewriting, Lines };
  Progress(Style How, unsigned Total, std::string Root) : How(How), Total(Total), Root(std::move(Root)) {}
  ~Progress() { clear(); }
  /// One more unit is finished.
  void finished(llvm::StringRef File);
  /// A line of its own, for --verbose.
  void note(llvm::StringRef File, llvm::StringRef Text);
  /// Takes the rewritten line away, before anything else is printed.
  void clear();

  /// Rewriting on a terminal, Lines when verbose, Silent when quiet or neither.
  static Style style(bool Quiet, bool Verbose);

private:
  std::string shown(llvm::StringRef File) const;
  Style How;
  unsigned Total, Finished = 0;
  std::string Root;
  bool LineIsShown = false;
};

} // namespace fencelint
#endif
