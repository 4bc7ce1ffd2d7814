// Signalling against everything that may happen to a fence at the same time.
#include "scenarios.h"

namespace {

EXPLORE(signal_against_add) {
  dma_fence *fence = make_fence();
  noted cb;
  int added = 1;
  explore::threads(explore::body("signal", [&] { EXPLORE_CHECK(dma_fence_signal(fence) == 0); }),
                   explore::body("add", [&] { added = dma_fence_add_callback(fence, &cb, noted::called); }));
  EXPLORE_CHECK(added == 0 || added == -ENOENT);
  EXPLORE_CHECK(cb.calls == (added == 0));
  EXPLORE_CHECK(!dma_fence_remove_callback(fence, &cb));
  dma_fence_put(fence);
  fence_rcu_barrier();
}

EXPLORE(signal_against_remove) {
  dma_fence *fence = make_fence();
  noted first, second, third;
  for (noted *cb : {&first, &second, &third})
    dma_fence_add_callback(fence, cb, noted::called);
  bool removed = false;
  explore::threads(explore::body("signal", [&] { dma_fence_signal(fence); }), explore::body("remove", [&] {
                     removed = dma_fence_remove_callback(fence, &second);
                     // Whatever the answer, the call is over or will not be: the memory is ours.
                     EXPLORE_CHECK(second.calls == !removed);
                     second.node = {nullptr, nullptr};
                     second.func = nullptr;
                   }));
  EXPLORE_CHECK(first.calls == 1 && third.calls == 1);
  EXPLORE_CHECK(second.calls == !removed);
  dma_fence_put(fence);
  fence_rcu_barrier();
}

EXPLORE(two_signallers) {
  dma_fence *fence = make_fence();
  noted cb;
  dma_fence_add_callback(fence, &cb, noted::called);
  int results[2];
  explore::threads(explore::body("first",
                                 [&] {
                                   results[0] = dma_fence_signal(fence);
                                   EXPLORE_CHECK(dma_fence_test_signaled_flag(fence));
                                 }),
                   explore::body("second", [&] {
                     results[1] = dma_fence_signal(fence);
                     EXPLORE_CHECK(dma_fence_test_signaled_flag(fence));
                   }));
  EXPLORE_CHECK((results[0] == 0 && results[1] == -EINVAL) || (results[0] == -EINVAL && results[1] == 0));
  EXPLORE_CHECK(cb.calls == 1);
  dma_fence_put(fence);
  fence_rcu_barrier();
}

EXPLORE(error_and_time_are_seen_with_the_flag) {
  dma_fence *fence = make_fence();
  explore::threads(explore::body("signal",
                                 [&] {
                                   dma_fence_set_error(fence, -EIO);
                                   dma_fence_signal_timestamp(fence, 77);
                                 }),
                   explore::body("ask", [&] {
                     int status = dma_fence_get_status(fence);
                     EXPLORE_CHECK(status == 0 || status == -EIO);
                     if (status)
                       EXPLORE_CHECK(dma_fence_timestamp(fence) == 77);
                   }));
  dma_fence_put(fence);
  fence_rcu_barrier();
}

std::uint32_t enabled;
constexpr dma_fence_ops enabling_ops = [] {
  dma_fence_ops ops = explored_ops;
  ops.enable_signaling = [](dma_fence *fence) noexcept {
    EXPLORE_CHECK(!dma_fence_test_signaled_flag(fence));
    shared::fetch_add(enabled, 1u);
    return true;
  };
  return ops;
}();

EXPLORE(enable_against_signal_and_add, .preemptions = 3) {
  enabled = 0;
  dma_fence *fence = make_fence(enabling_ops);
  noted cb;
  int added = 1;
  explore::threads(explore::body("enable", [&] { dma_fence_enable_sw_signaling(fence); }),
                   explore::body("signal", [&] { EXPLORE_CHECK(dma_fence_signal(fence) == 0); }),
                   explore::body("add", [&] { added = dma_fence_add_callback(fence, &cb, noted::called); }));
  EXPLORE_CHECK(enabled <= 1);
  EXPLORE_CHECK(added == -ENOENT || enabled == 1);
  EXPLORE_CHECK(cb.calls == (added == 0));
  dma_fence_put(fence);
  fence_rcu_barrier();
}

std::uint32_t device_done;
constexpr dma_fence_ops polled_ops = [] {
  dma_fence_ops ops = explored_ops;
  ops.signaled = [](dma_fence *) noexcept { return shared::load_acquire(device_done) != 0; };
  return ops;
}();

EXPLORE(two_who_look_at_the_device) {
  device_done = 0;
  dma_fence *fence = make_fence(polled_ops);
  noted cb;
  dma_fence_add_callback(fence, &cb, noted::called);
  auto look = [&] {
    bool was_done = shared::load_acquire(device_done) != 0;
    bool signalled = dma_fence_is_signaled(fence);
    EXPLORE_CHECK(signalled || !was_done);
  };
  explore::threads(explore::body("device", [&] { shared::store_release(device_done, 1u); }),
                   explore::body("first", look), explore::body("second", look));
  EXPLORE_CHECK(dma_fence_is_signaled(fence));
  EXPLORE_CHECK(cb.calls == 1);
  dma_fence_put(fence);
  fence_rcu_barrier();
}

/// A callback that signals the next fence and drops it, as containers and proxies do.
struct forwarding : dma_fence_cb {
  dma_fence *next;
  static void called(dma_fence *, dma_fence_cb *cb) noexcept {
    auto *self = static_cast<forwarding *>(cb);
    dma_fence_signal(self->next);
    dma_fence_put(self->next);
  }
};

EXPLORE(forwarding_against_wait_of_the_next) {
  dma_fence *hardware = make_fence(), *next = make_fence();
  fence_spinlock lock_of_next = {};
  dma_fence_init(next, &explored_ops, &lock_of_next, 2, 1);
  forwarding link;
  link.next = dma_fence_get(next);
  dma_fence_add_callback(hardware, &link, forwarding::called);
  explore::threads(explore::body("interrupt",
                                 [&] {
                                   fence_hardirq_enter();
                                   dma_fence_signal(hardware);
                                   fence_hardirq_exit();
                                 }),
                   explore::body("wait", [&] {
                     EXPLORE_CHECK(dma_fence_wait(next, false) == 0);
                     dma_fence_put(next);
                   }));
  dma_fence_put(hardware);
  fence_rcu_barrier();
}

} // namespace
