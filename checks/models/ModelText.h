//===- ModelText.h - a model entry, back in the words of a model file ------===//
#ifndef FENCELINT_MODELS_MODELTEXT_H
#define FENCELINT_MODELS_MODELTEXT_H

#include "checks/models/Model.h"
#include <string>

namespace fencelint {

/// `takes sleeping arg0 when result == 0`
std::string sentenceOf(const Action &A);
/// `sleeps; takes sleeping arg0 when result == 0`, as docs/models.md spells it; constants are numbers by now.
std::string describeActions(const std::vector<Action> &Does);
/// `irqs-off, maybe-interrupt`
std::string describeParts(const Context &C);

} // namespace fencelint
#endif
