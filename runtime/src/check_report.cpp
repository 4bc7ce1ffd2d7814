//===- runtime/src/check_report.cpp - from a finding to whoever wants to know -----------------------------------------===//
//
// A place is the function that was called, with the few calls that led to it. A function that may sleep asks before it begins, and what it
// is built from asks again; so a finding is also old if one of the functions around it has been reported from the same place.
//
//===----------------------------------------------------------------------===//
#include "check_report.h"

#include "check_entry.h"
#include "check_memory.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <pthread.h>
#include <unistd.h>

namespace fence::check {

namespace {

constexpr const char *kind_names[] = {"sleep-in-atomic",     "alloc-in-atomic",    "alloc-in-callback", "wait-in-callback",
                                      "wait-while-signalling", "held-while-waiting", "lock-order",        "lock-recursion",
                                      "lock-irq",            "not-held",           "unbalanced",        "left-behind",
                                      "callback",            "error-code",         "reference-count",   "abandoned",
                                      "hang",                "leak",               "capacity"};
static_assert(sizeof kind_names / sizeof *kind_names == FENCE_REPORT_KINDS);

constexpr unsigned place_capacity = 8192;

struct {
  quiet_lock lock;
  fence_report_handler handler;
  void *data;
  unsigned long counts[FENCE_REPORT_KINDS];
  unsigned long count;
  std::uint64_t places[place_capacity]; ///< open addressing; 0 is empty
  unsigned place_count;
} reports;

bool aborts, quiet, colors;
options read;

void read_environment() noexcept {
  const char *list = std::getenv("FENCE_CHECK");
  colors = isatty(STDERR_FILENO) && !std::getenv("NO_COLOR");
  for (; list && *list; list += std::strcspn(list, ","), list += *list == ',') {
    auto is = [&](const char *word) {
      std::size_t length = std::strlen(word);
      return std::strncmp(list, word, length) == 0 && (list[length] == ',' || !list[length] || word[length - 1] == '=');
    };
    if (is("abort"))
      __atomic_store_n(&aborts, true, __ATOMIC_RELAXED);
    else if (is("quiet"))
      quiet = true;
    else if (is("color"))
      colors = true;
    else if (is("nocolor"))
      colors = false;
    else if (is("leaks"))
      read.leaks = true;
    else if (is("hang="))
      read.hang_seconds = std::strtod(list + std::strlen("hang="), nullptr);
    else
      std::fprintf(stderr, "fence: FENCE_CHECK has no '%.*s'; there are abort, quiet, leaks, hang=SECONDS, color and nocolor\n",
                   static_cast<int>(std::strcspn(list, ",")), list);
  }
}

constexpr std::uint64_t mix(std::uint64_t hash, std::uint64_t value) noexcept {
  hash = (hash ^ value) * 0x9e37'79b9'7f4a'7c15u;
  return hash ^ hash >> 29;
}

/// Whether the place was there. The reports' lock is held.
bool known(std::uint64_t place, bool remember) noexcept {
  place |= 1;
  for (unsigned i = 0; i < place_capacity; ++i) {
    std::uint64_t &slot = reports.places[(place + i) % place_capacity];
    if (slot == place)
      return true;
    if (!slot) {
      if (remember && reports.place_count < place_capacity / 2) {
        slot = place;
        ++reports.place_count;
      }
      return false;
    }
  }
  return false;
}

constexpr unsigned calls_of_a_place = 6;

/// A function, `innermost` being a word for where in it, and the calls from frame `from` on that led there.
std::uint64_t place_of(fence_report_kind kind, std::uintptr_t innermost, const whole_stack &stack, unsigned from) noexcept {
  std::uint64_t hash = mix(static_cast<std::uint64_t>(kind) + 1, innermost);
  for (unsigned i = from; i < stack.count && i < from + calls_of_a_place; ++i)
    hash = mix(hash, reinterpret_cast<std::uintptr_t>(stack.frames[i]));
  return hash;
}

/// Counts the finding if its place is new.
bool is_new(fence_report_kind kind, const whole_stack &stack) noexcept {
  std::uintptr_t functions[whole_stack::capacity];
  for (unsigned i = 0; i < stack.count; ++i)
    functions[i] = function_of(stack.frames[i]);
  guarded hold(reports.lock);
  if (stack.count) {
    auto exact = reinterpret_cast<std::uintptr_t>(stack.frames[0]);
    if (known(place_of(kind, exact, stack, 1), true))
      return false;
    for (unsigned i = 1; i < stack.count; ++i)
      if (known(place_of(kind, ~functions[i], stack, i + 1), false))
        return false;
    known(place_of(kind, ~functions[0], stack, 1), true);
  }
  ++reports.counts[kind];
  ++reports.count;
  return true;
}

void print_stack(const fence_stack &stack) noexcept {
  for (unsigned i = 0; i < stack.count; ++i) {
    char line[1024];
    describe_frame(line, sizeof line, i, stack.frames[i]);
    line_to_stderr(line, nullptr);
  }
}

void print(const fence_report &what) noexcept {
  char line[sizeof(text) + 128];
  std::snprintf(line, sizeof line, "%sfence: %s: %s%s", colors ? "\033[1;31m" : "", kind_names[what.kind], what.message,
                colors ? "\033[0m" : "");
  line_to_stderr(line, nullptr);
  for (const char *at = what.details; *at;) {
    std::size_t length = std::strcspn(at, "\n");
    std::snprintf(line, sizeof line, "  %.*s", static_cast<int>(length), at);
    line_to_stderr(line, nullptr);
    at += length + (at[length] == '\n');
  }
  if (what.file) {
    std::snprintf(line, sizeof line, "  checked at %s:%d", what.file, what.line);
    line_to_stderr(line, nullptr);
  }
  line_to_stderr("  here:", nullptr);
  print_stack(what.here);
  if (what.other_title) {
    std::snprintf(line, sizeof line, "  %s:", what.other_title);
    line_to_stderr(line, nullptr);
    print_stack(what.other);
  }
}

FENCE_AUDITED("a mistake is told, before anything else; once per place")
void deliver(finding &what, const whole_stack &stack) noexcept {
  environment();
  const fence_report told = {.kind = what.kind,
                             .message = what.message.c_str(),
                             .details = what.details.c_str(),
                             .file = what.file,
                             .line = what.line,
                             .here = {stack.frames, stack.count},
                             .other_title = what.other_title && what.other.count ? what.other_title : nullptr,
                             .other = {what.other.frames, what.other.count}};
  fence_report_handler handler;
  void *data;
  {
    guarded hold(reports.lock);
    handler = reports.handler;
    data = reports.data;
  }
  if (handler) {
    handler(&told, data);
    return;
  }
  if (!quiet)
    print(told);
  if (__atomic_load_n(&aborts, __ATOMIC_RELAXED))
    std::abort();
}

} // namespace

void text::add_list(const char *format, std::va_list arguments) noexcept {
  int written = std::vsnprintf(bytes + length, capacity - length, format, arguments);
  if (written > 0)
    length += static_cast<unsigned>(written);
  if (length >= capacity)
    length = capacity - 1;
}
void text::add(const char *format, ...) noexcept {
  std::va_list arguments;
  va_start(arguments, format);
  add_list(format, arguments);
  va_end(arguments);
}

FENCE_AUDITED("once per process; whoever comes meanwhile waits for a few getenv()")
const options &environment() noexcept {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, read_environment);
  return read;
}

