//===- runtime/src/workqueue.cpp - work queues: their life and their threads --------------------------------------------------===//
#include "workqueue.h"

#include "fork.h"
#include "misuse.h"
#include "thread_start.h"

#include <cstring>
#include <fence/memory.h>
#include <fence/rcu.h>

using fence::current;
namespace shared = fence::shared;

namespace fence {

namespace {

FENCE_LOCK_CLASS(queue_lock_class, "workqueue", FENCE_LOCK_SPINS);
FENCE_LOCK_CLASS(living_lock_class, "workqueues", FENCE_LOCK_SPINS);
FENCE_LOCK_CLASS(system_class, "system_workqueue", FENCE_LOCK_SECTION);

fence_spinlock living_lock = FENCE_SPINLOCK_INIT(&living_lock_class);
__thread worker *this_worker __attribute__((tls_model("initial-exec")));

constexpr unsigned system_active = 64;
/// How long a flush waits for a worker before it tries again to start one.
constexpr std::uint64_t retry_start = 100'000'000;
constexpr int spins_while_moving = 1000;
constexpr std::uint64_t moving_nap = 50'000;

void start_worker(fence_deferred *queue) noexcept;

pthread_t system_threads[system_active];
constinit fence_workqueue system_queue = {
    .start = {nullptr, start_worker},
    .lock = FENCE_SPINLOCK_INIT(&queue_lock_class),
    .ready = {&system_queue.ready, &system_queue.ready},
    .again = {&system_queue.again, &system_queue.again},
    .delayed = {&system_queue.delayed, &system_queue.delayed},
    .workers = {&system_queue.workers, &system_queue.workers},
    .idle = {&system_queue.idle, &system_queue.idle},
    .flushers = {&system_queue.flushers, &system_queue.flushers},
    .living = {&system_queue.living, &system_queue.living}, // the head of the list of all queues: it is always there
    .next_ticket = 1,
    .outstanding = 0,
    .max_active = system_active,
    .started = 0,
    .starting = false,
    .refusing = false,
    .ending = false,
    .destroyer = nullptr,
    .lock_class = &system_class,
    .name = "fence-work",
    .threads = system_threads,
};

/// Calls visit(queue) for every queue; with living_lock.
template <class Visit> void for_each_queue(Visit visit) noexcept {
  fence_workqueue *queue = &system_queue;
  do {
    auto *next = reinterpret_cast<fence_workqueue *>(reinterpret_cast<char *>(queue->living.next) -
                                                     offsetof(fence_workqueue, living));
    visit(queue);
    queue = next;
  } while (queue != &system_queue);
}

void wake_destroyer(fence_workqueue *queue) noexcept {
  if (queue->destroyer)
    fence_unpark(queue->destroyer);
}

//===- Workers -----------------------------------------------------------------------===//

/// The thread goes on with other people's items, which did not ask for what one has left behind.
[[gnu::cold]] void leave_everything(const void *func) noexcept {
  report_misuse(func, "a work item's function has not left its atomic or signalling section");
  for (unsigned levels = current.rcu; levels; --levels)
    fence_rcu_read_unlock();
  current.rcu = current.hardirq = current.softirq = current.signalling = 0;
  current.held_back = 0;
  leave_atomic();
}

/// With the lock, which it gives back while the item runs. False: this thread belongs to a forked child now and has to end.
bool run_first(worker *self) noexcept {
  fence_workqueue *queue = self->queue;
  auto *work = first_of<fence_work>(queue->ready);
  fence_work_func func = work->func;
  [[maybe_unused]] fence_lock_class *lock_class = work->lock_class;
  fence_list_unlink(&work->node);
  self->running = work;
  self->ticket = work->ticket;
  shared::fetch_and(work->state, ~work_pending); // From here on it may be queued again.
  if (!fence_list_empty(&queue->ready))
    kick(queue);
  fence_spin_unlock_irq(&queue->lock);

  std::uint32_t process = this_process();
  fence_lock_acquired(queue->lock_class, queue, 0, FENCE_ACQUIRE_READ);
  fence_lock_acquired(lock_class, work, 0, 0);
  func(work);
  fence_lock_released(lock_class, work);
  fence_lock_released(queue->lock_class, queue);
  fence_assert_idle("a work item returns");
  if (current.atomic() || current.signalling)
    leave_everything(reinterpret_cast<const void *>(func));
  if (process != this_process())
    return false;

  fence_spin_lock_irq(&queue->lock);
  self->running = nullptr;
  for (fence_list *node = queue->again.next; node != &queue->again; node = node->next)
    if (node == &work->node) {
      fence_list_unlink(node);
      fence_list_append(&queue->ready, node);
      break;
    }
  finish(queue, self->ticket);
  return true;
}

void *work_on(void *data) {
  auto *queue = static_cast<fence_workqueue *>(data);
  worker self{{}, {}, queue, fence_thread_self(), nullptr, 0};
  fence_list_init(&self.idle);
  this_worker = &self;
  name_this_thread(queue->name);
  fence_spin_lock_irq(&queue->lock);
  fence_list_append(&queue->workers, &self.node);
  for (;;) {
    if (!fence_list_empty(&queue->ready)) {
      fence_list_unlink(&self.idle);
      if (!run_first(&self))
        return nullptr;
    } else if (queue->ending) {
      break;
    } else {
      if (fence_list_empty(&self.idle))
        fence_list_append(queue->idle.next, &self.idle); // in front
      fence_spin_unlock_irq(&queue->lock);
      fence_park(FENCE_FOREVER);
      fence_spin_lock_irq(&queue->lock);
    }
  }
  fence_list_unlink(&self.idle);
  fence_list_unlink(&self.node);
  this_worker = nullptr;
  fence_spin_unlock_irq(&queue->lock);
  return nullptr;
}

void start_worker(fence_deferred *deferred) noexcept {
  auto *queue = reinterpret_cast<fence_workqueue *>(deferred);
  watch_fork();
  unsigned long flags = lock_irqsave(&queue->lock, 0);
  unsigned index = queue->started; // Nobody else starts one: `starting` is set.
  bool needed = !queue->ending;
  unlock_queue(queue, flags);
  bool started = needed && start_thread(&queue->threads[index], work_on, queue, false);
  flags = lock_irqsave(&queue->lock, 0);
  queue->starting = false;
  queue->started += started;
  if (started && !fence_list_empty(&queue->ready))
    kick(queue); // For one item more than the new worker takes, perhaps; it costs a thread, no order.
  wake_destroyer(queue);
  unlock_queue(queue, flags);
}

} // namespace

worker *current_worker() noexcept { return this_worker; }

void kick(fence_workqueue *queue) noexcept {
  if (!fence_list_empty(&queue->idle)) {
    auto *idle = reinterpret_cast<worker *>(reinterpret_cast<char *>(queue->idle.next) - offsetof(worker, idle));
    fence_list_unlink(&idle->idle);
    fence_unpark(idle->thread); // Comes after the unlock.
  } else if (queue->started < queue->max_active && !queue->starting) {
    queue->starting = true;
    fence_defer(&queue->start); // So does this.
  }
}

//===- Life of a queue --------------------------------------------------------------------===//

fence_workqueue *make_queue(const char *name, unsigned max_active, fence_lock_class *lock_class) noexcept {
  auto *queue = static_cast<fence_workqueue *>(
      fence_alloc(sizeof(fence_workqueue) + max_active * sizeof(pthread_t), FENCE_GFP_KERNEL | FENCE_GFP_ZERO));
  if (!queue)
    return nullptr;
  queue->start.run = start_worker;
  fence_spin_lock_init_class(&queue->lock, &queue_lock_class);
  for (fence_list *list :
       {&queue->ready, &queue->again, &queue->delayed, &queue->workers, &queue->idle, &queue->flushers})
    fence_list_init(list);
  queue->next_ticket = 1;
  queue->max_active = max_active;
  queue->lock_class = lock_class;
  std::strncpy(queue->name, name, sizeof queue->name - 1);
  queue->threads = reinterpret_cast<pthread_t *>(queue + 1);
  fence_spin_lock_irq(&living_lock);
  fence_list_append(&system_queue.living, &queue->living);
  fence_spin_unlock_irq(&living_lock);
  return queue;
}

bool start_first_worker(fence_workqueue *queue) noexcept {
  fence_might_sleep();
  queue->starting = true;
  start_worker(&queue->start);
  return queue->started != 0;
}

bool lock_if_living(const fence_workqueue *sought, unsigned long &flags) noexcept {
  fence_workqueue *found = nullptr;
  flags = fence_irq_save();
  fence_spin_lock(&living_lock);
  for_each_queue([&](fence_workqueue *queue) {
    if (queue == sought)
      found = queue;
  });
  if (found)
    fence_spin_lock(&found->lock);
  fence_spin_unlock(&living_lock);
  if (!found)
    fence_irq_restore(flags);
  return found;
}

fence_workqueue *lock_queue_of(const fence_work *work, unsigned long &flags) noexcept {
  for (int i = 0;; ++i) {
    fence_workqueue *queue = shared::load_acquire(work->queue);
    bool living = lock_if_living(queue, flags);
    std::uint32_t state = shared::load_acquire(work->state);
    if (!(state & work_moving) && shared::load_acquire(work->queue) == queue)
      return living ? queue : nullptr;
    if (living)
      unlock_queue(queue, flags);
    // Somebody is queueing it elsewhere; he needs a few instructions for that, if he is running.
    if (i < spins_while_moving)
      shared::relax();
    else
      shared::wait(const_cast<std::uint32_t *>(&work->state), state, shared::now() + moving_nap);
  }
}

void wait_for_tickets(fence_workqueue *queue, unsigned long flags, std::uint64_t first, std::uint64_t last,
                      std::uint64_t count) noexcept {
  flusher here{{}, first, last, count, fence_thread_self(), 0};
  fence_list_append(&queue->flushers, &here.node);
  if (!fence_list_empty(&queue->ready))
    kick(queue);
  bool without_worker = queue->started == 0;
  unlock_queue(queue, flags);
  while (!shared::load_acquire(here.done)) {
    if (fence_park(without_worker ? fence_now() + retry_start : FENCE_FOREVER))
      continue;
    // From the moment in which we are done the queue may be destroyed.
    if (!lock_if_living(queue, flags))
      continue;
    without_worker = queue->started == 0;
    if (without_worker)
      kick(queue);
    unlock_queue(queue, flags);
  }
}

//===- fork() ----------------------------------------------------------------------------------===//

namespace {
unsigned long flags_at_fork; // under living_lock
}

void lock_workqueues() noexcept {
  unsigned long flags = fence_spin_lock_irqsave(&living_lock);
  flags_at_fork = flags;
  // Without the checker, which would see locks of one class within each other: nobody else holds two of them, so there is no order.
  for_each_queue([](fence_workqueue *queue) {
    std::uint32_t seen = spin_free;
    while (!shared::compare_exchange(queue->lock.word, seen, spin_held)) {
      seen = spin_free;
      shared::relax();
    }
  });
}

void unlock_workqueues(bool in_child) noexcept {
  for_each_queue([in_child](fence_workqueue *queue) {
    if (in_child) {
      while (!fence_list_empty(&queue->again)) {
        fence_list *node = queue->again.next;
        fence_list_unlink(node);
        fence_list_append(&queue->ready, node);
      }
      fence_list_init(&queue->workers);
      fence_list_init(&queue->idle);
      fence_list_init(&queue->flushers);
      queue->started = 0;
      queue->starting = false;
      queue->destroyer = nullptr;
      queue->outstanding = 0;
      for (fence_list *node = queue->ready.next; node != &queue->ready; node = node->next)
        ++queue->outstanding;
    }
    if (shared::exchange(queue->lock.word, spin_free) == spin_waited_for)
      wake_waiter_of(&queue->lock);
  });
  if (in_child)
    this_worker = nullptr;
  fence_spin_unlock_irqrestore(&living_lock, flags_at_fork);
}

} // namespace fence

