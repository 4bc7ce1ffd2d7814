//===- runtime/src/kthread_worker.cpp - an ordered work queue whose one thread is there from the start -----------------------===//
#include "workqueue.h"

#include <fence/kthread_worker.h>

struct fence_kthread_worker {
  fence_workqueue queue;
};

static_assert(offsetof(fence_kthread_work, work) == 0);

extern "C" {

void fence_kthread_work_init_class(fence_kthread_work *work, fence_kthread_work_func func,
                                   fence_lock_class *lock_class) noexcept {
  fence_work_init_class(
      &work->work,
      [](fence_work *item) {
        auto *self = reinterpret_cast<fence_kthread_work *>(item);
        self->func(self);
      },
      lock_class);
  work->func = func;
}

fence_kthread_worker *fence_kthread_worker_create_class(const char *name, fence_lock_class *lock_class) noexcept {
  return reinterpret_cast<fence_kthread_worker *>(
      fence_workqueue_alloc_class(name, FENCE_WQ_ORDERED | FENCE_WQ_MEM_RECLAIM, 1, lock_class));
}
void fence_kthread_worker_destroy(fence_kthread_worker *worker) noexcept {
  fence_workqueue_destroy(reinterpret_cast<fence_workqueue *>(worker));
}
pthread_t fence_kthread_worker_thread(fence_kthread_worker *worker) noexcept { return worker->queue.threads[0]; }

bool fence_kthread_queue_work(fence_kthread_worker *worker, fence_kthread_work *work) noexcept {
  return fence_queue_work(&worker->queue, &work->work);
}
bool fence_kthread_flush_work(fence_kthread_work *work) noexcept { return fence_flush_work(&work->work); }
void fence_kthread_flush_worker(fence_kthread_worker *worker) noexcept { fence_flush_workqueue(&worker->queue); }
bool fence_kthread_cancel_work(fence_kthread_work *work) noexcept { return fence_cancel_work(&work->work); }
bool fence_kthread_cancel_work_sync(fence_kthread_work *work) noexcept { return fence_cancel_work_sync(&work->work); }

} // extern "C"