void line_to_stderr(const char *line, void *) noexcept {
  char bytes[sizeof(text) + 256];
  int length = std::snprintf(bytes, sizeof bytes, "%s\n", line);
  if (length > static_cast<int>(sizeof bytes) - 1)
    length = sizeof bytes - 1;
  // A report that cannot be written has nowhere to complain.
  if (length > 0 && write(STDERR_FILENO, bytes, static_cast<std::size_t>(length)) < 0)
    return;
}

bool report(finding &what) noexcept {
  entry_of_this_thread.found = true;
  whole_stack stack;
  capture(stack);
  if (!is_new(what.kind, stack))
    return false;
  deliver(what, stack);
  return true;
}

void report_without_place(finding &what) noexcept {
  whole_stack stack;
  capture(stack);
  {
    guarded hold(reports.lock);
    ++reports.counts[what.kind];
    ++reports.count;
  }
  deliver(what, stack);
}

} // namespace fence::check

using namespace fence::check;

extern "C" {

const char *fence_report_kind_name(fence_report_kind kind) noexcept {
  return static_cast<unsigned>(kind) < FENCE_REPORT_KINDS ? kind_names[kind] : "unknown";
}

fence_report_handler fence_set_report_handler(fence_report_handler handler, void *data) noexcept {
  guarded hold(reports.lock);
  fence_report_handler before = reports.handler;
  reports.handler = handler;
  reports.data = data;
  return before;
}

bool fence_set_abort_on_report(bool aborts_from_now_on) noexcept {
  environment();
  return __atomic_exchange_n(&aborts, aborts_from_now_on, __ATOMIC_RELAXED);
}

unsigned long fence_reports(void) noexcept {
  guarded hold(reports.lock);
  return reports.count;
}
unsigned long fence_reports_of(fence_report_kind kind) noexcept {
  guarded hold(reports.lock);
  return static_cast<unsigned>(kind) < FENCE_REPORT_KINDS ? reports.counts[kind] : 0;
}
void fence_forget_reports(void) noexcept {
  guarded hold(reports.lock);
  std::memset(reports.counts, 0, sizeof reports.counts);
  std::memset(reports.places, 0, sizeof reports.places);
  reports.count = reports.place_count = 0;
}

} // extern "C"
