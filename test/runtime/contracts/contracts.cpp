// Every function in every context, against table.txt. A function without a row fails, and so does a row without a function.
#include "../check/caught.h"
#include "../fence/test_fence.h"

#include <fence/completion.h>
#include <fence/dma-resv.h>
#include <fence/drm-gem.h>
#include <fence/memory.h>
#include <fence/mutex.h>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace {

/// What the functions work on: new for each cell of the table, made and ended in a task.
struct bench {
  fence_spinlock lock;
  dma_fence *fence, *other, *signalled, *result = nullptr;
  dma_fence_cb cb, late;
  dma_resv resv;
  fence_mutex mutex;
  fence_completion completion;
  fence_deferred deferred = {nullptr, [](fence_deferred *) {}};
  void *memory, *fresh = nullptr;
  struct freed {
    fence_rcu_head head;
  } *head;
  fence_spinlock spin;
  drm_device gem;
  drm_gem_object object;
  drm_file file;
  drm_gem_object *found = nullptr;
  fence_device bus;
  sg_table mapped, unmapped;
  alignas(FENCE_PAGE_SIZE) char page[FENCE_PAGE_SIZE];
};
bench *b;
const drm_gem_object_funcs object_funcs = [] {
  drm_gem_object_funcs made{};
  made.free = drm_gem_object_release;
  return made;
}();

const dma_fence_ops &releases() {
  static const dma_fence_ops ops = [] {
    dma_fence_ops made = plain_ops;
    made.set_deadline = [](dma_fence *, int64_t) {};
    return made;
  }();
  return ops;
}
void nothing(dma_fence *, dma_fence_cb *) noexcept {}

dma_fence *allocated() {
  auto *fence = static_cast<dma_fence *>(std::malloc(sizeof(dma_fence)));
  dma_fence_init(fence, &releases(), &b->lock, 1, 1);
  return fence;
}

