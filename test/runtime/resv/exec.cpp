// Locking many where nobody else wants them: what is remembered, given back and refused.
#include "exec_test.h"

namespace {

TEST_F(Exec, OfNothing) {
  drm_exec_init(&exec, 0, 0);
  drm_exec_fini(&exec);
  drm_exec_init(&exec, DRM_EXEC_INTERRUPTIBLE_WAIT, 3);
  int turns = 0;
  drm_exec_until_all_locked(&exec) ++turns;
  EXPECT_EQ(turns, 1);
  EXPECT_EQ(exec.num_objects, 0u);
  EXPECT_TRUE(exec.ticket.done) << "nothing else will be locked";
  drm_exec_fini(&exec);
}

TEST_F(Exec, LocksOneToItsEnd) {
  drm_exec_init(&exec, 0, 1);
  drm_exec_until_all_locked(&exec) {
    EXPECT_EQ(drm_exec_lock_obj(&exec, all[0]), 0);
    drm_exec_retry_on_contention(&exec);
  }
  EXPECT_EQ(locked(), 1u);
  EXPECT_TRUE(fence_ww_mutex_is_held(&resvs[0].lock));
  drm_exec_fini(&exec);
  EXPECT_EQ(locked(), 0u);
}

TEST_F(Exec, OneMayBeGivenBackBeforeTheOthers) {
  drm_exec_init(&exec, 0, 0);
  drm_exec_until_all_locked(&exec) {
    for (unsigned i = 0; i < 3; ++i) {
      EXPECT_EQ(drm_exec_lock_obj(&exec, all[i]), 0);
      drm_exec_retry_on_contention(&exec);
    }
    drm_exec_unlock_obj(&exec, all[1]);
    EXPECT_FALSE(dma_resv_is_locked(all[1]));
    EXPECT_EQ(exec.num_objects, 2u);
    EXPECT_EQ(drm_exec_lock_obj(&exec, all[1]), 0);
    drm_exec_unlock_obj(&exec, all[0]);
  }
  dma_resv *wanted[] = {all[2], all[1]}, *each;
  unsigned index;
  drm_exec_for_each_locked_object(&exec, index, each) EXPECT_EQ(each, wanted[index]);
  EXPECT_EQ(index, 2u);
  drm_exec_unlock_obj(&exec, all[5]); // Not locked: nothing happens.
  EXPECT_EQ(exec.num_objects, 2u);
  drm_exec_fini(&exec);
}

TEST_F(Exec, ADuplicateIsAnErrorUnlessItIsIgnored) {
  drm_exec_init(&exec, 0, 0);
  drm_exec_until_all_locked(&exec) {
    EXPECT_EQ(drm_exec_lock_obj(&exec, all[0]), 0);
    EXPECT_EQ(drm_exec_lock_obj(&exec, all[0]), -EALREADY);
    EXPECT_FALSE(drm_exec_is_contended(&exec));
  }
  EXPECT_EQ(locked(), 1u);
  drm_exec_fini(&exec);
  drm_exec_init(&exec, DRM_EXEC_IGNORE_DUPLICATES, 0);
  drm_exec_until_all_locked(&exec) {
    EXPECT_EQ(drm_exec_lock_obj(&exec, all[0]), 0);
    EXPECT_EQ(drm_exec_lock_obj(&exec, all[0]), 0);
  }
  EXPECT_EQ(exec.num_objects, 1u);
  drm_exec_unlock_obj(&exec, all[0]);
  EXPECT_EQ(locked(), 0u);
  drm_exec_fini(&exec);
}

TEST_F(Exec, PreparesRoomForFences) {
  drm_exec_init(&exec, 0, 1);
  drm_exec_until_all_locked(&exec) {
    EXPECT_EQ(drm_exec_prepare_obj(&exec, all[0], 5), 0);
    drm_exec_retry_on_contention(&exec);
  }
  fence_fail_allocation(0); // There is room already, so nothing is allocated.
  EXPECT_EQ(dma_resv_reserve_fences(all[0], 5), 0);
  fence_fail_allocation(-1);
  drm_exec_fini(&exec);
}

TEST_F(Exec, PreparesAnArray) {
  drm_exec_init(&exec, 0, 0);
  drm_exec_until_all_locked(&exec) {
    EXPECT_EQ(drm_exec_prepare_array(&exec, all, count, 1), 0);
    drm_exec_retry_on_contention(&exec);
  }
  EXPECT_EQ(locked(), count);
  EXPECT_EQ(exec.num_objects, count);
  drm_exec_fini(&exec);
}

TEST_F(Exec, AnArrayEndsWithItsFirstError) {
  dma_resv *twice[] = {all[0], all[0], all[1]};
  drm_exec_init(&exec, 0, 0);
  drm_exec_until_all_locked(&exec) { EXPECT_EQ(drm_exec_prepare_array(&exec, twice, 3, 1), -EALREADY); }
  EXPECT_EQ(locked(), 1u);
  drm_exec_fini(&exec);
}

TEST_F(Exec, ManyLoopsOneAfterTheOther) {
  for (int i = 0; i < 3; ++i) {
    drm_exec_init(&exec, DRM_EXEC_INTERRUPTIBLE_WAIT, 0);
    int turns = 0;
    drm_exec_until_all_locked(&exec) {
      ++turns;
      EXPECT_EQ(drm_exec_lock_obj(&exec, all[i]), 0);
      drm_exec_retry_on_contention(&exec);
    }
    EXPECT_EQ(turns, 1);
    drm_exec_fini(&exec);
    EXPECT_EQ(locked(), 0u);
  }
}

TEST_F(Exec, WithoutMemoryWhatWasLockedStaysLocked) {
  fence_fail_allocation(0);
  drm_exec_init(&exec, 0, 100); // Tries again when it needs the room.
  drm_exec_until_all_locked(&exec) {
    fence_fail_allocation(0);
    EXPECT_EQ(drm_exec_lock_obj(&exec, all[0]), -ENOMEM);
    EXPECT_EQ(locked(), 0u);
    unsigned i = 0;
    int error = 0;
    while (i < count && !(error = drm_exec_lock_obj(&exec, all[i]))) {
      ++i;
      fence_fail_allocation(0);
    }
    EXPECT_EQ(error, -ENOMEM);
    EXPECT_GT(i, 1u);
    EXPECT_EQ(locked(), i);
    EXPECT_EQ(exec.num_objects, i);
  }
  drm_exec_fini(&exec);
}

TEST_F(Exec, WithoutRoomForFencesTheLockIsGivenBack) {
  drm_exec_init(&exec, DRM_EXEC_IGNORE_DUPLICATES, count);
  drm_exec_until_all_locked(&exec) {
    fence_fail_allocation(0);
    EXPECT_EQ(drm_exec_prepare_obj(&exec, all[0], 1), -ENOMEM);
    EXPECT_EQ(locked(), 0u);
    EXPECT_EQ(drm_exec_prepare_obj(&exec, all[1], 1), 0);
    fence_fail_allocation(0);
    EXPECT_EQ(drm_exec_prepare_obj(&exec, all[1], 50), -ENOMEM);
    EXPECT_EQ(locked(), 1u) << "the lock is the earlier call's";
    fence_fail_allocation(-1);
  }
  drm_exec_fini(&exec);
}

} // namespace
