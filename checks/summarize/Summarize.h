//===- Summarize.h - a solved program as a model file -------------------------------===//
//
// Who checks a driver has no body of the kernel's core; who checks a program has none of its libraries. What their functions do was found out once,
// when they were analysed themselves: a summary has all of it, and a model file can say most of that. So one analysis of the core serves every
// check of a driver after it.
//
// The one rule is that nothing may be said that the body does not do. Each effect, guard and exit has a sentence that means exactly the same, or it
// is left out; what was left out is told as "does something unknown", so that a description never looks like more of a proof than it is. Calls through
// pointers count as unknown too: other programs fill the same tables of operations.
//
//===--------------------------------------------------------------------------------===//
#ifndef FENCELINT_SUMMARIZE_SUMMARIZE_H
#define FENCELINT_SUMMARIZE_SUMMARIZE_H

#include "checks/link/Program.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <string>
#include <vector>

namespace fencelint {

/// What became of the functions that other programs may call.
struct DerivedModel {
  std::vector<FunctionModel> Functions;       ///< sorted by file and line of the body
  std::vector<SourcePosition> Bodies;         ///< one for each of Functions
  std::map<std::string, unsigned> LeftOut;    ///< reason -> functions
  std::map<std::string, unsigned> Incomplete; ///< reason -> functions of which a part is not said
  std::string OnlyWith;      ///< a macro on the command line of every unit, that others of the same kind have too
  bool KnowsExports = false; ///< somebody said which functions are for others; else all with external linkage are
};

/// Before linking is over nothing is known, after solving everything: P was solved with IsOpen and FollowUnknown. Paths in `Why` are relative to Root.
DerivedModel summarize(Program &P, llvm::StringRef Root);

/// As docs/models.md has it. The same model gives the same bytes.
void writeModel(const DerivedModel &Model, llvm::StringRef Version, llvm::raw_ostream &OS);

} // namespace fencelint
#endif
