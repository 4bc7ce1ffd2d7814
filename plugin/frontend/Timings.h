//===- Timings.h - where the time went -------------------------------------===//
#ifndef FENCELINT_FRONTEND_TIMINGS_H
#define FENCELINT_FRONTEND_TIMINGS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>
#include <string>
#include <vector>

namespace fencelint {

class Timings {
public:
  /// A phase ends now; it began when the one before it ended.
  void phase(llvm::StringRef Name);
  /// A phase that was timed by somebody else ends now.
  void phase(llvm::StringRef Name, double Seconds);
  /// What the finished worker processes used, beside the last phase.
  void children();
  void print(llvm::raw_ostream &OS) const;

private:
  struct Row {
    std::string Name;
    double Seconds;
    std::string Note;
  };
  std::vector<Row> Rows;
  std::chrono::steady_clock::time_point Last = std::chrono::steady_clock::now(), Begin = Last;
};

} // namespace fencelint
#endif
