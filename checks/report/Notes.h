//===- Notes.h - what is said under a finding's own line -------------------===//
//
// The text writer, the compiler plugin and the clang-tidy module print the same notes in the same order: this is that order.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_REPORT_NOTES_H
#define FENCELINT_REPORT_NOTES_H

#include "checks/report/Finding.h"

namespace fencelint {

/// The steps, then a few of the other places, then how many more there are, and who has suppressed it.
std::vector<Note> notesOf(const Finding &F);

} // namespace fencelint
#endif
