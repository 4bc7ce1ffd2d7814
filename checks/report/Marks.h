//===- Marks.h - NOLINT comments of one file --------------------------------===//
//
// People have these comments already, for clang-tidy; so they mean here what they mean there, letter by letter: a mark counts wherever
// its word stands (nobody parses comments), `(` must follow at once, an open list is no list, blocks nest.
// Ours are two things more: an id may come with or without `fence-`, and what follows the mark is the reason.//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_REPORT_MARKS_H
#define FENCELINT_REPORT_MARKS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <utility>
#include <vector>

namespace fencelint {

struct Mark {
  enum Kind { ThisLine, NextLine, Begin, End } What;
  using Point = std::pair<unsigned, unsigned>; ///< line and column
  Point At;                                    ///< of the `N`
  bool HasList = false;
  llvm::StringRef List;   ///< between the parentheses
  llvm::StringRef Reason; ///< what the rest of the comment's line says
  Point From, To;         ///< what it covers, both ends included; nothing for End and for an unmatched Begin
  bool Matched = true;    ///< Begin and End have each other

  bool covers(Point P) const { return From <= P && P <= To; }
  /// Its list, or having none, concerns this rule.
  bool concerns(llvm::StringRef Rule) const;
  /// The ids of the list; globs are ids too.
  std::vector<llvm::StringRef> ids() const;
  /// As written: `NOLINTNEXTLINE(fence-sleep-in-atomic)`.
  llvm::StringRef Spelled;
};

/// Id as written in a list names this rule, or is a glob that does.
bool isIdOf(llvm::StringRef Id, llvm::StringRef Rule);

/// All marks of a text, in its order; they point into it.
std::vector<Mark> findMarks(llvm::StringRef Text);

} // namespace fencelint
#endif
