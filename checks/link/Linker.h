//===- Linker.h - many units become one program ------------------------------===//
#ifndef FENCELINT_LINK_LINKER_H
#define FENCELINT_LINK_LINKER_H

#include "checks/link/Program.h"

namespace fencelint {

/// Names every entity once, picks one body for each function, applies annotations and models (in that order of precedence).
/// Files is moved into the program, whose strings point into it.
std::unique_ptr<Program> linkUnits(std::vector<FactsFile> Files, const ModelTable &Models);

} // namespace fencelint
#endif
