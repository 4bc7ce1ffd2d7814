//===- fence/gem_object.hpp - buffers that user space has handles of ---------------------------------------------------===//
//
// A driver's buffer is a class over gem_object:
//
//     class ring_bo : public fence::gem_object<ring_bo> {
//     public:
//       using driver = ring_driver;
//       static fence::result<void> init(ring_bo &bo, int flags) noexcept;   // optional: what can fail, after construction
//       explicit ring_bo(gem_passkey key, int flags) noexcept : gem_object(key) {}
//       fence::result<void *> vmap() noexcept;                               // what else it may have: gem_ops.hpp
//     };
//     auto bo = ring_bo::create(device, 4096, flags);                        // result<unique_object_ref<ring_bo>>
//
// References come in two kinds. A unique_object_ref is the only one there is, so it may change the object; share() turns it into an
// object_ref, of which there are many and which only look. A handle, an exported buffer and a mapping hold references of their own. It is the same object
// in C: raw() is its drm_gem_object.
//
// The last reference may go anywhere, so giving one up may sleep: that is checked on every put, not only on the last. Where sleeping is not
// allowed, put_deferred() hands the reference to a thread that may.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_GEM_OBJECT_HPP
#define FENCE_GEM_OBJECT_HPP

#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <fence/aref.hpp>
#include <fence/gem_device.hpp>
#include <fence/gem_ops.hpp>
#include <fence/memory.h>
#include <fence/result.hpp>
#include <new>
#include <span>
#include <utility>

#pragma GCC visibility push(default)
namespace fence {

class drm_file;
template <class T> class gem_object;
template <class T> class unique_object_ref;
template <class T> using object_ref = aref<const T>;

/// Only create() makes one: so only create() makes objects.
class gem_passkey {
  template <class T> friend class gem_object;
  gem_passkey(gem_device &device, size_t size) noexcept : device(device), size(size) {}

public:
  gem_device &device;
  size_t size;
};

/// What all GEM objects have; drivers derive from gem_object.
class gem_object_base {
public:
  gem_object_base(const gem_object_base &) = delete;
  static gem_object_base &from(::drm_gem_object &c) noexcept { return reinterpret_cast<gem_object_base &>(c); }
  /// For functions of C.
  ::drm_gem_object *raw() const noexcept { return &c_; }

  /// Bytes, a multiple of the page size. Context: any.
  FENCE_NONBLOCKING size_t size() const noexcept { return c_.size; }
  /// Lives at least as long as the object. Context: any.
  FENCE_NONBLOCKING gem_device &device() const noexcept { return gem_device::from(*c_.dev); }
  /// The fences that use of the buffer waits for. Context: any.
  FENCE_NONBLOCKING dma_resv &resv() const noexcept { return *c_.resv; }
  /// Whether it is another device's memory. Context: any.
  FENCE_NONBLOCKING bool is_imported() const noexcept { return c_.import_attach != nullptr; }

  /// Context: any; the caller has a reference.
  FENCE_NONBLOCKING void get() const noexcept { drm_gem_object_get(&c_); }
  /// Context: may sleep, whether or not it is the last.
  FENCE_BLOCKS_ON_LAST_REFERENCE void put() const noexcept { drm_gem_object_put(&c_); }
  /// As put(), for atomic context: if it is the last reference, the object is freed on the system's work queue.
  /// Context: any.
  FENCE_NONBLOCKING void put_deferred() const noexcept { drm_gem_object_put_deferred(&c_); }
  static constexpr bool put_may_sleep = true;
  /// Context: any; for tests and assertions.
  FENCE_NONBLOCKING unsigned references() const noexcept { return __atomic_load_n(&c_.refcount, __ATOMIC_ACQUIRE); }

