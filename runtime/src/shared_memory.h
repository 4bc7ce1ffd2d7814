//===- runtime/src/shared_memory.h - every atomic access, wait and clock of the runtime ---------------------------------------===//
//
// The runtime's sources touch shared memory only through these functions. So a build with FENCE_EXPLORE can put a
// deterministic scheduler between any two of them (test/runtime/explore) and run the very same sources through every
// interleaving; in any other build they are what the compiler has for it.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SRC_SHARED_MEMORY_H
#define FENCE_SRC_SHARED_MEMORY_H

#include <atomic>
#include <cstdint>
#include <fence/annotations.h>
#include <type_traits>

namespace fence::shared {

#ifdef FENCE_EXPLORE
/// The scheduler may run another thread here, before the access to `address`. Defined by the explorer.
void step(const volatile void *address) noexcept;
void step_to_read(const volatile void *address) noexcept;
/// As futex_wait and futex_wake of the kernel, in the explorer's time.
FENCE_NONBLOCKING bool wait(std::uint32_t *word, std::uint32_t expected, std::uint64_t deadline) noexcept;
FENCE_NONBLOCKING void wake(std::uint32_t *word, int count) noexcept;
FENCE_NONBLOCKING std::uint64_t now() noexcept;
/// Somebody else has to move before this thread can: a spin loop's body.
void relax() noexcept;
constexpr int spins_before_sleeping = 1;
#else
inline void step(const volatile void *) noexcept {}
inline void step_to_read(const volatile void *) noexcept {}
/// Sleeps while *word is `expected`, until a wake or until now() reaches `deadline`. False: the deadline has passed. May return
/// early. errno is kept.
FENCE_NONBLOCKING bool wait(std::uint32_t *word, std::uint32_t expected, std::uint64_t deadline) noexcept;
/// Wakes up to `count` threads that wait for `word`, which may be memory that has gone.
FENCE_NONBLOCKING void wake(std::uint32_t *word, int count) noexcept;
FENCE_NONBLOCKING std::uint64_t now() noexcept;
inline void relax() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}
/// How often to relax() before wait(): about as long as a short critical section.
constexpr int spins_before_sleeping = 100;
#endif

// What every access takes as its address: a plain member of a C struct, so that C sees an ordinary integer.
template <class T> T load_relaxed(const T &at) noexcept {
  step_to_read(&at);
  return __atomic_load_n(&at, __ATOMIC_RELAXED);
}
template <class T> T load_acquire(const T &at) noexcept {
  step_to_read(&at);
  return __atomic_load_n(&at, __ATOMIC_ACQUIRE);
}
template <class T> void store_relaxed(T &at, std::type_identity_t<T> value) noexcept {
  step(&at);
  __atomic_store_n(&at, value, __ATOMIC_RELAXED);
}
template <class T> void store_release(T &at, std::type_identity_t<T> value) noexcept {
  step(&at);
  __atomic_store_n(&at, value, __ATOMIC_RELEASE);
}
/// Returns the value before; acquires and releases, as do those below.
template <class T> T exchange(T &at, std::type_identity_t<T> value) noexcept {
  step(&at);
  return __atomic_exchange_n(&at, value, __ATOMIC_ACQ_REL);
}
template <class T> T fetch_add(T &at, std::type_identity_t<T> value) noexcept {
  step(&at);
  return __atomic_fetch_add(&at, value, __ATOMIC_ACQ_REL);
}
template <class T> T fetch_sub(T &at, std::type_identity_t<T> value) noexcept {
  step(&at);
  return __atomic_fetch_sub(&at, value, __ATOMIC_ACQ_REL);
}
template <class T> T fetch_or(T &at, std::type_identity_t<T> value) noexcept {
  step(&at);
  return __atomic_fetch_or(&at, value, __ATOMIC_ACQ_REL);
}
template <class T> T fetch_and(T &at, std::type_identity_t<T> value) noexcept {
  step(&at);
  return __atomic_fetch_and(&at, value, __ATOMIC_ACQ_REL);
}
/// Stores `desired` if `at` holds `expected`; otherwise puts what it holds into `expected` and returns false.
template <class T> bool compare_exchange(T &at, T &expected, std::type_identity_t<T> desired) noexcept {
  step(&at);
  return __atomic_compare_exchange_n(&at, &expected, desired, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

} // namespace fence::shared
#endif
