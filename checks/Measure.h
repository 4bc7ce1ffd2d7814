//===- Measure.h - how large a solved program's summaries are ------------------------===//
#ifndef FENCELINT_MEASURE_H
#define FENCELINT_MEASURE_H

#include "checks/link/Program.h"
#include "checks/report/Statistics.h"

namespace fencelint {

/// Adds the summaries of P to what is known of other programs of the run.
void measure(const Program &P, SummaryStatistics &Into);

} // namespace fencelint
#endif
