//===- runtime/src/scatterlist.cpp - tables of segments ------------------------------------------------------------===//
#include "shared_memory.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <fence/scatterlist.h>

namespace {

std::uint64_t last_generation;
std::uint64_t next_generation() noexcept { return fence::shared::fetch_add(last_generation, 1) + 1; }

/// How the pages fall into segments; `add` gets the address and length of each.
template <class Add>
void for_each_segment(void *const *pages, unsigned offset, size_t size, unsigned max_segment, Add add) noexcept {
  char *start = nullptr;
  unsigned length = 0;
  for (size_t i = 0; size; ++i) {
    char *address = static_cast<char *>(pages[i]) + offset;
    auto here = static_cast<unsigned>(std::min<size_t>(size, FENCE_PAGE_SIZE - offset));
    offset = 0;
    size -= here;
    if (length && start + length == address && length <= max_segment - here) {
      length += here;
      continue;
    }
    if (length)
      add(start, length);
    start = address;
    length = here;
  }
  add(start, length);
}

bool are_pages(void *const *pages, unsigned count) noexcept {
  return std::all_of(pages, pages + count, [](void *page) { return page && reinterpret_cast<std::uintptr_t>(page) % FENCE_PAGE_SIZE == 0; });
}

} // namespace

extern "C" {

int sg_alloc_table(sg_table *table, unsigned count, fence_gfp gfp) noexcept {
  *table = {};
  if (!count)
    return -EINVAL;
  table->sgl = static_cast<scatterlist *>(fence_alloc(count * sizeof(scatterlist), gfp | FENCE_GFP_ZERO));
  if (!table->sgl)
    return -ENOMEM;
  table->orig_nents = count;
  table->generation = next_generation();
  return 0;
}

int sg_alloc_table_from_pages_segment(sg_table *table, void *const *pages, unsigned count, unsigned offset, size_t size,
                                      unsigned max_segment, fence_gfp gfp) noexcept {
  *table = {};
  bool fits = size && offset < FENCE_PAGE_SIZE && size <= count * size_t{FENCE_PAGE_SIZE} - std::min<size_t>(offset, count * size_t{FENCE_PAGE_SIZE});
  if (!fits || !max_segment || max_segment % FENCE_PAGE_SIZE || !are_pages(pages, count))
    return -EINVAL;
  unsigned segments = 0;
  for_each_segment(pages, offset, size, max_segment, [&](char *, unsigned) { ++segments; });
  if (int error = sg_alloc_table(table, segments, gfp))
    return error;
  scatterlist *next = table->sgl;
  for_each_segment(pages, offset, size, max_segment, [&](char *address, unsigned length) {
    next->address = address;
    next->length = length;
    ++next;
  });
  return 0;
}

int sg_alloc_table_from_pages(sg_table *table, void *const *pages, unsigned count, unsigned offset, size_t size, fence_gfp gfp) noexcept {
  return sg_alloc_table_from_pages_segment(table, pages, count, offset, size, UINT_MAX / FENCE_PAGE_SIZE * FENCE_PAGE_SIZE, gfp);
}

void sg_free_table(sg_table *table) noexcept {
  fence_free(table->sgl);
  *table = {};
  table->generation = next_generation();
}

size_t sg_table_size(const sg_table *table) noexcept {
  size_t size = 0;
  for (unsigned i = 0; i < table->orig_nents; ++i)
    size += table->sgl[i].length;
  return size;
}

} // extern "C"
