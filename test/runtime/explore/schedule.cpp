// Who goes on: the choice at each step, and the search over choices.
//
// A schedule is the list of choices made where more than one thread could go on; the search is depth first over that list, running the
// scenario anew each time. Without a bound on preemptions sleep sets leave out schedules that differ only in the order of steps on
// different addresses; with a bound they are not used, because the schedule that stands for others may need more preemptions than they do.
#include "fibers.h"

#include <cstdio>

namespace explore::engine {

choice choices[most_choices];
int depth, known;
options asleep;
int preemptions, most_preemptions;
bool by_sleep_sets, walking, telling;
std::uint64_t random_state;

namespace {

bool can_go_on(const fiber &f) noexcept {
  switch (f.pending) {
  case waits_for::nothing:
  case waits_for::step:
    return true;
  case waits_for::relax:
    return f.moved;
  case waits_for::ready:
    return f.ready(f.ready_of);
  case waits_for::wake:
  case waits_for::never:
    return false;
  }
  return false;
}

options what_can_happen() noexcept {
  options all = 0;
  for (int i = 0; i < count; ++i) {
    if (can_go_on(fibers[i]))
      all |= options{1} << i;
    if (fibers[i].pending == waits_for::wake && fibers[i].deadline != UINT64_MAX)
      all |= options{1} << (timeouts_from + i);
  }
  return all;
}

bool depend(int a, int b) noexcept {
  if (a >= static_cast<int>(timeouts_from) || b >= static_cast<int>(timeouts_from))
    return true; // The clock belongs to everybody.
  const fiber &one = fibers[a], &other = fibers[b];
  if (!one.address || !other.address)
    return false;
  if (one.only_reads && other.only_reads)
    return false;
  return one.address < other.address + other.size && other.address < one.address + one.size;
}

/// The first to be tried: whoever runs goes on; else the lowest number, threads before time.
int preferred(options open) noexcept {
  if (running >= 0 && open >> running & 1)
    return running;
  return __builtin_ctzll(open);
}

int choose(options all) noexcept {
  // Every place where more than one could go on is on the list, whatever the bounds make of it: so the list means the same without them.
  if (!(all & (all - 1))) {
    if (by_sleep_sets && !walking && (all & asleep))
      leave(outcome::pruned);
    return __builtin_ctzll(all);
  }
  if (depth < known)
    return choices[depth++].chosen;
  options open = all;
  int chosen;
  if (walking) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    for (std::uint64_t skip = random_state % static_cast<unsigned>(__builtin_popcountll(all)); skip; --skip)
      open &= open - 1;
    chosen = __builtin_ctzll(open);
  } else {
    if (by_sleep_sets)
      open &= ~asleep;
    else if (all >> running & 1 && preemptions >= most_preemptions)
      open = options{1} << running;
    if (!open)
      leave(outcome::pruned);
    chosen = preferred(open);
  }
  if (depth == most_choices)
    fail("too many choices in one schedule");
  choices[depth++] = {open, asleep, chosen};
  ++known;
  return chosen;
}

void tell(int chosen) noexcept {
  const fiber &f = fibers[chosen % static_cast<int>(timeouts_from)];
  const char *what = chosen >= static_cast<int>(timeouts_from) ? "its wait times out"
                     : f.pending == waits_for::step            ? "step on"
                     : f.pending == waits_for::relax           ? "spins no longer for"
                     : f.pending == waits_for::ready           ? "is ready for"
                                                               : "goes on";
  std::fprintf(stderr, "  %4d  %-12s %s", steps, f.name, what);
  if (f.address)
    std::fprintf(stderr, " %p", const_cast<const char *>(f.address));
  std::fputc('\n', stderr);
}

/// What every other thread would do stays asleep only as long as the chosen step has nothing to do with it.
void wake_dependents(int chosen, options before) noexcept {
  asleep = 0;
  for (options left = before & ~(options{1} << chosen); left; left &= left - 1) {
    int other = __builtin_ctzll(left);
    if (other % static_cast<int>(timeouts_from) != chosen % static_cast<int>(timeouts_from) && !depend(other, chosen))
      asleep |= options{1} << other;
  }
}

} // namespace

void schedule() noexcept {
  options all = what_can_happen();
  if (!all)
    fail("nobody can go on: a deadlock, or a wake-up that was lost");
  if (++steps > most_steps)
    fail("the schedule does not end");
  bool could_stay = all >> running & 1;
  int chosen = choose(all);
  if (by_sleep_sets && !walking)
    // What was open before this one at the same place has been explored: it sleeps.
    wake_dependents(chosen, (depth && (all & (all - 1)) ? choices[depth - 1].sleep : asleep));
  if (could_stay && chosen != running)
    ++preemptions;
  if (telling)
    tell(chosen);
  int next = chosen % static_cast<int>(timeouts_from);
  fiber &f = fibers[next];
  f.timed_out = chosen >= static_cast<int>(timeouts_from);
  if (f.timed_out && clock_now < f.deadline)
    clock_now = f.deadline;
  f.pending = waits_for::nothing;
  if (next != running)
    switch_to(next);
}

bool advance() noexcept {
  while (known) {
    choice &last = choices[known - 1];
    options done = options{1} << last.chosen;
    last.open &= ~done;
    if (by_sleep_sets)
      last.sleep |= done;
    if (last.open) {
      last.chosen = __builtin_ctzll(last.open);
      return true;
    }
    --known;
  }
  return false;
}

} // namespace explore::engine