  /// The offset at which the device file maps this object; always the same. Error: ENOSPC. Thread-safe.
  /// Context: may sleep.
  FENCE_MAY_SLEEP result<uint64_t> create_mmap_offset() const noexcept {
    if (int failed = drm_gem_create_mmap_offset(&c_))
      return error(failed);
    return drm_vma_node_offset_addr(&c_.vma_node);
  }
  /// Context: may sleep. The object's end does it, too.
  FENCE_MAY_SLEEP void free_mmap_offset() const noexcept { drm_gem_free_mmap_offset(&c_); }
  /// A line for people, cut to fit; its whole length. Context: any.
  FENCE_NONBLOCKING int describe(std::span<char> text) const noexcept {
    return drm_gem_print_info(&c_, text.data(), text.size());
  }

protected:
  gem_object_base(const gem_passkey &key, const drm_gem_object_funcs *funcs) noexcept {
    c_.funcs = funcs;
    [[maybe_unused]] int failed = drm_gem_object_init(key.device.raw(), &c_, key.size);
    assert(!failed && "create() has looked at the size");
  }
  ~gem_object_base() { drm_gem_object_release(&c_); }

private:
  mutable ::drm_gem_object c_;
};

namespace detail {
template <class T> T &gem_cast(::drm_gem_object &obj) noexcept { return static_cast<T &>(gem_object_base::from(obj)); }
} // namespace detail

/// The only reference of an object: it may be changed, and nobody else sees it yet. Moves.
template <class T> class [[nodiscard]] unique_object_ref {
public:
  unique_object_ref(unique_object_ref &&other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  unique_object_ref &operator=(unique_object_ref &&other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~unique_object_ref() {
    if (object_)
      object_->put();
  }
  T &operator*() const noexcept { return *object_; }
  T *operator->() const noexcept { return object_; }
  T *get() const noexcept { return object_; }

  /// From here on others may have references; nobody changes it any more. The caller's old pointer is empty.
  object_ref<T> share() && noexcept {
    assert(object_->references() == 1 && "somebody has a reference of an object that was unique");
    return object_ref<T>(std::exchange(object_, nullptr), adopt);
  }
  /// The reference is the caller's; for functions of C.
  [[nodiscard]] T *release() noexcept { return std::exchange(object_, nullptr); }

private:
  friend class gem_object<T>;
  explicit unique_object_ref(T *object) noexcept : object_(object) {}
  T *object_;
};

/// The base of a driver's buffer class T.
template <class T> class gem_object : public gem_object_base {
public:
  /// Makes an object of `size` bytes, rounded up to whole pages: T(gem_passkey, args...), then T::init(object, args...) if there is one. Errors:
  /// ENOMEM, EINVAL for size 0 or one that overflows, whatever init returns; nothing is left behind.
  /// Context: may sleep.
  template <class... Args>
  FENCE_MAY_SLEEP static result<unique_object_ref<T>> create(gem_device &device, size_t size, Args &&...args) noexcept {
    static_assert(std::derived_from<T, gem_object>, "fence::gem_object<T>: T derives from gem_object<T>");
    static_assert(noexcept(T(std::declval<gem_passkey>(), args...)),
                  "fence::gem_object<T>: T's constructor is noexcept; what can fail goes into init()");
    static_assert(requires { typename T::driver; }, "fence::gem_object<T>: T says whose it is: using driver = ...");
    if (size == 0 || size > SIZE_MAX - FENCE_PAGE_SIZE + 1)
      return error(EINVAL);
    void *memory = fence_alloc(sizeof(T), FENCE_GFP_KERNEL);
    if (!memory)
      return error(ENOMEM);
    unique_object_ref<T> object(::new (memory) T(gem_passkey(device, size), args...));
    if constexpr (requires { T::init(*object, args...); })
      if (result<void> done = T::init(*object, args...); !done)
        return done.error();
    return object;
  }

protected:
  explicit gem_object(const gem_passkey &key) noexcept : gem_object_base(key, &detail::gem_table_of<T>) {}
  ~gem_object() = default;
};

inline aref<gem_object_base> gem_device::find_by_offset(uint64_t offset) noexcept {
  ::drm_gem_object *found = drm_gem_object_lookup_offset(&c_, offset);
  return aref<gem_object_base>(found ? &gem_object_base::from(*found) : nullptr, adopt);
}

} // namespace fence
#pragma GCC visibility pop
#endif