extern "C" {

fence_workqueue *fence_workqueue_alloc_class(const char *name, unsigned flags, unsigned max_active,
                                             fence_lock_class *lock_class) noexcept {
  if (flags & FENCE_WQ_ORDERED)
    max_active = 1;
  else if (max_active == 0)
    max_active = FENCE_WQ_DEFAULT_ACTIVE;
  if (max_active > FENCE_WQ_MAX_ACTIVE)
    max_active = FENCE_WQ_MAX_ACTIVE;
  fence_workqueue *queue = fence::make_queue(name, max_active, lock_class);
  if (queue && (flags & FENCE_WQ_MEM_RECLAIM) && !fence::start_first_worker(queue)) {
    fence_workqueue_destroy(queue);
    return nullptr;
  }
  return queue;
}

void fence_workqueue_destroy(fence_workqueue *queue) noexcept {
  if (!queue)
    return;
  fence_might_sleep();
  fence::worker *self = fence::current_worker();
  if ((self && self->queue == queue) || queue == &fence::system_queue) {
    fence::report_misuse(queue, "a work queue is destroyed by an item of its own, or is the system's");
    return;
  }
  fence::waits_for_end_of(queue->lock_class, queue);
  unsigned long flags = fence::lock_irqsave(&queue->lock, 0);
  queue->refusing = true;
  queue->destroyer = fence_thread_self();
  for (fence_list *node = queue->delayed.next, *next; node != &queue->delayed; node = next) {
    next = node->next;
    auto *delayed = reinterpret_cast<fence_delayed_work *>(node);
    // If the timer's function is on its way, it makes the item ready itself.
    if (fence_timer_delete(&delayed->timer))
      fence::expire(queue, &delayed->work);
  }
  while (queue->outstanding || queue->starting || !fence_list_empty(&queue->delayed)) {
    if (!fence_list_empty(&queue->ready) && queue->started == 0)
      fence::kick(queue);
    bool retry = queue->started == 0;
    fence::unlock_queue(queue, flags);
    fence_park(retry ? fence_now() + fence::retry_start : FENCE_FOREVER);
    flags = fence::lock_irqsave(&queue->lock, 0);
  }
  queue->ending = true;
  while (!fence_list_empty(&queue->idle))
    fence::kick(queue);
  fence::unlock_queue(queue, flags);
  for (unsigned i = 0; i < queue->started; ++i)
    pthread_join(queue->threads[i], nullptr);
  // With both locks: nobody is between finding it and locking it, nor in it.
  fence_spin_lock_irq(&fence::living_lock);
  fence_spin_lock(&queue->lock);
  fence_list_unlink(&queue->living);
  fence_spin_unlock(&queue->lock);
  fence_spin_unlock_irq(&fence::living_lock);
  fence_free(queue);
}

fence_workqueue *fence_system_workqueue(void) noexcept { return &fence::system_queue; }

void fence_flush_workqueue(fence_workqueue *queue) noexcept {
  fence_might_sleep();
  fence::worker *self = fence::current_worker();
  if (self && self->queue == queue) {
    fence::report_misuse(queue, "an item of a work queue flushes it: it would wait for its own end");
    return;
  }
  fence::waits_for_end_of(queue->lock_class, queue);
  unsigned long flags = fence::lock_irqsave(&queue->lock, 0);
  if (queue->outstanding)
    fence::wait_for_tickets(queue, flags, 0, queue->next_ticket - 1, queue->outstanding);
  else
    fence::unlock_queue(queue, flags);
}

} // extern "C"
