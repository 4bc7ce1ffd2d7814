// What the runtime's sources, the scenarios and the models call: each says what its thread is about to do, and lets the scheduler choose.
#include "fibers.h"
#include "check.h"
#include "shared_memory.h"

namespace explore {

void fail(const char *what) noexcept {
  engine::failure = what;
  engine::leave(engine::outcome::failed);
}

void scribble_on_stack() noexcept {
  volatile char gone[2048];
  for (volatile char &byte : gone)
    byte = static_cast<char>(0xdd);
}

namespace engine {

namespace {
void moved_on(const volatile void *address) noexcept {
  for (int i = 0; i < count; ++i)
    if (i != running && fibers[i].relaxed_on == address)
      fibers[i].moved = true;
}
} // namespace

int self() noexcept { return running; }
void step(const volatile void *address, std::size_t size, bool only_reads) noexcept {
  if (!in_scenario)
    return;
  fiber &f = fibers[running];
  f.only_reads = only_reads;
  f.pending = waits_for::step;
  f.address = static_cast<const volatile char *>(address);
  f.size = size;
  schedule();
  f.last_step = address;
  if (!only_reads)
    moved_on(address);
  if (const char *fault = fault_of(address))
    fail(fault);
}
void block(bool (*ready)(const void *), const void *what, const void *address) noexcept {
  fiber &f = fibers[running];
  f.pending = waits_for::ready;
  f.only_reads = false;
  f.address = static_cast<const char *>(address);
  f.size = 1;
  f.ready = ready;
  f.ready_of = what;
  schedule();
}

} // namespace engine
} // namespace explore

//===- What the runtime's sources call ----------------------------------------------===//

namespace fence::shared {

using namespace explore::engine;

namespace {
unsigned long waits; ///< so far
}

void step(const volatile void *address) noexcept { explore::engine::step(address); }
void step_to_read(const volatile void *address) noexcept { explore::engine::step(address, 1, true); }

bool wait(std::uint32_t *word, std::uint32_t expected, std::uint64_t deadline) noexcept {
  fiber &f = fibers[running];
  explore::engine::step(word);
  f.only_reads = false;
  if (*word != expected)
    return true;
  f.pending = waits_for::wake;
  f.address = reinterpret_cast<const char *>(word);
  f.size = 1;
  f.deadline = deadline;
  f.since = ++waits;
  schedule();
  return !f.timed_out;
}

void wake(std::uint32_t *word, int number) noexcept {
  // As for the kernel, the word is only an address here: what it lay in may have gone.
  fiber &self = fibers[running];
  self.pending = waits_for::step;
  self.only_reads = false;
  self.address = reinterpret_cast<const char *>(word);
  self.size = 1;
  schedule();
  while (number-- > 0) {
    fiber *first = nullptr;
    for (int i = 0; i < count; ++i)
      if (fibers[i].pending == waits_for::wake && fibers[i].address == self.address &&
          (!first || fibers[i].since < first->since))
        first = &fibers[i];
    if (!first)
      return;
    first->pending = waits_for::nothing;
    first->address = nullptr;
  }
}

std::uint64_t now() noexcept { return clock_now; }

void relax() noexcept {
  fiber &f = fibers[running];
  // One spin may be in vain, for whoever counts them; to spin on would only repeat what it has seen.
  bool in_vain = f.relaxed_on == f.last_step && !f.moved;
  f.pending = in_vain ? waits_for::relax : waits_for::step;
  f.relaxed_on = f.last_step;
  f.only_reads = true;
  f.address = static_cast<const volatile char *>(f.last_step);
  f.size = 1;
  f.moved = false;
  schedule();
}

} // namespace fence::shared

// A count of references that is wrong is a failure here, whoever counted.
void fence::report_reference_count(const dma_fence *, const char *what) noexcept { explore::fail(what); }
