//===- fence/drm_exec.hpp - locking all buffers of a submission, in C++ -----------------------------------------------------------===//
//
//     fence::exec exec;
//     auto locked = exec.until_all_locked([&](fence::exec &turn) noexcept -> fence::result<void> {
//       for (buffer &each : buffers)
//         if (auto one = turn.prepare(each.resv, 1); !one)          // Locks, and reserves room for one fence.
//           return one;
//       return {};
//     });
//     if (!locked)
//       return locked;
//     for (buffer &each : buffers)
//       each.resv.add(job, fence::usage::write);
//     // exec's end unlocks all
//
// The C API with its details: drm-exec.h.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_DRM_EXEC_HPP
#define FENCE_DRM_EXEC_HPP

#include <fence/dma_resv.hpp>
#include <fence/drm-exec.h>
#include <span>

namespace fence {

struct exec_options {
  bool interruptible = false;     ///< locking ends with EINTR when fence_interrupt() was called for this thread
  bool ignore_duplicates = false; ///< to lock one a second time is no error
  unsigned expected = 0;          ///< how many will be locked, if one knows
};

/// Holds the locks of many reservations to its end. On the stack of one thread. The reservations outlive it.
class [[nodiscard]] exec {
public:
  /// Context: may sleep (allocates); cannot fail.
  FENCE_ALLOCATES explicit exec(exec_options options = {}) noexcept {
    std::uint32_t flags = 0;
    if (options.interruptible)
      flags |= DRM_EXEC_INTERRUPTIBLE_WAIT;
    if (options.ignore_duplicates)
      flags |= DRM_EXEC_IGNORE_DUPLICATES;
    drm_exec_init(&c_, flags, options.expected);
  }
  /// Unlocks everything. Context: any but a fence callback.
  ~exec() { drm_exec_fini(&c_); }
  exec(const exec &) = delete;
  exec &operator=(const exec &) = delete;

  /// Calls `turn(*this)`, which locks, and calls it anew with nothing locked as long as one of its locks is refused. It returns the first error it
  /// meets, as result<void>, so it is left at once. Errors: those of turn but EDEADLK; what it has locked stays locked to the end of exec.
  /// Context: may sleep. One call per exec.
  template <class Turn> FENCE_MAY_SLEEP result<void> until_all_locked(Turn &&turn) noexcept {
    static_assert(std::is_nothrow_invocable_r_v<result<void>, Turn &, exec &>,
                  "fence: what locks for exec is 'fence::result<void> (fence::exec &) noexcept'");
    result<void> done;
    while (drm_exec_cleanup(&c_)) {
      done = turn(*this);
      if (!done && !drm_exec_is_contended(&c_))
        break;
    }
    return done;
  }
  /// The same for reservations that are known beforehand, with room for `fences` in each.
  FENCE_MAY_SLEEP result<void> lock_all(std::span<reservation *const> all, unsigned fences) noexcept {
    return until_all_locked([&](exec &turn) noexcept -> result<void> {
      for (reservation *each : all)
        if (result<void> one = turn.prepare(*each, fences); !one)
          return one;
      return {};
    });
  }

  /// In a turn. Errors: EDEADLK, refused, the turn is over; EALREADY, unless duplicates are ignored; ENOMEM; EINTR if interruptible.
  /// Context: may sleep (allocates).
  FENCE_ALLOCATES FENCE_MAY_SLEEP result<void> lock(reservation &resv) noexcept {
    return result<void>::from_c(drm_exec_lock_obj(&c_, resv.raw()));
  }
  /// Also reserves room for so many fences. If there is none, the lock is given back.
  FENCE_ALLOCATES FENCE_MAY_SLEEP result<void> prepare(reservation &resv, unsigned fences) noexcept {
    return result<void>::from_c(drm_exec_prepare_obj(&c_, resv.raw(), fences));
  }
  /// Before the others.
  void unlock(reservation &resv) noexcept { drm_exec_unlock_obj(&c_, resv.raw()); }
  /// How many are locked, and which, in the order of locking.
  std::size_t size() const noexcept { return c_.num_objects; }
  reservation &operator[](std::size_t i) const noexcept { return reservation::from(*c_.objects[i]); }
  drm_exec *raw() noexcept { return &c_; }

private:
  drm_exec c_;
};

} // namespace fence
#endif
