//===- Printable.h - names from anywhere, on a terminal ---------------------===//
#ifndef FENCELINT_REPORT_PRINTABLE_H
#define FENCELINT_REPORT_PRINTABLE_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace fencelint {

/// Names come from facts, which may come from anywhere: control characters become `?`, so that none is sent to a terminal.
inline std::string printable(llvm::StringRef Text) {
  std::string Result = Text.str();
  for (char &C : Result)
    if (static_cast<unsigned char>(C) < 0x20 || C == 0x7F)
      C = '?';
  return Result;
}

} // namespace fencelint
#endif
