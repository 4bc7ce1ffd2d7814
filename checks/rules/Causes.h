//===- Causes.h - one mistake, one finding -----------------------------------------===//
//
// A register accessor that may sleep is called under eighty locks of one driver: that is one finding with eighty places, and it stands where all
// their chains meet, because that is where a person would mend it. Two callers that forgot the same lock are two findings.
//
//===----------------------------------------------------------------------------------===//
#ifndef FENCELINT_RULES_CAUSES_H
#define FENCELINT_RULES_CAUSES_H

#include "checks/rules/Rule.h"

namespace fencelint {

/// A violation that a rule has taken as its own.
struct Judged {
  const Violation *Is;
  const Rule *By;
  Witness Explained; ///< without its steps: those are in Says
  Finding Says;
};

/// Findings in no order.
std::vector<Finding> joinCauses(const Program &P, std::vector<Judged> All);

} // namespace fencelint
#endif
