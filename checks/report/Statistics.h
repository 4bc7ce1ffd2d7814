//===- Statistics.h - how large summaries are --------------------------------===//
//
// Bottom-up summaries are worth their name only while they stay small: a caller takes in what its callees say, so one that grows makes all above
// it grow. What a run says of itself here shows whether they did, without a guess: every value is counted, none is sampled.
//
//===--------------------------------------------------------------------------===//
#ifndef FENCELINT_REPORT_STATISTICS_H
#define FENCELINT_REPORT_STATISTICS_H

#include "checks/report/SourcePosition.h"
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace fencelint {

/// How often each value came.
class Distribution {
public:
  void add(uint64_t Value) { ++Times[Value]; }
  uint64_t count() const;
  uint64_t total() const;
  /// The smallest value that at least so many in a hundred are not above; 0 when there are none.
  uint64_t atMost(unsigned Percent) const;

private:
  std::map<uint64_t, uint64_t> Times;
};

struct SummaryStatistics {
  uint64_t Functions = 0;      ///< named in the program, with a summary or without
  uint64_t WithEffects = 0;
  uint64_t Full = 0;           ///< an effect found no room in them
  Distribution Effects, Exits; ///< of each function that has a summary
  Distribution Conditions;     ///< of each effect: how many its guard has
  Distribution Bytes;          ///< of each summary, in this process

  struct Large {
    std::string Function;
    SourcePosition At;
    uint64_t Effects = 0, Exits = 0, Bytes = 0;
  };
  std::vector<Large> Largest;  ///< a few, by effects

  /// Keeps it if it is among the largest.
  void offer(Large One);
};

} // namespace fencelint
#endif
