//===- Timings.cpp - where the time went -----------------------------------===//
#include "plugin/frontend/Timings.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include <sys/resource.h>

namespace fencelint {
namespace {

double seconds(const timeval &T) { return T.tv_sec + T.tv_usec / 1e6; }

/// "CPU 12.34 s, 210 MiB at most"
std::string used(int Who) {
  rusage Usage = {};
  getrusage(Who, &Usage);
  return llvm::formatv("CPU {0:F2} s, {1} MiB at most", seconds(Usage.ru_utime) + seconds(Usage.ru_stime), Usage.ru_maxrss / 1024);
}

} // namespace

void Timings::phase(llvm::StringRef Name) {
  auto Now = std::chrono::steady_clock::now();
  Rows.push_back({Name.str(), std::chrono::duration<double>(Now - Last).count(), ""});
  Last = Now;
}

void Timings::phase(llvm::StringRef Name, double Seconds) {
  Rows.push_back({Name.str(), Seconds, ""});
  Last = std::chrono::steady_clock::now();
}

void Timings::children() { Rows.back().Note = "  workers: " + used(RUSAGE_CHILDREN) + " each"; }

void Timings::print(llvm::raw_ostream &OS) const {
  for (const Row &R : Rows)
    OS << llvm::format("%-12s %9.3f s", R.Name.c_str(), R.Seconds) << R.Note << '\n';
  std::chrono::duration<double> All = std::chrono::steady_clock::now() - Begin;
  OS << llvm::format("%-12s %9.3f s", "all", All.count()) << "  this process: " << used(RUSAGE_SELF) << '\n';
}

} // namespace fencelint
