// Waiting: no wake-up is lost, and nobody looks at a waiter's stack frame after it has gone.
#include "scenarios.h"

namespace {

constexpr std::int64_t some_time = 5;

EXPLORE(signal_against_wait) {
  dma_fence *fence = make_fence();
  explore::threads(explore::body("signal", [&] { dma_fence_signal(fence); }), explore::body("wait", [&] {
                     EXPLORE_CHECK(dma_fence_wait(fence, false) == 0);
                     explore::scribble_on_stack();
                     EXPLORE_CHECK(dma_fence_test_signaled_flag(fence));
                   }));
  dma_fence_put(fence);
  fence_rcu_barrier();
}

EXPLORE(signal_against_two_waits, .preemptions = 1) {
  dma_fence *fence = make_fence();
  auto wait = [&] {
    EXPLORE_CHECK(dma_fence_wait(fence, true) == 0);
    explore::scribble_on_stack();
  };
  explore::threads(explore::body("signal", [&] { dma_fence_signal(fence); }), explore::body("first", wait),
                   explore::body("second", wait));
  dma_fence_put(fence);
  fence_rcu_barrier();
}

EXPLORE(signal_against_wait_with_timeout, .preemptions = 3) {
  dma_fence *fence = make_fence();
  explore::threads(explore::body("signal", [&] { dma_fence_signal(fence); }), explore::body("wait", [&] {
                     std::uint64_t start = fence_now();
                     std::int64_t left = dma_fence_wait_timeout(fence, false, some_time);
                     explore::scribble_on_stack();
                     EXPLORE_CHECK(left >= 0 && left <= some_time);
                     bool is_over = fence_now() - start >= 5'000'000;
                     EXPLORE_CHECK(is_over ? left <= 1
                                           : left == some_time); // The clock stands still but for the wait's own end.
                     EXPLORE_CHECK(left == 0 || dma_fence_test_signaled_flag(fence));
                   }));
  EXPLORE_CHECK(dma_fence_signal(fence) == -EINVAL);
  dma_fence_put(fence);
  fence_rcu_barrier();
}

// The signal comes from within an atomic section, so the wake-up is deferred beyond it; the waiter may be long gone, with its memory.
EXPLORE(deferred_wake_against_the_end_of_the_waiter, .preemptions = 3) {
  dma_fence *fence = make_fence();
  explore::threads(explore::body("signal",
                                 [&] {
                                   fence_preempt_disable();
                                   dma_fence_signal(fence);
                                   fence_preempt_enable();
                                 }),
                   explore::body("wait", [&] {
                     dma_fence_wait_timeout(fence, false, some_time);
                     explore::scribble_on_stack();
                   }));
  dma_fence_put(fence);
  fence_rcu_barrier();
}

EXPLORE(the_waiter_drops_the_fence) {
  dma_fence *fence = make_fence();
  dma_fence_get(fence);
  explore::threads(explore::body("signal",
                                 [&] {
                                   dma_fence_signal(fence);
                                   dma_fence_put(fence);
                                 }),
                   explore::body("wait", [&] {
                     EXPLORE_CHECK(dma_fence_wait(fence, false) == 0);
                     dma_fence_put(fence);
                   }));
  fence_rcu_barrier();
}

EXPLORE(interrupt_against_signal_and_wait) {
  dma_fence *fence = make_fence();
  fence_thread *waiter = nullptr;
  explore::threads(explore::body("wait",
                                 [&] {
                                   shared::store_release(waiter, fence_thread_get(fence_thread_self()));
                                   std::int64_t result = dma_fence_wait(fence, true);
                                   explore::scribble_on_stack();
                                   EXPLORE_CHECK(result == 0 || result == -FENCE_ERESTARTSYS);
                                   if (result)
                                     EXPLORE_CHECK(fence_clear_interrupt());
                                   else
                                     EXPLORE_CHECK(dma_fence_test_signaled_flag(fence));
                                 }),
                   explore::body("interrupt", [&] {
                     if (fence_thread *thread = shared::load_acquire(waiter))
                       fence_interrupt(thread);
                     else
                       dma_fence_signal(fence);
                   }));
  fence_thread_put(waiter);
  dma_fence_put(fence);
  fence_rcu_barrier();
}

// Longer than the clock has run, so that a sum which wraps around shows.
EXPLORE(a_long_wait_that_nobody_ends) {
  dma_fence *fence = make_fence();
  std::uint64_t start = fence_now();
  EXPLORE_CHECK(dma_fence_wait_timeout(fence, false, 2'000) == 0);
  EXPLORE_CHECK(fence_now() - start == 2'000'000'000);
  dma_fence_put(fence);
}

// The device is done just when the time is over: that is in time, and what is left is at least 1.
constexpr std::uint64_t done_at = 1'000'000'000 + 5'000'000; // The clock starts at a second.
constexpr dma_fence_ops punctual_ops = [] {
  dma_fence_ops ops = explored_ops;
  ops.signaled = [](dma_fence *) noexcept { return fence_now() >= done_at; };
  return ops;
}();

EXPLORE(done_when_the_time_is_over) {
  dma_fence *fence = make_fence(punctual_ops);
  std::uint32_t index = 9;
  EXPLORE_CHECK(dma_fence_wait_any_timeout(&fence, 1, false, some_time, &index) == 1);
  EXPLORE_CHECK(index == 0);
  dma_fence_put(fence);
}

EXPLORE(wait_for_any_of_many_gives_its_memory_back, .preemptions = 0, .walks = 1) {
  constexpr std::uint32_t many = 17;
  dma_fence *fences[many];
  for (dma_fence *&fence : fences)
    fence = make_fence();
  EXPLORE_CHECK(dma_fence_wait_any_timeout(fences, many, false, some_time, nullptr) == 0);
  dma_fence_signal(fences[many - 1]);
  EXPLORE_CHECK(dma_fence_wait_any_timeout(fences, many, false, some_time, nullptr) == some_time);
  for (dma_fence *fence : fences)
    dma_fence_put(fence);
}

EXPLORE(wait_for_any_of_two, .preemptions = 2) {
  dma_fence *fences[] = {make_fence(), make_fence()};
  fence_spinlock second_lock = {};
  dma_fence_init(fences[1], &explored_ops, &second_lock, 2, 1);
  explore::threads(explore::body("first", [&] { dma_fence_signal(fences[0]); }),
                   explore::body("second", [&] { dma_fence_signal(fences[1]); }), explore::body("wait", [&] {
                     std::uint32_t index = 9;
                     EXPLORE_CHECK(dma_fence_wait_any_timeout(fences, 2, false, FENCE_MAX_TIMEOUT, &index) ==
                                   FENCE_MAX_TIMEOUT);
                     explore::scribble_on_stack();
                     EXPLORE_CHECK(index < 2);
                     EXPLORE_CHECK(dma_fence_test_signaled_flag(fences[index]));
                   }));
  for (dma_fence *fence : fences)
    dma_fence_put(fence);
  fence_rcu_barrier();
}

EXPLORE(wait_for_any_with_timeout, .preemptions = 3) {
  dma_fence *fences[] = {make_fence(), make_fence()};
  explore::threads(explore::body("signal", [&] { dma_fence_signal(fences[1]); }), explore::body("wait", [&] {
                     std::uint32_t index = 9;
                     std::int64_t left = dma_fence_wait_any_timeout(fences, 2, false, some_time, &index);
                     explore::scribble_on_stack();
                     EXPLORE_CHECK(left ? index == 1 : index == 9);
                   }));
  for (dma_fence *fence : fences)
    dma_fence_put(fence);
  fence_rcu_barrier();
}

} // namespace
