// Locking many while others do the same: turns that are given up, and that everybody gets through.
#include "../env/threads.h"
#include "exec_test.h"

#include <algorithm>
#include <array>
#include <random>

namespace {

TEST_F(Exec, ARefusedTurnIsRepeatedWithTheRefusedOneFirst) {
  drm_exec_init(&exec, 0, 0);
  fence_ww_inject_deadlock(3); // The third lock with something held is refused: the fourth of the first turn.
  int turns = 0;
  drm_exec_until_all_locked(&exec) {
    ++turns;
    for (unsigned i = 0; i < 5; ++i) {
      int error = drm_exec_lock_obj(&exec, all[i]);
      if (turns == 1 && i == 3) {
        EXPECT_EQ(error, -EDEADLK);
        EXPECT_TRUE(drm_exec_is_contended(&exec));
        fence_ww_inject_deadlock(0);
      } else {
        EXPECT_EQ(error, 0);
      }
      drm_exec_retry_on_contention(&exec); // Leaves both loops.
    }
  }
  EXPECT_EQ(turns, 2);
  EXPECT_EQ(locked(), 5u);
  EXPECT_EQ(exec.num_objects, 5u);
  EXPECT_EQ(exec.objects[0], all[3]);
  EXPECT_EQ(exec.objects[1], all[0]);
  drm_exec_fini(&exec);
}

TEST_F(Exec, WhoGoesOnInARefusedTurnIsRefusedWithoutWaiting) {
  drm_exec_init(&exec, 0, 0);
  ASSERT_TRUE(drm_exec_cleanup(&exec));
  EXPECT_EQ(drm_exec_lock_obj(&exec, all[0]), 0);
  fence_ww_inject_deadlock(1);
  EXPECT_EQ(drm_exec_lock_obj(&exec, all[1]), -EDEADLK);
  fence_ww_inject_deadlock(0);
  EXPECT_EQ(drm_exec_lock_obj(&exec, all[2]), -EDEADLK);
  EXPECT_EQ(drm_exec_prepare_array(&exec, all, count, 1), -EDEADLK);
  EXPECT_EQ(locked(), 1u);
  ASSERT_TRUE(drm_exec_cleanup(&exec));
  EXPECT_EQ(locked(), 0u);
  EXPECT_EQ(drm_exec_lock_obj(&exec, all[2]), 0) << "and all[1], which was refused";
  EXPECT_TRUE(dma_resv_is_locked(all[1]));
  drm_exec_unlock_obj(&exec, all[1]);
  EXPECT_FALSE(dma_resv_is_locked(all[1]));
  EXPECT_EQ(drm_exec_lock_obj(&exec, all[1]), 0);
  EXPECT_TRUE(dma_resv_is_locked(all[1]));
  // The list of this turn may be another one: what was locked first goes with the others.
  EXPECT_FALSE(drm_exec_cleanup(&exec));
  EXPECT_EQ(locked(), 2u);
  drm_exec_fini(&exec);
}

TEST_F(Exec, TheRefusedOneIsLockedOnceAndMayBeGivenBack) {
  drm_exec_init(&exec, 0, 0);
  ASSERT_TRUE(drm_exec_cleanup(&exec));
  EXPECT_EQ(drm_exec_lock_obj(&exec, all[0]), 0);
  fence_ww_inject_deadlock(1);
  EXPECT_EQ(drm_exec_prepare_obj(&exec, all[1], 1), -EDEADLK);
  fence_ww_inject_deadlock(0);
  ASSERT_TRUE(drm_exec_cleanup(&exec));
  EXPECT_EQ(drm_exec_prepare_obj(&exec, all[1], 1), 0);
  EXPECT_EQ(exec.num_objects, 1u);
  EXPECT_EQ(drm_exec_lock_obj(&exec, all[1]), -EALREADY) << "this time it is a duplicate";
  drm_exec_unlock_obj(&exec, all[1]);
  EXPECT_EQ(drm_exec_lock_obj(&exec, all[1]), 0);
  EXPECT_FALSE(drm_exec_cleanup(&exec));
  drm_exec_fini(&exec);
}

TEST_F(Exec, InjectedRefusalsLetEverybodyThrough) {
  fence_ww_inject_deadlock(1);
  for (int i = 0; i < 3; ++i) {
    drm_exec_init(&exec, 0, 0);
    int turns = 0;
    drm_exec_until_all_locked(&exec) {
      ++turns;
      for (dma_resv *each : all) {
        drm_exec_lock_obj(&exec, each);
        drm_exec_retry_on_contention(&exec);
      }
    }
    EXPECT_EQ(turns, 2);
    EXPECT_EQ(locked(), count);
    drm_exec_fini(&exec);
  }
}

TEST_F(Exec, AnInterruptEndsTheWaitForALock) {
  ASSERT_EQ(dma_resv_lock(all[1], nullptr), 0);
  int error = 0;
  {
    interruptible_thread waiter([&] {
      drm_exec_init(&exec, DRM_EXEC_INTERRUPTIBLE_WAIT, 0);
      drm_exec_until_all_locked(&exec) error = drm_exec_lock_obj(&exec, all[1]);
      fence_clear_interrupt();
      drm_exec_fini(&exec);
    });
    waiter.interrupt();
  }
  EXPECT_EQ(error, -EINTR);
  dma_resv_unlock(all[1]);
}

TEST_F(Exec, AnInterruptEndsTheWaitForTheRefusedOne) {
  std::atomic<int> step = 0;
  int error = 0;
  {
    interruptible_thread waiter([&] {
      drm_exec_init(&exec, DRM_EXEC_INTERRUPTIBLE_WAIT, 0);
      drm_exec_cleanup(&exec);
      EXPECT_EQ(drm_exec_lock_obj(&exec, all[0]), 0);
      fence_ww_inject_deadlock(1);
      EXPECT_EQ(drm_exec_lock_obj(&exec, all[2]), -EDEADLK);
      drm_exec_cleanup(&exec);
      EXPECT_EQ(drm_exec_lock_obj(&exec, all[0]), 0); // And all[2] before it.
      exec.ticket.refused = nullptr;                  // Otherwise it would not be refused again.
      EXPECT_EQ(drm_exec_lock_obj(&exec, all[1]), -EDEADLK);
      fence_ww_inject_deadlock(0);
      drm_exec_cleanup(&exec);
      step = 1;
      until([&] { return step == 2; });
      error = drm_exec_lock_obj(&exec, all[0]);
      EXPECT_FALSE(drm_exec_is_contended(&exec));
      EXPECT_FALSE(drm_exec_cleanup(&exec));
      fence_clear_interrupt();
      EXPECT_EQ(drm_exec_lock_obj(&exec, all[2]), 0);
      EXPECT_TRUE(dma_resv_is_locked(all[2])) << "that it was locked first in an earlier turn is long past";
      drm_exec_fini(&exec);
    });
    until([&] { return step == 1; });
    EXPECT_EQ(dma_resv_lock(all[1], nullptr), 0);
    step = 2;
    waiter.interrupt();
  }
  EXPECT_EQ(error, -EINTR);
  dma_resv_unlock(all[1]);
}

TEST_F(Exec, ThreadsThatLockManyInRandomOrdersGetThrough) {
  std::array<int, count> guarded{};
  constexpr int threads = 4, rounds = 100, each = 5;
  run_together(threads, [&](int thread) {
    std::mt19937 random(static_cast<unsigned>(thread));
    std::array<unsigned, count> order;
    for (unsigned i = 0; i < count; ++i)
      order[i] = i;
    for (int round = 0; round < rounds; ++round) {
      std::shuffle(order.begin(), order.end(), random);
      drm_exec mine;
      drm_exec_init(&mine, 0, 0);
      drm_exec_until_all_locked(&mine) {
        for (int i = 0; i < each; ++i) {
          int error = drm_exec_prepare_obj(&mine, all[order[static_cast<unsigned>(i)]], 1);
          drm_exec_retry_on_contention(&mine);
          EXPECT_EQ(error, 0);
        }
      }
      EXPECT_EQ(mine.num_objects, static_cast<unsigned>(each));
      for (int i = 0; i < each; ++i)
        ++guarded[order[static_cast<unsigned>(i)]];
      drm_exec_fini(&mine);
    }
  });
  int sum = 0;
  for (int value : guarded)
    sum += value;
  EXPECT_EQ(sum, threads * rounds * each);
}

} // namespace
