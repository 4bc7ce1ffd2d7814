// Some reservations, for tests that lock many of them.
#ifndef EXEC_TEST_H
#define EXEC_TEST_H

#include <cerrno>
#include <fence/drm-exec.h>
#include <fence/memory.h>
#include <gtest/gtest.h>

class Exec : public testing::Test {
protected:
  static constexpr unsigned count = 12;
  Exec() {
    for (unsigned i = 0; i < count; ++i) {
      dma_resv_init(&resvs[i]);
      all[i] = &resvs[i];
    }
  }
  ~Exec() override {
    fence_ww_inject_deadlock(0);
    fence_fail_allocation(-1);
    for (dma_resv &resv : resvs) {
      EXPECT_FALSE(dma_resv_is_locked(&resv));
      dma_resv_fini(&resv);
    }
  }
  unsigned locked() {
    unsigned number = 0;
    for (dma_resv &resv : resvs)
      number += dma_resv_is_locked(&resv);
    return number;
  }

  dma_resv resvs[count];
  dma_resv *all[count];
  drm_exec exec;
};

#endif
