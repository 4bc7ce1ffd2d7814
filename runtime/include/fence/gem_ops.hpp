//===- fence/gem_ops.hpp - the table of a driver's buffer, made from its class --------------------------------------------===//
//
// A driver writes as members of its buffer what can be done with it, under the names of drm_gem_object_funcs; the table is made here at compile
// time. All are optional, public, and run where they may sleep, but for print_info, which may run anywhere. Those marked * run with the buffer's
// reservation held, for the first who asks and the last who gives up:
//
//     fence::result<void> open(fence::drm_file &) noexcept;             a file gets its handle; an error refuses it
//     void close(fence::drm_file &) noexcept;                           and loses it
//     int print_info(std::span<char>) const noexcept;                   text with a final 0; its whole length
//     fence::result<void> pin() noexcept;                             * the content stays where it is
//     void unpin() noexcept;                                          * and may move again
//     fence::result<::sg_table> get_sg_table() noexcept;              * for whoever asks a table of their own; each time
//     fence::result<void *> vmap() noexcept;                          * where the program sees the content
//     void vunmap(void *) noexcept;                                   *
//     fence::result<void *> mmap(std::size_t size, int prot) noexcept;  the first `size` bytes, as a mapped file
//     void munmap(void *, std::size_t size) noexcept;
//     ~T();                                                             the last reference has gone
//
// A member of one of these names that may throw or has another signature does not compile, rather than be taken for absent.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_GEM_OPS_HPP
#define FENCE_GEM_OPS_HPP

#include <concepts>
#include <fence/drm-prime.h>
#include <fence/fence_ops.hpp>
#include <fence/member_names.hpp>
#include <fence/result.hpp>
#include <span>

namespace fence {
class drm_file;
class gem_device;
template <class T> class unique_object_ref;
} // namespace fence

