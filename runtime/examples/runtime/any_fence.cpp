// A fence that C code made, in the hands of C++ code: borrowed by reference, kept by an aref, and handed back to C.
#include <fence/any_fence.hpp>
#include <fence/memory.h>

namespace {

const char *name(::dma_fence *) { return "c driver"; }
const dma_fence_ops ops = [] {
  dma_fence_ops made{};
  made.get_driver_name = made.get_timeline_name = name;
  return made;
}();
fence_spinlock lock;

/// What a C driver would give us: a pointer that is a reference.
::dma_fence *from_c(std::uint64_t seqno) {
  auto *made = static_cast<::dma_fence *>(fence_alloc(sizeof(::dma_fence), FENCE_GFP_KERNEL));
  if (made)
    dma_fence_init(made, &ops, &lock, 1, seqno);
  return made;
}
/// What a C driver would take from us: the same.
void to_c(::dma_fence *fence) { dma_fence_put(fence); }

/// Borrows: the caller holds it meanwhile.
bool is_done(const fence::any_fence &fence) { return fence.status() == fence::fence_status::done; }

} // namespace

int main() {
  fence_spin_lock_init(&lock);
  ::dma_fence *first = from_c(1), *second = from_c(2);
  if (!first || !second)
    return 1;

  fence::aref<fence::any_fence> kept[] = {
      {&fence::any_fence::from(*first), fence::adopt},  // our reference now
      {&fence::any_fence::from(*second), fence::share}, // another one; `second` is still ours to give up
      fence::stub_fence(),                              // signalled long ago
  };
  bool good = !is_done(*kept[0]) && is_done(*kept[2]) && kept[1]->is_later_than(*kept[0]);

  good = good && kept[0]->signal() && is_done(*kept[0]);
  good = good && kept[1]->signal(fence::error(EIO)) && kept[1]->error() == fence::error(EIO);

  to_c(kept[0].release()->raw()); // C has it now; the aref is empty
  good = good && kept[0] == nullptr;
  dma_fence_put(second); // kept[1] holds it still
  good = good && kept[1]->seqno() == 2;
  return good ? 0 : 1;
}
