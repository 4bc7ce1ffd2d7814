// Exploring one scenario: all schedules or those within the bound, then random ones; what failed is printed and can be run again.
#include "fibers.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace explore {

using namespace engine;

namespace {

void print_replay(const char *name) noexcept {
  std::fprintf(stderr, "run it again: FENCE_EXPLORE_REPLAY=%s:", name);
  constexpr int worth_printing = 1000;
  for (int i = 0; i < depth && i < worth_printing; ++i)
    std::fprintf(stderr, "%s%d", i ? "." : "", choices[i].chosen);
  std::fputc('\n', stderr);
}

const char *name_of_this_run;
[[maybe_unused]] void on_crash(int) noexcept { // AddressSanitizer has a handler of its own.
  std::fprintf(stderr, "explore: %s: the program crashed in this schedule\n", name_of_this_run);
  print_replay(name_of_this_run);
  _exit(1);
}

void report(const char *name) noexcept {
  std::fprintf(stderr, "explore: %s: %s (after %d steps)\n", name, failure, steps);
  for (int i = 0; i < count; ++i)
    std::fprintf(stderr, "  %-12s %s\n", fibers[i].name,
                 fibers[i].pending == waits_for::never   ? "has ended"
                 : fibers[i].pending == waits_for::wake  ? "sleeps"
                 : fibers[i].pending == waits_for::relax ? "spins"
                 : fibers[i].pending == waits_for::ready ? "waits for a grace period or for the others"
                                                         : "runs");
  print_replay(name);
}

/// Whether FENCE_EXPLORE_REPLAY asks for a schedule of this scenario; then its choices are the known ones.
bool is_replayed(const char *name) noexcept {
  const char *text = std::getenv("FENCE_EXPLORE_REPLAY");
  std::size_t length = std::strlen(name);
  if (!text || std::strncmp(text, name, length) != 0 || text[length] != ':')
    return false;
  text += length + 1;
  for (known = 0; *text && known < most_choices; text += *text == '.')
    choices[known++] = {0, 0, static_cast<int>(std::strtol(text, const_cast<char **>(&text), 10))};
  return true;
}

} // namespace

bounds as_far_as_this_build_goes(bounds full) noexcept {
#if defined(FENCE_EXPLORE_UNDER_TSAN) || defined(FENCE_ASAN)
  full.preemptions = 1;
#endif
  const char *most = std::getenv("FENCE_EXPLORE_PREEMPTIONS");
  if (most && full.preemptions > std::atoi(most))
    full.preemptions = std::atoi(most);
  return full;
}

result run(const char *name, void (*scenario)(), bounds limits) {
  name_of_this_run = name;
#ifndef FENCE_ASAN
  static char handlers_stack[64 * 1024];
  stack_t other = {};
  other.ss_sp = handlers_stack;
  other.ss_size = sizeof handlers_stack;
  sigaltstack(&other, nullptr);
  struct sigaction crash = {};
  crash.sa_handler = on_crash;
  crash.sa_flags = SA_ONSTACK;
  sigaction(SIGSEGV, &crash, nullptr);
  sigaction(SIGABRT, &crash, nullptr);
#endif
  result total = {false, false, 0, 0, 0};
  known = 0;
  walking = false;
  telling = is_replayed(name);
  by_sleep_sets = limits.preemptions == any_number && !telling;
  most_preemptions = limits.preemptions;
  auto once = [&] {
    run_once(scenario);
    ++(ended == outcome::pruned ? total.pruned : total.schedules);
    if (steps > total.steps)
      total.steps = steps;
    total.failed = ended == outcome::failed;
    if (total.failed)
      report(name);
    return !total.failed;
  };
  if (telling) {
    most_preemptions = most_steps;
    once();
    total.complete = true;
    return total;
  }
  do {
    if (!once())
      return total;
    if (total.schedules + total.pruned >= limits.schedules)
      return total;
  } while (advance());
  total.complete = true;
  long searched = total.schedules;
  walking = true;
  for (long i = 0; i < limits.walks && !total.failed; ++i) {
    known = 0;
    random_state = 0x9e3779b97f4a7c15u * static_cast<std::uint64_t>(i + 1);
    once();
  }
  std::printf("explored %s: %ld schedules", name, searched);
  if (by_sleep_sets)
    std::printf(" (all; %ld more were found equivalent on the way)", total.pruned);
  else
    std::printf(" (all with up to %d preemptions)", limits.preemptions);
  std::printf(", %ld random ones, up to %ld steps\n", limits.walks, total.steps);
  return total;
}

} // namespace explore
