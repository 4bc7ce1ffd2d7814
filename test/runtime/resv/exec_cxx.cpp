// Locking many in C++: turns as a function that is called anew.
#include "../env/threads.h"

#include <fence/drm_exec.hpp>
#include <gtest/gtest.h>

namespace {

struct CxxExec : testing::Test {
  fence::reservation resvs[4];
  fence::reservation *all[4] = {&resvs[0], &resvs[1], &resvs[2], &resvs[3]};
  ~CxxExec() override { fence_ww_inject_deadlock(0); }
};

TEST_F(CxxExec, HoldsAllToItsEnd) {
  {
    fence::exec exec({.expected = 4});
    EXPECT_TRUE(exec.lock_all(all, 1));
    EXPECT_EQ(exec.size(), 4u);
    for (std::size_t i = 0; i < exec.size(); ++i) {
      EXPECT_EQ(&exec[i], all[i]);
      exec[i].assert_held();
    }
    exec.unlock(resvs[2]);
    EXPECT_FALSE(resvs[2].is_locked());
  }
  for (fence::reservation &resv : resvs)
    EXPECT_FALSE(resv.is_locked());
}

TEST_F(CxxExec, ARefusedTurnIsCalledAnew) {
  fence::exec exec;
  int turns = 0;
  fence_ww_inject_deadlock(2);
  auto done = exec.until_all_locked([&](fence::exec &turn) noexcept -> fence::result<void> {
    ++turns;
    for (fence::reservation &resv : resvs)
      if (auto one = turn.lock(resv); !one) {
        EXPECT_EQ(one.error(), fence::error(EDEADLK));
        fence_ww_inject_deadlock(0);
        return one;
      }
    return {};
  });
  EXPECT_TRUE(done);
  EXPECT_EQ(turns, 2);
  EXPECT_EQ(exec.size(), 4u);
  EXPECT_EQ(&exec[0], all[2]) << "it was refused, so it came first";
}

TEST_F(CxxExec, AnErrorEndsTheTurns) {
  fence::exec exec;
  int turns = 0;
  auto done = exec.until_all_locked([&](fence::exec &turn) noexcept -> fence::result<void> {
    ++turns;
    if (auto one = turn.lock(resvs[0]); !one)
      return one;
    return turn.lock(resvs[0]);
  });
  EXPECT_EQ(done.error(), fence::error(EALREADY));
  EXPECT_EQ(turns, 1);
  EXPECT_TRUE(resvs[0].is_locked());
}

TEST_F(CxxExec, DuplicatesAreIgnoredIfOneAsksForIt) {
  fence::exec exec({.ignore_duplicates = true});
  fence::reservation *twice[] = {all[0], all[0]};
  EXPECT_TRUE(exec.lock_all(twice, 1));
  EXPECT_EQ(exec.size(), 1u);
}

TEST_F(CxxExec, AnInterruptEndsIt) {
  resvs[0].lock();
  fence::error why;
  {
    interruptible_thread waiter([&] {
      {
        fence::exec exec({.interruptible = true});
        why = exec.lock_all(all, 1).error();
      }
      fence_clear_interrupt();
    });
    waiter.interrupt();
  }
  EXPECT_EQ(why, fence::error(EINTR));
  resvs[0].unlock();
}

TEST_F(CxxExec, OppositeOrdersGetThrough) {
  int guarded = 0;
  run_together(2, [&](int which) {
    fence::reservation *mine[4];
    for (int i = 0; i < 4; ++i)
      mine[i] = all[which ? 3 - i : i];
    for (int round = 0; round < 200; ++round) {
      fence::exec exec;
      EXPECT_TRUE(exec.lock_all(mine, 0));
      ++guarded;
    }
  });
  EXPECT_EQ(guarded, 400);
}

} // namespace
