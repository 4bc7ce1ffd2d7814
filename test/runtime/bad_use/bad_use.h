// What a misuse comes to: the same results in both builds, and in the checked one a report of that kind.
#ifndef FENCE_BAD_USE_H
#define FENCE_BAD_USE_H

#include "../fence/test_fence.h"

#include <fence/check.h>
#include <gtest/gtest.h>

/// While it lives reports are counted and not printed; at its end there was at least one of the kind that is expected.
class reported {
public:
  explicit reported(fence_report_kind kind) : kind_(kind) {
    fence_forget_reports();
    before_ = fence_set_report_handler([](const fence_report *, void *) {}, nullptr);
  }
  ~reported() {
    EXPECT_GE(fence_reports_of(kind_), 1u) << fence_report_kind_name(kind_);
    fence_set_report_handler(before_, nullptr);
    fence_forget_reports();
  }
  reported(const reported &) = delete;

private:
  fence_report_kind kind_;
  fence_report_handler before_;
};

/// A count of references that is wrong is reported in every build.
#define EXPECT_REPORT_IN_EVERY_BUILD(kind) reported expected_report(kind)
#if FENCE_CHECKS
#define EXPECT_REPORT(kind) reported expected_report(kind)
#else
#define EXPECT_REPORT(kind) static_cast<void>(0)
#endif

/// RealtimeSanitizer ends the program at the first thing that may block in a nonblocking function.
#if defined(__has_feature)
#  if __has_feature(realtime_sanitizer)
#    define FENCE_REALTIME_SANITIZER 1
#  endif
#endif
#ifndef FENCE_REALTIME_SANITIZER
#  define FENCE_REALTIME_SANITIZER 0
#endif

#endif