const std::map<std::string, void (*)()> functions = {
    {"dma_fence_init", [] { dma_fence_init(b->other, &releases(), &b->lock, 1, 2); }},
    {"dma_fence_context_alloc", [] { dma_fence_context_alloc(1); }},
    {"dma_fence_get_and_put", [] { dma_fence_put(dma_fence_get(b->fence)); }},
    {"dma_fence_put_the_last", [] { dma_fence_put(std::exchange(b->fence, nullptr)); }},
    {"dma_fence_get_rcu_safe", [] {
       fence_rcu_read_lock();
       dma_fence_put(dma_fence_get_rcu_safe(&b->fence));
       fence_rcu_read_unlock();
     }},
    {"dma_fence_get_stub", [] { dma_fence_put(dma_fence_get_stub()); }},
    {"dma_fence_signal", [] { dma_fence_signal(b->fence); }},
    {"dma_fence_signal_timestamp", [] { dma_fence_signal_timestamp(b->fence, 1); }},
    {"dma_fence_set_error", [] { dma_fence_set_error(b->fence, -5); }},
    {"dma_fence_is_signaled", [] { dma_fence_is_signaled(b->fence); }},
    {"dma_fence_get_status", [] { dma_fence_get_status(b->fence); }},
    {"dma_fence_describe", [] {
       char text[80];
       dma_fence_describe(b->fence, text, sizeof text);
     }},
    {"dma_fence_set_deadline", [] { dma_fence_set_deadline(b->fence, 1); }},
    {"dma_fence_add_callback", [] { dma_fence_add_callback(b->fence, &b->late, nothing); }},
    {"dma_fence_remove_callback", [] { dma_fence_remove_callback(b->fence, &b->cb); }},
    {"dma_fence_enable_sw_signaling", [] { dma_fence_enable_sw_signaling(b->fence); }},
    {"dma_fence_begin_signalling", [] { dma_fence_end_signalling(dma_fence_begin_signalling()); }},
    {"dma_fence_wait", [] { dma_fence_wait(b->signalled, false); }},
    {"dma_fence_wait_timeout_0", [] { dma_fence_wait_timeout(b->fence, false, 0); }},
    {"dma_fence_wait_any_timeout", [] { dma_fence_wait_any_timeout(&b->signalled, 1, false, 1, nullptr); }},
    {"dma_fence_allocate_private_stub", [] { b->result = dma_fence_allocate_private_stub(1); }},
    {"fence_alloc_that_may_wait", [] { b->fresh = fence_alloc(8, FENCE_GFP_KERNEL); }},
    {"fence_alloc_atomic", [] { b->fresh = fence_alloc(8, FENCE_GFP_ATOMIC); }},
    {"fence_free", [] { fence_free(std::exchange(b->memory, nullptr)); }},
    {"fence_spin_lock", [] {
       fence_spin_lock(&b->spin);
       fence_spin_unlock(&b->spin);
     }},
    {"fence_spin_trylock", [] {
       if (fence_spin_trylock(&b->spin))
         fence_spin_unlock(&b->spin);
     }},
    {"fence_spin_lock_irqsave", [] {
       unsigned long flags = fence_spin_lock_irqsave(&b->spin);
       fence_spin_unlock_irqrestore(&b->spin, flags);
     }},
    {"fence_preempt_disable", [] {
       fence_preempt_disable();
       fence_preempt_enable();
     }},
    {"fence_irq_save", [] { fence_irq_restore(fence_irq_save()); }},
    {"fence_rcu_read_lock", [] {
       fence_rcu_read_lock();
       fence_rcu_read_unlock();
     }},
    {"fence_call_rcu", [] {
       fence_call_rcu(&std::exchange(b->head, nullptr)->head, [](fence_rcu_head *head) { delete reinterpret_cast<bench::freed *>(head); });
     }},
    {"fence_synchronize_rcu", fence_synchronize_rcu},
    {"fence_rcu_barrier", fence_rcu_barrier},
    {"fence_defer", [] { fence_defer(&b->deferred); }},
    {"fence_unpark", [] { fence_unpark(fence_thread_self()); }},
    {"fence_park", [] { fence_park(fence_now()); }},
    {"fence_complete", [] { fence_complete(&b->completion); }},
    {"fence_completion_try_wait", [] { fence_completion_try_wait(&b->completion); }},
    {"fence_completion_wait", [] { fence_completion_wait(&b->completion); }},
    {"fence_mutex_lock", [] {
       fence_mutex_lock(&b->mutex);
       fence_mutex_unlock(&b->mutex);
     }},
    {"fence_mutex_trylock", [] {
       if (fence_mutex_trylock(&b->mutex))
         fence_mutex_unlock(&b->mutex);
     }},
    {"drm_gem_object_get", [] { drm_gem_object_get(b->found = &b->object); }},
    {"drm_gem_object_put_not_the_last", [] {
       drm_gem_object_get(&b->object);
       drm_gem_object_put(&b->object);
     }},
    {"drm_gem_object_put_deferred", [] {
       drm_gem_object_get(&b->object);
       drm_gem_object_put_deferred(&b->object);
     }},
    {"drm_gem_print_info", [] {
       char text[80];
       drm_gem_print_info(&b->object, text, sizeof text);
     }},
    {"drm_gem_object_lookup", [] { b->found = drm_gem_object_lookup(&b->file, 1); }},
    {"drm_gem_create_mmap_offset", [] { drm_gem_create_mmap_offset(&b->object); }},
    {"dma_map_sgtable", [] { dma_map_sgtable(&b->bus, &b->unmapped, DMA_TO_DEVICE); }},
    {"dma_unmap_sgtable", [] { dma_unmap_sgtable(&b->bus, &b->mapped, DMA_TO_DEVICE); }},
    {"sg_table_size", [] { sg_table_size(&b->mapped); }},
    {"dma_resv_lock", [] {
       EXPECT_EQ(dma_resv_lock(&b->resv, nullptr), 0);
       dma_resv_unlock(&b->resv);
     }},
    {"dma_resv_trylock", [] {
       if (dma_resv_trylock(&b->resv))
         dma_resv_unlock(&b->resv);
     }},
};

FENCE_LOCK_CLASS(outer_class, "contract_outer", FENCE_LOCK_SPINS);
fence_spinlock outer = FENCE_SPINLOCK_INIT(&outer_class);
fence_spinlock of_callback = FENCE_SPINLOCK_INIT(&outer_class);

void (*called_back)();
const std::map<std::string, void (*)(void (*)())> contexts = {
    {"task", [](void (*call)()) { call(); }},
    {"spinlock", [](void (*call)()) {
       unsigned long flags = fence_spin_lock_irqsave(&outer);
       call();
       fence_spin_unlock_irqrestore(&outer, flags);
     }},
    {"hardirq", [](void (*call)()) {
       fence_hardirq_enter();
       call();
       fence_hardirq_exit();
     }},
    {"rcu", [](void (*call)()) {
       fence_rcu_read_lock();
       call();
       fence_rcu_read_unlock();
     }},
    {"callback", [](void (*call)()) {
       dma_fence_ops keeps_memory = plain_ops;
       keeps_memory.release = [](dma_fence *) {};
       dma_fence fence;
       dma_fence_cb cb;
       called_back = call;
       dma_fence_init(&fence, &keeps_memory, &of_callback, 1, 1);
       dma_fence_add_callback(&fence, &cb, [](dma_fence *, dma_fence_cb *) { called_back(); });
       dma_fence_signal(&fence);
       dma_fence_put(&fence);
     }},
    {"signalling", [](void (*call)()) {
       bool cookie = dma_fence_begin_signalling();
       call();
       dma_fence_end_signalling(cookie);
     }},
};

