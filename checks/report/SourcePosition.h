//===- SourcePosition.h - a place a person can look at -----------------------===//
#ifndef FENCELINT_REPORT_SOURCEPOSITION_H
#define FENCELINT_REPORT_SOURCEPOSITION_H

#include <compare>
#include <string>

namespace fencelint {

struct SourcePosition {
  std::string File; ///< absolute, as the compiler saw it; a writer makes it relative for people
  unsigned Line = 0, Column = 0;
  auto operator<=>(const SourcePosition &) const = default;
};

} // namespace fencelint
#endif
