// Calls to functions that are declared to block, or that nobody declared anything about.
#include <fence/annotations.h>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

FENCE_MAY_SLEEP void wait_for_device();
FENCE_ALLOCATES void *grow_pool();

void calls_blocking() noexcept [[clang::nonblocking]] { wait_for_device(); }
void calls_allocating() noexcept [[clang::nonallocating]] { grow_pool(); }
void calls_allocating_nonblocking() noexcept [[clang::nonblocking]] { grow_pool(); }
void calls_malloc() noexcept [[clang::nonblocking]] { (void)!std::malloc(8); }
void calls_free(void *Memory) noexcept [[clang::nonblocking]] { std::free(Memory); }
void calls_malloc_nonallocating() noexcept [[clang::nonallocating]] { (void)!std::malloc(8); }
void calls_printf() noexcept [[clang::nonblocking]] { std::printf("done\n"); }
void calls_usleep() noexcept [[clang::nonblocking]] { usleep(10); }
void calls_write(const char *Text) noexcept [[clang::nonblocking]] { (void)!write(2, Text, std::strlen(Text)); }
int ok_arithmetic(int Value) noexcept [[clang::nonblocking]] { return 2 * Value; }
