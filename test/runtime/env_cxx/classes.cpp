// What the checker says of locks and items made in C++: reports name the type that names the class, and each place is a class of its own.
#include "../check/caught.h"

#include <fence/mutex.hpp>
#include <fence/timer.hpp>
#include <fence/workqueue.hpp>

#if FENCE_CHECKS
namespace {

TEST(CxxClasses, AnInversionIsReportedByTheNamesOfTheClasses) {
  fence::mutex lock{fence::class_of<struct outer_class>};
  fence::mutex other{fence::class_of<struct inner_class>};
  caught reports;
  {
    fence::guard outer(lock);
    fence::guard inner(other);
  }
  {
    fence::guard outer(other);
    fence::guard inner(lock);
  }
  EXPECT_ONE(reports, FENCE_REPORT_LOCK_ORDER, "outer_class");
}

TEST(CxxClasses, ASleepUnderASpinningLockIsReported) {
  fence::spin_lock lock{fence::class_of<struct spinning_class>};
  fence::mutex mutex{fence::class_of<struct sleeping_class>};
  caught reports;
  fence::guard outer(lock);
  fence::guard inner(mutex);
  EXPECT_ONE(reports, FENCE_REPORT_SLEEP_IN_ATOMIC, "spinning_class");
}

/// Its item takes the lock.
struct device {
  fence::mutex lock{fence::class_of<struct device_lock>};
  void work() noexcept { fence::guard hold(lock); }
  void nothing() noexcept {}
  fence::work takes{fence::runs<&device::takes, &device::work>};
  fence::work does_not{fence::runs<&device::does_not, &device::nothing>};
};

TEST(CxxClasses, AFlushUnderWhatTheItemTakesIsReported) {
  device one;
  one.takes.schedule();
  one.takes.flush();
  one.does_not.schedule();
  one.does_not.flush();
  caught reports;
  {
    fence::guard hold(one.lock);
    one.does_not.flush();
    EXPECT_SILENT(reports);
    one.takes.flush();
  }
  EXPECT_ONE(reports, FENCE_REPORT_HELD_WHILE_WAITING, "device_lock");
}

TEST(CxxClasses, AnItemThatEndsUnderASpinningLockIsReported) {
  fence::spin_lock lock{fence::class_of<struct around_the_end>};
  caught reports;
  {
    fence::guard hold(lock);
    device one;
  }
  ASSERT_FALSE(reports.all.empty());
  EXPECT_EQ(reports.all[0].kind, FENCE_REPORT_SLEEP_IN_ATOMIC) << reports.all_text();
}

} // namespace
#else
TEST(CxxClasses, CostNothingWithoutChecks) { EXPECT_EQ(sizeof(fence::mutex), sizeof(fence_mutex)); }
#endif
