//===- runtime/src/realtime.h - where RealtimeSanitizer looks away, and why ---------------------------------------===//
//
// With -fsanitize=realtime every function that is nonblocking by its declaration is held to it at run time. In few places the runtime does
// on purpose what looks like blocking. A realtime_pause makes the sanitizer look away to the end of such a function, and the function's
// FENCE_AUDITED says why and makes fencelint look away as well. A fence callback that runs within such a place is a driver's code
// again: realtime_resume watches it.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SRC_REALTIME_H
#define FENCE_SRC_REALTIME_H

#include <fence/annotations.h>

#if defined(__has_feature)
#  if __has_feature(realtime_sanitizer)
#    define FENCE_RTSAN 1
extern "C" void __rtsan_disable(void) noexcept __attribute__((nonblocking));
extern "C" void __rtsan_enable(void) noexcept __attribute__((nonblocking));
#  endif
#endif

namespace fence {

#ifdef FENCE_RTSAN
/// How many pauses this thread is in.
inline __thread unsigned realtime_pauses __attribute__((tls_model("initial-exec")));

class realtime_pause {
public:
  FENCE_NONBLOCKING realtime_pause() noexcept {
    ++realtime_pauses;
    __rtsan_disable();
  }
  FENCE_NONBLOCKING ~realtime_pause() {
    __rtsan_enable();
    --realtime_pauses;
  }
  realtime_pause(const realtime_pause &) = delete;
  realtime_pause &operator=(const realtime_pause &) = delete;
};

class realtime_resume {
public:
  FENCE_NONBLOCKING realtime_resume() noexcept : pauses(realtime_pauses) {
    for (realtime_pauses = 0; realtime_pauses < pauses; ++realtime_pauses)
      __rtsan_enable();
    realtime_pauses = 0;
  }
  FENCE_NONBLOCKING ~realtime_resume() {
    for (realtime_pauses = 0; realtime_pauses < pauses; ++realtime_pauses)
      __rtsan_disable();
  }
  realtime_resume(const realtime_resume &) = delete;
  realtime_resume &operator=(const realtime_resume &) = delete;

private:
  unsigned pauses;
};
#else
struct realtime_pause {
  realtime_pause() noexcept {}
  ~realtime_pause() {}
};
struct realtime_resume {
  realtime_resume() noexcept {}
  ~realtime_resume() {}
};
#endif

} // namespace fence
#endif
