// The scenario's heap: the same addresses in every schedule, and nothing used twice, so that what has been freed is known as such.
//
// malloc() and its kin are replaced at link time (--wrap). Outside of a scenario they are the real ones.
#include "explorer.h"

#include <cstring>

#if defined(__SANITIZE_ADDRESS__)
#define FENCE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FENCE_ASAN 1
#endif
#endif
#ifdef FENCE_ASAN
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

extern "C" {
void *__real_malloc(size_t);
void *__real_calloc(size_t, size_t);
void __real_free(void *);
}

namespace explore::engine {

bool in_scenario;

namespace {
constexpr std::size_t unit = 16, arena_size = std::size_t{1} << 20;
enum : char { unused, in_use, freed };
alignas(unit) char arena[arena_size];
char state[arena_size / unit];
std::size_t used, blocks;

bool is_ours(const volatile void *address) noexcept { return address >= arena && address < arena + arena_size; }
std::size_t unit_of(const volatile void *address) noexcept {
  return static_cast<std::size_t>(static_cast<const volatile char *>(address) - arena) / unit;
}

void *take(std::size_t bytes) noexcept {
  std::size_t units = (bytes + unit - 1) / unit + (bytes == 0);
  // The size lies before the block, and behind it one unit stays unused, so that blocks do not touch.
  if (used + (units + 2) * unit > arena_size)
    fail("the scenario's heap is full");
  char *block = arena + used + unit;
  used += (units + 2) * unit;
  ASAN_UNPOISON_MEMORY_REGION(block - unit, (units + 1) * unit);
  *reinterpret_cast<std::size_t *>(block - unit) = units;
  std::memset(block, 0xa5, units * unit);
  std::memset(state + unit_of(block), in_use, units);
  ++blocks;
  return block;
}

void give_back(void *memory) noexcept {
  std::size_t first = unit_of(memory);
  if (state[first] != in_use || (first > 1 && state[first - 1] != unused))
    fail("memory is freed that is not in use");
  std::size_t units = *reinterpret_cast<std::size_t *>(static_cast<char *>(memory) - unit);
  step(memory, units * unit);
  std::memset(memory, 0xdd, units * unit);
  std::memset(state + first, freed, units);
  ASAN_POISON_MEMORY_REGION(memory, units * unit);
  --blocks;
}
} // namespace

void reset_arena() noexcept {
  ASAN_POISON_MEMORY_REGION(arena, used);
  std::memset(state, unused, used / unit);
  used = blocks = 0;
}

const char *fault_of(const volatile void *address) noexcept {
  if (!is_ours(address))
    return nullptr;
  switch (state[unit_of(address)]) {
  case in_use:
    return nullptr;
  case freed:
    return "memory is used after it has been freed";
  default:
    return "memory is used that nobody has allocated";
  }
}

std::size_t blocks_in_use() noexcept { return blocks; }

} // namespace explore::engine

using namespace explore::engine;

extern "C" {
void *__wrap_malloc(size_t bytes) { return in_scenario ? take(bytes) : __real_malloc(bytes); }
void *__wrap_calloc(size_t count, size_t bytes) {
  if (!in_scenario)
    return __real_calloc(count, bytes);
  return std::memset(take(count * bytes), 0, count * bytes);
}
void __wrap_free(void *memory) {
  if (is_ours(memory))
    give_back(memory);
  else
    __real_free(memory);
}
}
