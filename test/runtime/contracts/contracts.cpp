// Every function in every context, against table.txt. A function without a row fails, and so does a row without a function.
#include "../check/caught.h"
#include "../fence/test_fence.h"
#include "bench.h"

#include <fstream>
#include <map>
#include <set>
#include <sstream>

const dma_fence_ops &releases() {
  static const dma_fence_ops ops = [] {
    dma_fence_ops made = plain_ops;
    made.set_deadline = [](dma_fence *, int64_t) {};
    return made;
  }();
  return ops;
}

namespace {

const drm_gem_object_funcs object_funcs = [] {
  drm_gem_object_funcs made{};
  made.free = drm_gem_object_release;
  return made;
}();

dma_fence *allocated() {
  auto *fence = static_cast<dma_fence *>(std::malloc(sizeof(dma_fence)));
  dma_fence_init(fence, &releases(), &b->lock, 1, 1);
  return fence;
}

const std::map<std::string, void (*)()> functions = {
#define CALL(row, ...) {#row, [] { __VA_ARGS__; }},
#include "calls.def"
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