namespace fence::detail {

FENCE_DETAIL_NAMES(open);
FENCE_DETAIL_NAMES(close);
FENCE_DETAIL_NAMES(print_info);
FENCE_DETAIL_NAMES(pin);
FENCE_DETAIL_NAMES(unpin);
FENCE_DETAIL_NAMES(get_sg_table);
FENCE_DETAIL_NAMES(vmap);
FENCE_DETAIL_NAMES(vunmap);
FENCE_DETAIL_NAMES(mmap);
FENCE_DETAIL_NAMES(munmap);

/// Every member that T has is what the table needs. One assertion per member, so that the message names it.
template <class T> consteval bool check_gem_ops() {
  static_assert(std::is_nothrow_destructible_v<T>, "fence::gem_object<T>: ~T() is public and noexcept");
  static_assert(
      !names_open<T>::value || requires(T &t, drm_file &file) {
        { t.open(file) } noexcept -> std::same_as<result<void>>;
      }, "fence::gem_object<T>: open must be public: 'fence::result<void> open(fence::drm_file &) noexcept'");
  static_assert(
      !names_close<T>::value || requires(T &t, drm_file &file) {
        { t.close(file) } noexcept -> std::same_as<void>;
      }, "fence::gem_object<T>: close must be public: 'void close(fence::drm_file &) noexcept'");
  static_assert(
      !names_print_info<T>::value || requires(const T &t, std::span<char> text) {
        { t.print_info(text) } noexcept -> std::same_as<int>;
      }, "fence::gem_object<T>: print_info must be public: 'int print_info(std::span<char>) const noexcept'");
  static_assert(
      !names_pin<T>::value || requires(T &t) {
        { t.pin() } noexcept -> std::same_as<result<void>>;
      }, "fence::gem_object<T>: pin must be public: 'fence::result<void> pin() noexcept'");
  static_assert(
      !names_unpin<T>::value || requires(T &t) {
        { t.unpin() } noexcept -> std::same_as<void>;
      }, "fence::gem_object<T>: unpin must be public: 'void unpin() noexcept'");
  static_assert(
      !names_get_sg_table<T>::value || requires(T &t) {
        { t.get_sg_table() } noexcept -> std::same_as<result<::sg_table>>;
      }, "fence::gem_object<T>: get_sg_table must be public: 'fence::result<::sg_table> get_sg_table() noexcept'");
  static_assert(
      !names_vmap<T>::value || requires(T &t) {
        { t.vmap() } noexcept -> std::same_as<result<void *>>;
      }, "fence::gem_object<T>: vmap must be public: 'fence::result<void *> vmap() noexcept'");
  static_assert(
      !names_vunmap<T>::value || requires(T &t, void *address) {
        { t.vunmap(address) } noexcept -> std::same_as<void>;
      }, "fence::gem_object<T>: vunmap must be public: 'void vunmap(void *) noexcept'");
  static_assert(
      !names_mmap<T>::value ||
          requires(T &t, std::size_t size) {
            { t.mmap(size, 0) } noexcept -> std::same_as<result<void *>>;
          },
      "fence::gem_object<T>: mmap must be public: 'fence::result<void *> mmap(std::size_t size, int prot) noexcept'");
  static_assert(
      !names_munmap<T>::value || requires(T &t, void *address, std::size_t size) {
        { t.munmap(address, size) } noexcept -> std::same_as<void>;
      }, "fence::gem_object<T>: munmap must be public: 'void munmap(void *, std::size_t size) noexcept'");
  static_assert(names_mmap<T>::value || !names_munmap<T>::value, "fence::gem_object<T>: munmap is for what mmap made");
  static_assert(names_vmap<T>::value || !names_vunmap<T>::value, "fence::gem_object<T>: vunmap is for what vmap made");
  static_assert(names_pin<T>::value || !names_unpin<T>::value, "fence::gem_object<T>: unpin is for what pin did");
  return true;
}

/// To the driver's class; the caller knows that it is one. Defined where the class's base is.
template <class T> T &gem_cast(::drm_gem_object &obj) noexcept;

/// The functions of the table.
template <class T> struct gem_ops_of {
  static T &self(::drm_gem_object *obj) noexcept { return gem_cast<T>(*obj); }

  static void free(::drm_gem_object *obj) noexcept {
    T *object = &self(obj);
    object->~T();
    fence_free(object);
  }
  static int open(::drm_gem_object *obj, ::drm_file *file) noexcept {
    return self(obj).open(reinterpret_cast<drm_file &>(*file)).error().negative();
  }
  static void close(::drm_gem_object *obj, ::drm_file *file) noexcept {
    self(obj).close(reinterpret_cast<drm_file &>(*file));
  }
  FENCE_NONBLOCKING static int print_info(const ::drm_gem_object *obj, char *text, std::size_t size) noexcept {
    return static_cast<const T &>(self(const_cast<::drm_gem_object *>(obj))).print_info(std::span<char>(text, size));
  }
  static int pin(::drm_gem_object *obj) noexcept { return self(obj).pin().error().negative(); }
  static void unpin(::drm_gem_object *obj) noexcept { self(obj).unpin(); }
  static int get_sg_table(::drm_gem_object *obj, ::sg_table *table) noexcept {
    result<::sg_table> made = self(obj).get_sg_table();
    if (made)
      *table = *made;
    return made.error().negative();
  }
  static int vmap(::drm_gem_object *obj, void **address) noexcept {
    result<void *> mapped = self(obj).vmap();
    if (mapped)
      *address = *mapped;
    return mapped.error().negative();
  }
  static void vunmap(::drm_gem_object *obj, void *address) noexcept { self(obj).vunmap(address); }
  static int mmap(::drm_gem_object *obj, ::drm_gem_mapping *mapping) noexcept {
    result<void *> mapped = self(obj).mmap(mapping->size, mapping->prot);
    if (mapped)
      mapping->address = *mapped;
    return mapped.error().negative();
  }
  static void munmap(::drm_gem_object *obj, ::drm_gem_mapping *mapping) noexcept {
    self(obj).munmap(mapping->address, mapping->size);
  }

// Null is what drm_gem_object_funcs says of it. The name decides, check_gem_ops() has looked at the rest.
#define FENCE_DETAIL_IF(member)                                                                                        \
  [] {                                                                                                                 \
    if constexpr (names_##member<T>::value)                                                                            \
      return &gem_ops_of::member;                                                                                      \
    else                                                                                                               \
      return nullptr;                                                                                                  \
  }()
  static consteval drm_gem_object_funcs make() {
    static_assert(check_gem_ops<T>());
    return {.kind = kind_of<T>(),
            .free = free,
            .open = FENCE_DETAIL_IF(open),
            .close = FENCE_DETAIL_IF(close),
            .print_info = FENCE_DETAIL_IF(print_info),
            .pin = FENCE_DETAIL_IF(pin),
            .unpin = FENCE_DETAIL_IF(unpin),
            .get_sg_table = FENCE_DETAIL_IF(get_sg_table),
            .vmap = FENCE_DETAIL_IF(vmap),
            .vunmap = FENCE_DETAIL_IF(vunmap),
            .mmap = FENCE_DETAIL_IF(mmap),
            .munmap = FENCE_DETAIL_IF(munmap)};
  }
#undef FENCE_DETAIL_IF
};

/// The table of T: constant data, filled by the compiler. Each shared object may have a copy.
template <class T> inline constexpr drm_gem_object_funcs gem_table_of = gem_ops_of<T>::make();

/// Whether the object is a T, whichever shared object made it.
template <class T> bool is_gem(const ::drm_gem_object &obj) noexcept {
  bool is_one = obj.funcs->kind == kind_of<T>();
  if constexpr (is_nameless<T>())
    is_one = is_one && obj.funcs == &gem_table_of<T>;
  return is_one;
}

/// What a device imports with.
template <class T> struct gem_import {
  static int import(::drm_device *dev, ::dma_buf_attachment *attachment, ::drm_gem_object **obj) noexcept {
    static_assert(
        requires(gem_device &device) {
          { T::import(device, *attachment) } noexcept -> std::same_as<result<unique_object_ref<T>>>;
        }, "fence::gem_device::import_as<T>: T needs 'static fence::result<fence::unique_object_ref<T>> "
           "import(fence::gem_device &, ::dma_buf_attachment &) noexcept'");
    auto made = T::import(reinterpret_cast<gem_device &>(*dev), *attachment);
    if (made)
      *obj = made->release()->raw();
    return made.error().negative();
  }
  static constexpr drm_driver driver = {.gem_prime_import_sg_table = import};
};

} // namespace fence::detail
#endif
