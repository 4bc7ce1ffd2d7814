//===- fence/syncobj.hpp - a place for a fence, and a timeline of points ------------------------------------------------===//
//
//     auto timeline = fence::syncobj::make();
//     (*timeline)->add_point(std::move(link), job, 7);
//     auto reached = (*timeline)->wait(7, 100ms, fence::submission::awaited);
//
// The C API with its details: drm-syncobj.h.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SYNCOBJ_HPP
#define FENCE_SYNCOBJ_HPP

#include <fence/drm-syncobj.h>
#include <fence/fence_chain.hpp>
#include <fence/wait.hpp>

namespace fence {

/// What a wait does about a point that nobody has submitted.
enum class submission : std::uint32_t {
  required = 0,                                      ///< it is an error
  awaited = DRM_SYNCOBJ_WAIT_FLAGS_WAIT_FOR_SUBMIT,  ///< waits for it first
  enough = DRM_SYNCOBJ_WAIT_FLAGS_WAIT_AVAILABLE,    ///< waits for it and not for the fence
};

class syncobj;

/// A point of a timeline; 0 is the object's fence as it is.
struct timeline_point {
  syncobj &object;
  std::uint64_t point = 0;
};

/// A sync object, by reference: aref<syncobj> owns. Thread safety: every member may be called by many threads at once.
class syncobj {
public:
  syncobj(const syncobj &) = delete;
  syncobj &operator=(const syncobj &) = delete;

  /// Empty, or with that fence. Errors: ENOMEM. Context: may sleep (allocates).
  FENCE_ALLOCATES static result<aref<syncobj>> make(const aref<any_fence> &fence = {}) noexcept {
    ::drm_syncobj *made;
    int status = drm_syncobj_create(&made, 0, fence ? fence->raw() : nullptr);
    if (status != 0)
      return error(status);
    return aref<syncobj>(&from(*made), adopt);
  }
  static syncobj &from(::drm_syncobj &c) noexcept { return reinterpret_cast<syncobj &>(c); }
  ::drm_syncobj *raw() const noexcept { return &c_; }
  FENCE_NONBLOCKING void get() noexcept { drm_syncobj_get(&c_); }
  void put() noexcept { drm_syncobj_put(&c_); }

  /// The present fence, or null. Context: any.
  FENCE_NONBLOCKING aref<any_fence> current_fence() const noexcept {
    ::dma_fence *fence = drm_syncobj_fence_get(&c_);
    return aref<any_fence>(fence ? &any_fence::from(*fence) : nullptr, adopt);
  }
  /// Null empties it. Context: any.
  FENCE_NONBLOCKING void replace_fence(const aref<any_fence> &fence) noexcept {
    drm_syncobj_replace_fence(&c_, fence ? fence->raw() : nullptr);
  }
  FENCE_NONBLOCKING void reset() noexcept { drm_syncobj_reset(&c_); }
  FENCE_NONBLOCKING void signal() noexcept { drm_syncobj_signal(&c_); }
  /// Takes what the link holds. Context: any; does not allocate.
  FENCE_NONBLOCKING void add_point(chain_link &&link, const aref<any_fence> &fence, std::uint64_t point) noexcept {
    drm_syncobj_add_point(&c_, link.release(), fence->raw(), point);
  }
  /// A point without work. Errors: ENOMEM. Context: may sleep (allocates).
  FENCE_ALLOCATES result<void> signal_point(std::uint64_t point) noexcept {
    return result<void>::from_c(drm_syncobj_timeline_signal(&c_, point));
  }
  /// Context: any.
  FENCE_NONBLOCKING std::uint64_t last_reached() const noexcept { return drm_syncobj_query(&c_, 0); }
  FENCE_NONBLOCKING std::uint64_t last_submitted() const noexcept {
    return drm_syncobj_query(&c_, DRM_SYNCOBJ_QUERY_FLAGS_LAST_SUBMITTED);
  }
  /// What has to signal for `point`; a signalled fence if it has been reached. Errors: EINVAL, not submitted. Context: any.
  FENCE_NONBLOCKING result<aref<any_fence>> find(std::uint64_t point) const noexcept {
    return found(point, submission::required, 0);
  }
  /// Waits for the submission if need be. Errors: ETIMEDOUT; EINTR. Context: may sleep.
  template <class Rep, class Period>
  FENCE_MAY_SLEEP result<aref<any_fence>> await_submission(std::uint64_t point, std::chrono::duration<Rep, Period> time) const noexcept {
    return found(point, submission::awaited, detail::jiffies(time));
  }

  /// Waits for one of `points`; returns the index of one that has been reached. Errors: ETIMEDOUT; EINVAL, one has not been submitted, or there
  /// are none; E2BIG beyond 16; ENOMEM; EINTR.
  /// Context: may sleep (allocates); not in a signalling section. The caller holds a reference of each object.
  template <class Rep, class Period>
  FENCE_WAITS_FOR("fence") static result<std::size_t> wait_any(std::span<const timeline_point> points, std::chrono::duration<Rep, Period> time,
                                                               submission how = submission::required) noexcept {
    return wait(points, static_cast<std::uint32_t>(how), detail::jiffies(time));
  }
  /// Waits for all of them; returns the index of the one that was found first.
  template <class Rep, class Period>
  FENCE_WAITS_FOR("fence") static result<std::size_t> wait_all(std::span<const timeline_point> points, std::chrono::duration<Rep, Period> time,
                                                               submission how = submission::required) noexcept {
    return wait(points, static_cast<std::uint32_t>(how) | DRM_SYNCOBJ_WAIT_FLAGS_WAIT_ALL, detail::jiffies(time));
  }
  /// Of one. Errors: as wait_any().
  template <class Rep, class Period>
  FENCE_WAITS_FOR("fence") result<void> wait(std::uint64_t point, std::chrono::duration<Rep, Period> time,
                                             submission how = submission::required) noexcept {
    const timeline_point only[] = {{*this, point}};
    return wait_any(only, time, how).error();
  }

private:
  syncobj() = delete;

  static fence::error error_of(std::int64_t returned) noexcept {
    return returned == -ETIME ? fence::error(ETIMEDOUT) : returned == -FENCE_ERESTARTSYS ? fence::error(EINTR) : fence::error(static_cast<int>(returned));
  }
  result<aref<any_fence>> found(std::uint64_t point, submission how, std::int64_t timeout) const noexcept {
    ::dma_fence *fence = nullptr;
    int status = drm_syncobj_find_fence(&c_, point, static_cast<std::uint32_t>(how), timeout, &fence);
    if (status != 0)
      return error_of(status);
    return aref<any_fence>(&any_fence::from(*fence), adopt);
  }
  FENCE_MAY_SLEEP static result<std::size_t> wait(std::span<const timeline_point> points, std::uint32_t flags, std::int64_t timeout) noexcept {
    constexpr std::size_t most = 16;
    if (points.size() > most)
      return error(E2BIG);
    ::drm_syncobj *objects[most];
    std::uint64_t numbers[most];
    for (std::size_t i = 0; i < points.size(); ++i) {
      objects[i] = points[i].object.raw();
      numbers[i] = points[i].point;
    }
    std::uint32_t first = 0;
    std::int64_t left = drm_syncobj_wait(objects, numbers, static_cast<std::uint32_t>(points.size()), flags, timeout, &first);
    if (left < 0)
      return error_of(left);
    return std::size_t{first};
  }

  mutable ::drm_syncobj c_;
};
static_assert(sizeof(syncobj) == sizeof(::drm_syncobj) && std::is_standard_layout_v<syncobj>);

} // namespace fence
#endif
