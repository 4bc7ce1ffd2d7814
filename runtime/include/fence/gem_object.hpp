//===- fence/gem_object.hpp - buffers that user space has handles of ---------------------------------------------------===//
//
// A driver's buffer is a class over gem_object:
//
//     class ring_bo : public fence::gem_object<ring_bo> {
//     public:
//       using driver = ring_driver;
//       static fence::result<void> init(ring_bo &bo, int flags) noexcept;   // optional: what can fail, after construction
//       explicit ring_bo(gem_passkey key, int flags) noexcept : gem_object(key) {}
//       fence::result<void> open(fence::drm_file &) noexcept;                // optional: a file gets its first handle
//       void close(fence::drm_file &) noexcept;                              // optional: and loses its last
//     };
//     auto bo = ring_bo::create(device, 4096, flags);                        // result<unique_object_ref<ring_bo>>
//
// References come in two kinds. A unique_object_ref is the only one there is, so it may change the object; share() turns it into an
// object_ref, of which there are many and which only look. A handle, an exported file descriptor and an mmap hold references of their own.
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
#include <fence/dma-resv.h>
#include <fence/gem_device.hpp>
#include <fence/memory.h>
#include <fence/result.hpp>
#include <fence/workqueue.h>
#include <new>
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

  /// Bytes, a multiple of the page size. Context: any.
  FENCE_NONBLOCKING size_t size() const noexcept { return size_; }
  /// Lives at least as long as the object. Context: any.
  FENCE_NONBLOCKING gem_device &device() const noexcept { return device_; }
  /// The fences that use of the buffer waits for. Context: any.
  FENCE_NONBLOCKING dma_resv &resv() const noexcept { return resv_; }

  /// Context: any; the caller has a reference.
  FENCE_NONBLOCKING void get() const noexcept { __atomic_fetch_add(&references_, 1, __ATOMIC_RELAXED); }
  /// Context: may sleep, whether or not it is the last.
  FENCE_BLOCKS_ON_LAST_REFERENCE void put() const noexcept;
  /// As put(), for atomic context: if it is the last reference, the object is freed on the system's work queue.
  /// Context: any.
  FENCE_NONBLOCKING void put_deferred() const noexcept;
  static constexpr bool put_may_sleep = true;
  /// Context: any; for tests and assertions.
  FENCE_NONBLOCKING unsigned references() const noexcept { return __atomic_load_n(&references_, __ATOMIC_ACQUIRE); }

  /// The offset at which the device file maps this object; always the same. Error: ENOSPC. Thread-safe.
  /// Context: may sleep.
  FENCE_MAY_SLEEP result<uint64_t> create_mmap_offset() const noexcept {
    return device_.offset_for(const_cast<gem_object_base &>(*this));
  }
  /// Context: may sleep. The object's end does it, too.
  FENCE_MAY_SLEEP void free_mmap_offset() const noexcept { device_.forget_offset(const_cast<gem_object_base &>(*this)); }

protected:
  explicit gem_object_base(const gem_passkey &key) noexcept;
  virtual ~gem_object_base();

private:
  friend class gem_device;
  friend class drm_file;
  friend class prime;
  /// Tells apart types of different drivers; the same in every shared object.
  virtual uint64_t kind() const noexcept = 0;
  virtual result<void> opened(drm_file &) noexcept { return {}; }
  virtual void closed(drm_file &) noexcept {}
  void free() const noexcept;

  /// Frees on the work queue. A struct of its own, so that the object is found from the work item.
  struct deferred_free : fence_work {
    const gem_object_base *object;
  };

  gem_device &device_;
  size_t size_;
  mutable dma_resv resv_;
  mutable unsigned references_ = 1;
  mutable deferred_free deferred_free_;
  // The device's, under its lock:
  uint64_t mmap_offset_ = 0;
  gem_object_base *next_with_offset_ = nullptr;
};

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
  object_ref<T> share() &&noexcept {
    assert(object_->references() == 1 && "somebody has a reference of an object that was unique");
    return object_ref<T>(std::exchange(object_, nullptr), adopt);
  }

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
  template <class... Args> FENCE_MAY_SLEEP static result<unique_object_ref<T>> create(gem_device &device, size_t size, Args &&...args) noexcept {
    static_assert(std::derived_from<T, gem_object>, "fence::gem_object<T>: T derives from gem_object<T>");
    static_assert(noexcept(T(std::declval<gem_passkey>(), args...)), "fence::gem_object<T>: T's constructor is noexcept; what can fail goes into init()");
    static_assert(requires { typename T::driver; }, "fence::gem_object<T>: T says whose it is: using driver = ...");
    if (size == 0 || size > SIZE_MAX - page + 1)
      return error(EINVAL);
    void *memory = fence_alloc(sizeof(T), FENCE_GFP_KERNEL);
    if (!memory)
      return error(ENOMEM);
    unique_object_ref<T> object(::new (memory) T(gem_passkey(device, (size + page - 1) / page * page), args...));
    if constexpr (requires { T::init(*object, args...); })
      if (result<void> done = T::init(*object, args...); !done)
        return done.error();
    return object;
  }
  static constexpr uint64_t type_kind() noexcept {
    uint64_t hash = 14695981039346656037u;
    for (const char *c = __PRETTY_FUNCTION__; *c; ++c)
      hash = (hash ^ static_cast<unsigned char>(*c)) * 1099511628211u;
    return hash;
  }

protected:
  explicit gem_object(const gem_passkey &key) noexcept : gem_object_base(key) {}
  ~gem_object() = default;

private:
  static constexpr size_t page = 4096;
  uint64_t kind() const noexcept final { return type_kind(); }
  result<void> opened(drm_file &file) noexcept final {
    if constexpr (requires(T &object) { object.open(file); }) {
      static_assert(noexcept(static_cast<T *>(this)->open(file)), "fence::gem_object<T>: open() is noexcept and returns result<void>");
      return static_cast<T *>(this)->open(file);
    }
    return {};
  }
  void closed(drm_file &file) noexcept final {
    if constexpr (requires(T &object) { object.close(file); })
      static_cast<T *>(this)->close(file);
  }
};

} // namespace fence
#pragma GCC visibility pop
#endif
