//===- runtime/src/check_report.h - from a finding to whoever wants to know -------------------------------------------===//
//
// In every build, because a wrong reference count is reported in every build.
//
//===----------------------------------------------------------------------===//
#ifndef FENCE_SRC_CHECK_REPORT_H
#define FENCE_SRC_CHECK_REPORT_H

#include "check_stack.h"

#include <cstdarg>
#include <fence/check.h>

namespace fence::check {

/// The text of a report while it is written; too long is cut off.
class text {
public:
  [[gnu::format(printf, 2, 3)]] void add(const char *format, ...) noexcept;
  void add_list(const char *format, std::va_list arguments) noexcept;
  const char *c_str() const noexcept { return bytes; }
  bool empty() const noexcept { return length == 0; }

private:
  static constexpr unsigned capacity = 4096;
  unsigned length = 0;
  char bytes[capacity] = "";
};

struct finding {
  fence_report_kind kind;
  const char *file = nullptr;
  int line = 0;
  text message{}, details{};
  const char *other_title = nullptr;
  short_stack other{};
};

/// Counts and hands out the finding unless this place has been reported. Whether it was new. The caller's thread is marked busy in the
/// meantime, so that what the handler does is not checked.
[[gnu::cold]] bool report(finding &what) noexcept;
/// The same without a place: what a look at all fences found.
[[gnu::cold]] void report_without_place(finding &what) noexcept;

/// To stderr without buffer, one line.
void line_to_stderr(const char *line, void *) noexcept;

struct options {
  bool leaks;
  double hang_seconds; ///< 0: no watchdog
};
/// What FENCE_CHECK says; read once.
const options &environment() noexcept;

} // namespace fence::check
#endif
