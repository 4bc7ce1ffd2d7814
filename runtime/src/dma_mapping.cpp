//===- runtime/src/dma_mapping.cpp - an IOMMU in software ------------------------------------------------------------===//
//
// A mapping is a contiguous range of device addresses over all segments of a table, page by page as an IOMMU has it: each segment begins in a page of
// its own, at the offset that it has in memory. So the device sees segments end to end only where they fill their pages; where they
// do not, a new segment of the mapping begins.
//
//===----------------------------------------------------------------------===//
#include "shared_memory.h"
#include "spinlock.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <fence/dma-mapping.h>

namespace {

constexpr dma_addr_t page = FENCE_PAGE_SIZE;

/// A range of device addresses and the segments behind it, which are the table's.
struct mapping {
  fence_list node;
  dma_addr_t first, size; ///< whole pages
  const scatterlist *sgl;
  unsigned orig_nents;
  dma_data_direction direction;
};
static_assert(offsetof(mapping, node) == 0);
mapping *mapping_of(fence_list *node) noexcept { return reinterpret_cast<mapping *>(node); }

dma_addr_t offset_in_page(const scatterlist &segment) noexcept { return reinterpret_cast<std::uintptr_t>(segment.address) % page; }
dma_addr_t pages_of(const scatterlist &segment) noexcept { return (offset_in_page(segment) + segment.length + page - 1) / page; }

dma_addr_t size_of(const sg_table &table) noexcept {
  dma_addr_t pages = 0;
  for (unsigned i = 0; i < table.orig_nents; ++i)
    pages += pages_of(table.sgl[i]);
  return pages * page;
}

/// Puts the range into the first gap that holds it. The caller holds the device's lock.
bool insert(fence_device *device, mapping *what) noexcept {
  dma_addr_t at = device->first_address, end = device->first_address + device->address_count;
  fence_list *before = device->mappings.next;
  for (; before != &device->mappings; before = before->next) {
    const mapping *next = mapping_of(before);
    if (next->first - at >= what->size)
      break;
    at = next->first + next->size;
  }
  if (end - at < what->size)
    return false;
  what->first = at;
  fence_list_append(before, &what->node);
  ++device->mapping_count;
  return true;
}

/// Writes the segments as the device sees them into the table.
void describe(sg_table *table, dma_addr_t at, unsigned max_segment) noexcept {
  unsigned count = 0;
  for (unsigned i = 0; i < table->orig_nents; ++i) {
    const scatterlist &segment = table->sgl[i];
    dma_addr_t address = at + offset_in_page(segment);
    unsigned length = segment.length;
    at += pages_of(segment) * page;
    scatterlist *last = count ? &table->sgl[count - 1] : nullptr;
    if (last && last->dma_address + last->dma_length == address && last->dma_length <= max_segment - length) {
      last->dma_length += length;
      continue;
    }
    // Entry `count` is not after entry i, so its memory segment has been read; only its mapping part is written.
    table->sgl[count].dma_address = address;
    table->sgl[count].dma_length = length;
    ++count;
  }
  table->nents = count;
}

mapping *mapping_at(fence_device *device, dma_addr_t address) noexcept {
  for (fence_list *node = device->mappings.next; node != &device->mappings; node = node->next)
    if (mapping *m = mapping_of(node); address >= m->first && address - m->first < m->size)
      return m;
  return nullptr;
}

/// The memory behind `address` and how many bytes follow it in its segment; null in the unused part of a page.
char *memory_at(const mapping *m, dma_addr_t address, size_t *follow) noexcept {
  dma_addr_t at = m->first;
  for (unsigned i = 0; i < m->orig_nents; ++i) {
    const scatterlist &segment = m->sgl[i];
    dma_addr_t begin = at + offset_in_page(segment);
    if (address >= begin && address - begin < segment.length) {
      *follow = segment.length - (address - begin);
      return static_cast<char *>(segment.address) + (address - begin);
    }
    at += pages_of(segment) * page;
  }
  return nullptr;
}

template <class Copy>
int access(fence_device *device, dma_addr_t address, size_t size, dma_data_direction allowed, Copy copy) noexcept {
  unsigned long flags = fence::lock_irqsave(&device->lock, 0);
  int error = 0;
  for (size_t done = 0; done < size && !error;) {
    mapping *m = mapping_at(device, address + done);
    size_t follow = 0;
    char *memory = m ? memory_at(m, address + done, &follow) : nullptr;
    if (!memory) {
      error = -EFAULT;
    } else if (m->direction != DMA_BIDIRECTIONAL && m->direction != allowed) {
      error = -EACCES;
    } else {
      size_t now = std::min(follow, size - done);
      copy(memory, done, now);
      done += now;
    }
  }
  device->fault_count += error != 0;
  fence::unlock_irqrestore(&device->lock, flags);
  return error;
}

} // namespace

