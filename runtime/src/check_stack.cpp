//===- runtime/src/check_stack.cpp - stacks: cheap ones to remember, whole ones to show --------------------------------===//
#include "check_stack.h"

#include "check_entry.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <execinfo.h>
#include <pthread.h>
#include <unwind.h>

// Both are there in some programs only: the first with a sanitizer, the second with a C++ library.
extern "C" void __sanitizer_symbolize_pc(void *pc, const char *format, char *out, std::size_t size) __attribute__((weak));
namespace __cxxabiv1 {
extern "C" char *__cxa_demangle(const char *name, char *buffer, std::size_t *size, int *status) __attribute__((weak));
}

namespace fence::check {

namespace {

/// The addresses that this thread's stack may have; 0 and 0 while they are not known.
struct stack_bounds {
  std::uintptr_t low, high;
};
__thread stack_bounds bounds __attribute__((tls_model("initial-exec")));

void find_bounds() noexcept {
  bounds = {1, 1}; // Once per thread, also if it fails.
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0)
    return;
  void *start;
  std::size_t size;
  if (pthread_attr_getstack(&attributes, &start, &size) == 0)
    bounds = {reinterpret_cast<std::uintptr_t>(start), reinterpret_cast<std::uintptr_t>(start) + size};
  pthread_attr_destroy(&attributes);
}

} // namespace

// A frame begins with the caller's frame pointer and the return address. Every step goes up within this thread's stack, so that memory
// which is no frame is read but never left.
__attribute__((no_sanitize("address", "thread"))) void capture(short_stack &into) noexcept {
  if (!bounds.high) [[unlikely]]
    find_bounds();
  into.count = 0;
  bool seen_entry = false;
  auto frame = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  auto low = reinterpret_cast<std::uintptr_t>(&frame) & ~std::uintptr_t{15};
  for (unsigned steps = 0; steps < 32 && into.count < short_stack::capacity; ++steps) {
    if (frame < low || frame < bounds.low || frame + 16 > bounds.high || frame % 8 != 0)
      break;
    auto words = reinterpret_cast<void *const *>(frame);
    void *return_address = words[1];
    if (!return_address)
      break;
    seen_entry |= return_address == entered_from();
    if (seen_entry)
      into.frames[into.count++] = return_address;
    auto next = reinterpret_cast<std::uintptr_t>(words[0]);
    if (next <= frame)
      break;
    frame = next;
  }
  if (!into.count && entered_from())
    into.frames[into.count++] = entered_from();
}

void capture(whole_stack &into) noexcept {
  void *frames[whole_stack::capacity + 16];
  int count = backtrace(frames, static_cast<int>(whole_stack::capacity + 16));
  int first = 0;
  for (int i = 0; i < count && i < 16; ++i)
    if (frames[i] == entered_from())
      first = i;
  into.count = static_cast<unsigned>(count - first);
  if (into.count > whole_stack::capacity)
    into.count = whole_stack::capacity;
  std::memcpy(into.frames, frames + first, into.count * sizeof(void *));
}

std::uintptr_t function_of(void *return_address) noexcept {
  // The call is before the return address, which may belong to the next function already.
  void *start = _Unwind_FindEnclosingFunction(static_cast<char *>(return_address) - 1);
  return reinterpret_cast<std::uintptr_t>(start ? start : return_address);
}

void describe_frame(char *line, std::size_t size, unsigned number, void *return_address) noexcept {
  char *call = static_cast<char *>(return_address) - 1;
  if (__sanitizer_symbolize_pc) {
    char where[512] = "";
    // Adds its own number for inlined frames; a return address is expected.
    __sanitizer_symbolize_pc(return_address, "in %f %s:%l (%m+%o)", where, sizeof where);
    std::snprintf(line, size, "    #%u %p %s", number, return_address, where);
    return;
  }
  Dl_info info{};
  if (!dladdr(call, &info) || !info.dli_fname) {
    std::snprintf(line, size, "    #%u %p", number, return_address);
    return;
  }
  auto offset_in = [&](const void *start) { return static_cast<unsigned long>(call - static_cast<const char *>(start)) + 1; };
  if (!info.dli_sname) {
    std::snprintf(line, size, "    #%u %p (%s+0x%lx)", number, return_address, info.dli_fname, offset_in(info.dli_fbase));
    return;
  }
  char *demangled = __cxxabiv1::__cxa_demangle ? __cxxabiv1::__cxa_demangle(info.dli_sname, nullptr, nullptr, nullptr) : nullptr;
  std::snprintf(line, size, "    #%u %p in %s+0x%lx (%s+0x%lx)", number, return_address, demangled ? demangled : info.dli_sname,
                offset_in(info.dli_saddr), info.dli_fname, offset_in(info.dli_fbase));
  std::free(demangled);
}

} // namespace fence::check
