// Arrays, chains and sync objects, against everything that may happen to their members at the same time.
#include "scenarios.h"

#include <fence/drm-syncobj.h>
#include <fence/dma-fence-unwrap.h>
#include <fence/memory.h>

namespace {

// Members with a lock each, as of two devices.
fence_spinlock locks[3];
dma_fence *member(int number) {
  auto *fence = static_cast<dma_fence *>(std::malloc(sizeof(dma_fence)));
  locks[number] = {};
  dma_fence_init(fence, &explored_ops, &locks[number], number + 2u, 1);
  return fence;
}
void fail(dma_fence *fence, int error) {
  dma_fence_set_error(fence, error);
  dma_fence_signal(fence);
}
dma_fence *array_of(dma_fence *a, dma_fence *b, bool any) {
  auto **fences = static_cast<dma_fence **>(std::malloc(2 * sizeof(dma_fence *)));
  fences[0] = dma_fence_get(a);
  fences[1] = dma_fence_get(b);
  return &dma_fence_array_create(2, fences, 1, 1, any)->base;
}
dma_fence *link_of(dma_fence *prev, dma_fence *fence, std::uint64_t seqno) {
  dma_fence_chain *link = dma_fence_chain_alloc();
  dma_fence_chain_init(link, dma_fence_get(prev), dma_fence_get(fence), seqno);
  return &link->base;
}

EXPLORE(array_armed_against_its_members, .preemptions = 2) {
  dma_fence *a = member(0), *b = member(1), *array = array_of(a, b, false);
  noted cb;
  int added = 1;
  explore::threads(explore::body("arm", [&] { added = dma_fence_add_callback(array, &cb, noted::called); }),
                   explore::body("first", [&] { fail(a, -EIO); }), explore::body("second", [&] { dma_fence_signal(b); }));
  EXPLORE_CHECK(cb.calls == (added == 0));
  EXPLORE_CHECK(dma_fence_get_status(array) == -EIO);
  for (dma_fence *fence : {a, b, array})
    dma_fence_put(fence);
  fence_rcu_barrier();
}

EXPLORE(array_of_any_armed_and_released_against_its_members, .preemptions = 2) {
  dma_fence *a = member(0), *b = member(1), *array = array_of(a, b, true);
  explore::threads(explore::body("arm", [&] {
                     dma_fence_enable_sw_signaling(array);
                     dma_fence_put(array);
                   }),
                   explore::body("first", [&] {
                     dma_fence_signal(a);
                     dma_fence_put(a);
                   }),
                   explore::body("second", [&] {
                     dma_fence_signal(b);
                     dma_fence_put(b);
                   }));
  fence_rcu_barrier();
}

EXPLORE(array_of_any_lets_go_of_a_member_that_is_released, .preemptions = 3) {
  dma_fence *a = member(0), *b = member(1), *array = array_of(a, b, true);
  dma_fence_enable_sw_signaling(array);
  dma_fence_put(array);
  explore::threads(explore::body("signal", [&] { dma_fence_signal(a); }), explore::body("put", [&] { dma_fence_put(b); }));
  dma_fence_put(a);
  fence_rcu_barrier();
}

EXPLORE(array_polled_against_its_members, .preemptions = 2) {
  dma_fence *a = member(0), *b = member(1), *array = array_of(a, b, false);
  dma_fence_enable_sw_signaling(array);
  int seen = 0;
  explore::threads(explore::body("poll", [&] { seen = dma_fence_get_status(array); }), explore::body("first", [&] { fail(a, -EIO); }),
                   explore::body("second", [&] { fail(b, -EINVAL); }));
  int last = dma_fence_get_status(array);
  EXPLORE_CHECK(last == -EIO || last == -EINVAL);
  EXPLORE_CHECK(seen == 0 || seen == last);
  for (dma_fence *fence : {a, b, array})
    dma_fence_put(fence);
  fence_rcu_barrier();
}

EXPLORE(chain_armed_against_its_fences, .preemptions = 2) {
  dma_fence *a = member(0), *b = member(1), *old = link_of(nullptr, a, 1), *tail = link_of(old, b, 2);
  noted cb;
  int added = 1;
  dma_fence_put(old);
  explore::threads(explore::body("arm", [&] { added = dma_fence_add_callback(tail, &cb, noted::called); }),
                   explore::body("old", [&] { fail(a, -EIO); }), explore::body("new", [&] { dma_fence_signal(b); }));
  EXPLORE_CHECK(cb.calls == (added == 0));
  EXPLORE_CHECK(dma_fence_get_status(tail) == -EIO);
  for (dma_fence *fence : {a, b, tail})
    dma_fence_put(fence);
  fence_rcu_barrier();
}

EXPLORE(chain_walked_by_two_against_a_signal, .preemptions = 2) {
  dma_fence *f[3], *tail = nullptr;
  for (int i = 0; i < 3; ++i) {
    f[i] = member(i);
    dma_fence *next = link_of(tail, f[i], i + 1u);
    dma_fence_put(tail);
    tail = next;
  }
  fail(f[1], -EIO);
  explore::threads(explore::body("walk", [&] { dma_fence_put(dma_fence_chain_walk(dma_fence_get(tail))); }), explore::body("poll", [&] {
                     int status = dma_fence_get_status(tail);
                     EXPLORE_CHECK(status == 0 || status == -EIO);
                   }),
                   explore::body("signal", [&] {
                     dma_fence_signal(f[0]);
                     dma_fence_signal(f[2]);
                   }));
  EXPLORE_CHECK(dma_fence_get_status(tail) == -EIO);
  dma_fence_put(tail);
  for (dma_fence *fence : f)
    dma_fence_put(fence);
  fence_rcu_barrier();
}

EXPLORE(chain_released_against_a_walk, .preemptions = 3) {
  dma_fence *a = member(0), *b = member(1), *old = link_of(nullptr, a, 1), *tail = link_of(old, b, 2);
  dma_fence_signal(a);
  dma_fence *also = dma_fence_get(tail);
  explore::threads(explore::body("walk", [&] { dma_fence_put(dma_fence_chain_walk(also)); }), explore::body("release", [&] {
                     dma_fence_put(tail);
                     dma_fence_put(old);
                   }));
  dma_fence_put(a);
  dma_fence_put(b);
  fence_rcu_barrier();
}

EXPLORE(syncobj_submission_against_its_wait, .preemptions = 2) {
  drm_syncobj *object;
  EXPLORE_CHECK(drm_syncobj_create(&object, 0, nullptr) == 0);
  dma_fence *a = member(0);
  dma_fence_chain *link = dma_fence_chain_alloc();
  std::int64_t left = 0;
  explore::threads(explore::body("wait", [&] {
                     std::uint64_t point = 1;
                     left = drm_syncobj_wait(&object, &point, 1, DRM_SYNCOBJ_WAIT_FLAGS_WAIT_FOR_SUBMIT, FENCE_MAX_TIMEOUT, nullptr);
                   }),
                   explore::body("submit", [&] {
                     drm_syncobj_add_point(object, link, a, 1);
                     dma_fence_signal(a);
                   }));
  EXPLORE_CHECK(left > 0);
  EXPLORE_CHECK(fence_list_empty(&object->waiters));
  EXPLORE_CHECK(drm_syncobj_query(object, 0) == 1);
  drm_syncobj_put(object);
  dma_fence_put(a);
  fence_rcu_barrier();
}

EXPLORE(syncobj_replaced_against_a_look, .preemptions = 4) {
  dma_fence *a = member(0), *b = member(1);
  drm_syncobj *object;
  EXPLORE_CHECK(drm_syncobj_create(&object, 0, a) == 0);
  dma_fence_put(a);
  explore::threads(explore::body("look", [&] {
                     dma_fence *seen = drm_syncobj_fence_get(object);
                     EXPLORE_CHECK(seen && !dma_fence_is_signaled(seen));
                     dma_fence_put(seen);
                   }),
                   explore::body("replace", [&] { drm_syncobj_replace_fence(object, b); }));
  drm_syncobj_put(object);
  dma_fence_put(b);
  fence_rcu_barrier();
}

} // namespace