extern "C" {

void fence_device_init(fence_device *device) noexcept {
  if (!device->first_address)
    device->first_address = page;
  if (!device->address_count)
    device->address_count = dma_addr_t{1} << 32;
  if (!device->max_segment)
    device->max_segment = UINT_MAX;
  fence_spin_lock_init(&device->lock);
  fence_list_init(&device->mappings);
  device->mapping_count = device->fault_count = 0;
}

unsigned fence_device_fini(fence_device *device) noexcept {
  unsigned leaked = device->mapping_count;
  while (!fence_list_empty(&device->mappings)) {
    mapping *m = mapping_of(device->mappings.next);
    std::fprintf(stderr, "fence: %s goes with %llu bytes still mapped at 0x%llx\n", device->name ? device->name : "a device",
                 static_cast<unsigned long long>(m->size), static_cast<unsigned long long>(m->first));
    fence_list_unlink(&m->node);
    fence_free(m);
  }
  device->mapping_count = 0;
  return leaked;
}

int dma_map_sgtable(fence_device *device, sg_table *table, dma_data_direction direction) noexcept {
  if (!table->orig_nents || table->nents || direction == DMA_NONE)
    return -EINVAL;
  for (unsigned i = 0; i < table->orig_nents; ++i)
    if (table->sgl[i].length > device->max_segment)
      return -EINVAL; // Who makes the table asks the device first.
  auto *m = static_cast<mapping *>(fence_alloc(sizeof(mapping), FENCE_GFP_ATOMIC));
  if (!m)
    return -ENOMEM;
  *m = {{}, 0, size_of(*table), table->sgl, table->orig_nents, direction};
  unsigned long flags = fence::lock_irqsave(&device->lock, 0);
  bool fits = insert(device, m);
  fence::unlock_irqrestore(&device->lock, flags);
  if (!fits) {
    fence_free(m);
    return -ENOSPC;
  }
  describe(table, m->first, device->max_segment);
  return 0;
}

void dma_unmap_sgtable(fence_device *device, sg_table *table, dma_data_direction direction) noexcept {
  if (!table->nents)
    return;
  unsigned long flags = fence::lock_irqsave(&device->lock, 0);
  mapping *m = mapping_at(device, table->sgl[0].dma_address);
  bool right = m && m->sgl == table->sgl && m->direction == direction;
  if (right) {
    fence_list_unlink(&m->node);
    --device->mapping_count;
  }
  fence::unlock_irqrestore(&device->lock, flags);
  if (!right) {
    std::fprintf(stderr, "fence: a table is unmapped from %s that is not mapped there in this direction\n", device->name ? device->name : "a device");
    return;
  }
  fence_free(m);
  table->nents = 0;
}

int fence_device_read(fence_device *device, dma_addr_t address, void *to, size_t size) noexcept {
  return access(device, address, size, DMA_TO_DEVICE,
                [&](const char *memory, size_t done, size_t now) { std::memcpy(static_cast<char *>(to) + done, memory, now); });
}
int fence_device_write(fence_device *device, dma_addr_t address, const void *from, size_t size) noexcept {
  return access(device, address, size, DMA_FROM_DEVICE,
                [&](char *memory, size_t done, size_t now) { std::memcpy(memory, static_cast<const char *>(from) + done, now); });
}

} // extern "C"
