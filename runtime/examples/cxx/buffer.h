// Memory that the device reads and writes, shared by reference count.
#ifndef EXAMPLE_BUFFER_H
#define EXAMPLE_BUFFER_H

#include <atomic>
#include <cstddef>
#include <fence/annotations.h>
#include <utility>

namespace gpu {

class buffer {
public:
  static buffer *create(std::size_t Bytes);
  void get() noexcept { References.fetch_add(1, std::memory_order_relaxed); }
  void put() noexcept {
    if (References.fetch_sub(1, std::memory_order_acq_rel) == 1)
      delete this;
  }
  std::size_t size() const noexcept { return Bytes; }

private:
  explicit buffer(std::size_t Bytes) : Bytes(Bytes) {}
  ~buffer();
  std::atomic<int> References{1};
  std::size_t Bytes;
};

/// Owns one reference.
class buffer_handle {
public:
  buffer_handle() = default;
  explicit buffer_handle(buffer *Adopted) noexcept : Target(Adopted) {}
  buffer_handle(buffer_handle &&From) noexcept : Target(std::exchange(From.Target, nullptr)) {}
  buffer_handle &operator=(buffer_handle &&From) noexcept {
    std::swap(Target, From.Target);
    return *this;
  }
  ~buffer_handle() {
    if (Target)
      Target->put();
  }
  buffer *operator->() const noexcept { return Target; }
  explicit operator bool() const noexcept { return Target != nullptr; }

private:
  buffer *Target = nullptr;
};

/// Takes the pages out of the device's address space and waits until it no longer uses them.
FENCE_MAY_SLEEP void unmap_from_device(std::size_t Bytes) noexcept;
FENCE_MAY_SLEEP void map_for_device(std::size_t Bytes);

} // namespace gpu
#endif
