// Wound/wait mutexes in C++: as ordinary locks, with acquisitions, refused and locked anew.
#include "../env/threads.h"

#include <fence/spin_lock.hpp>
#include <fence/ww_mutex.hpp>
#include <gtest/gtest.h>
#include <utility>

namespace {

template <class Policy> struct CxxWwMutex : testing::Test {
  fence_ww_class &of = fence::ww_class_of<struct test_buffers, Policy::value>;
  fence::ww_mutex a{of}, b{of};
};
using policies = testing::Types<std::integral_constant<fence::ww_policy, fence::ww_policy::wound_wait>,
                                std::integral_constant<fence::ww_policy, fence::ww_policy::wait_die>>;
TYPED_TEST_SUITE(CxxWwMutex, policies, );

TYPED_TEST(CxxWwMutex, WithoutAnAcquisitionIsAMutex) {
  {
    fence::guard hold(this->a);
    EXPECT_TRUE(this->a.is_held());
    std::thread([this] {
      EXPECT_TRUE(this->a.is_locked());
      EXPECT_FALSE(this->a.is_held());
      EXPECT_FALSE(this->a.try_lock());
    }).join();
  }
  EXPECT_FALSE(this->a.is_locked());
}

TYPED_TEST(CxxWwMutex, AnAcquisitionHoldsMany) {
  fence::ww_acquire acquire(this->of);
  EXPECT_TRUE(this->a.lock(acquire));
  EXPECT_TRUE(this->b.lock_interruptible(acquire));
  EXPECT_EQ(this->a.lock(acquire).error(), fence::error(EALREADY));
  acquire.done();
  EXPECT_EQ(acquire.held(), 2u);
  this->a.assert_held();
  this->a.unlock();
  this->b.unlock();
  EXPECT_EQ(acquire.held(), 0u);
  EXPECT_TRUE(this->b.try_lock(acquire));
  this->b.unlock();
}

/// Two threads lock the two in opposite orders, again and again: both get through.
TYPED_TEST(CxxWwMutex, OppositeOrdersGetThrough) {
  int counted = 0;
  run_together(2, [&](int which) {
    for (int i = 0; i < 200; ++i) {
      fence::ww_mutex *first = &this->a, *second = &this->b;
      if (which)
        std::swap(first, second);
      fence::ww_acquire acquire(this->of);
      EXPECT_TRUE(first->lock(acquire)) << "nothing is held yet";
      for (;;) {
        fence::result<void> locked = second->lock(acquire);
        if (locked)
          break;
        EXPECT_EQ(locked.error(), fence::error(EDEADLK));
        first->unlock();
        second->lock_slow(acquire);
        std::swap(first, second);
      }
      ++counted;
      first->unlock();
      second->unlock();
    }
  });
  EXPECT_EQ(counted, 400);
}

} // namespace