/// One class of spinning locks per context: a class may be taken in interrupts or with interrupts on, not both.
fence_lock_class spin_classes[8] = {{"contract_task", FENCE_LOCK_SPINS, 0},     {"contract_spinlock", FENCE_LOCK_SPINS, 0},
                                    {"contract_hardirq", FENCE_LOCK_SPINS, 0},  {"contract_rcu", FENCE_LOCK_SPINS, 0},
                                    {"contract_callback", FENCE_LOCK_SPINS, 0}, {"contract_signalling", FENCE_LOCK_SPINS, 0}};
FENCE_LOCK_CLASS(fence_class, "contract_fence", FENCE_LOCK_SPINS);

std::string verdict(size_t column, void (*in)(void (*)()), void (*call)()) {
  bench here{};
  b = &here;
  fence_spin_lock_init_class(&here.lock, &fence_class);
  fence_spin_lock_init_class(&here.spin, &spin_classes[column]);
  here.fence = allocated();
  here.other = allocated();
  here.signalled = allocated();
  dma_fence_signal(here.signalled);
  dma_fence_add_callback(here.other, &here.late, nothing);
  dma_fence_remove_callback(here.other, &here.late);
  dma_fence_add_callback(here.signalled, &here.cb, nothing); // refused, so as after a removal
  dma_resv_init(&here.resv);
  fence_mutex_init(&here.mutex);
  fence_completion_init(&here.completion);
  fence_complete(&here.completion);
  here.memory = fence_alloc(8, FENCE_GFP_KERNEL);
  here.head = new bench::freed;
  drm_dev_init(&here.gem);
  here.object.funcs = &object_funcs;
  drm_gem_object_init(&here.gem, &here.object, 1);
  drm_file_init(&here.file, 0);
  std::uint32_t handle;
  drm_gem_handle_create(&here.file, &here.object, &handle);
  fence_device_init(&here.bus);
  void *pages[] = {here.page};
  for (sg_table *table : {&here.mapped, &here.unmapped})
    sg_alloc_table_from_pages(table, pages, 1, 0, FENCE_PAGE_SIZE, FENCE_GFP_KERNEL);
  dma_map_sgtable(&here.bus, &here.mapped, DMA_TO_DEVICE);

  std::string kinds;
  {
    caught reports;
    in(call);
    for (const caught::one &report : reports.all)
      kinds += (kinds.empty() ? "" : "+") + std::string(fence_report_kind_name(report.kind));
    EXPECT_FALSE(fence_in_atomic());
    EXPECT_FALSE(fence_in_signalling_section());
  }
  for (dma_fence *fence : {here.fence, here.other, here.signalled, here.result}) {
    dma_fence_signal(fence);
    dma_fence_put(fence);
  }
  for (sg_table *table : {&here.mapped, &here.unmapped}) {
    dma_unmap_sgtable(&here.bus, table, DMA_TO_DEVICE);
    sg_free_table(table);
  }
  fence_device_fini(&here.bus);
  drm_gem_object_put(here.found);
  drm_file_fini(&here.file);
  drm_gem_object_put(&here.object);
  drm_dev_fini(&here.gem);
  dma_resv_fini(&here.resv);
  fence_free(here.memory);
  fence_free(here.fresh);
  delete here.head;
  return kinds.empty() ? "ok" : kinds;
}

TEST(Contracts, HoldAsTheTableSays) {
  std::ifstream table(CONTRACTS);
  ASSERT_TRUE(table) << CONTRACTS;
  const std::vector<std::string> columns = {"task", "spinlock", "hardirq", "rcu", "callback", "signalling"};
  std::set<std::string> rows;
  for (std::string line; std::getline(table, line);) {
    std::istringstream words(line);
    std::string function;
    if (!(words >> function) || function[0] == '#')
      continue;
    auto found = functions.find(function);
    ASSERT_NE(found, functions.end()) << "the table has a row for " << function << ", which is not called";
    EXPECT_TRUE(rows.insert(function).second) << function << " has two rows";
    for (size_t i = 0; i < columns.size(); ++i) {
      std::string expected;
      ASSERT_TRUE(words >> expected) << line;
      if (expected != "-") {
        EXPECT_EQ(verdict(i, contexts.at(columns[i]), found->second), expected) << function << " in context " << columns[i];
      }
    }
  }
  EXPECT_EQ(rows.size(), functions.size()) << "a function has no row";
  fence_rcu_barrier();
}

} // namespace
