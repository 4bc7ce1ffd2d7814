// The copy engine's driver at work: copies that are checked, many at a time, and a hang with its reset. Exit code 0: everything was as it should be.
#include "driver.h"

#include <cstdio>
#include <cstring>
#include <fence/wait.hpp>
#include <vector>

using namespace std::chrono_literals;

namespace {

int failures;
void expect(bool holds, const char *what) {
  if (holds)
    return;
  ++failures;
  std::fprintf(stderr, "blit: expected: %s\n", what);
}

void copies_in_a_chain(blit::driver &driver) {
  std::vector<blit::buffer_ref> buffers;
  for (int i = 0; i < 8; ++i)
    buffers.push_back(*driver.make_buffer(3 * 4096));
  std::memset(buffers[0]->bytes().data(), 0x5a, buffers[0]->size());
  blit::job_ref last;
  for (size_t i = 1; i < buffers.size(); ++i)
    last = *driver.copy(buffers[i - 1], buffers[i]);
  expect(bool(fence::wait_for(*last, 10s)), "the last copy is done");
  expect(!last->error(), "without an error");
  expect(std::memcmp(buffers[0]->bytes().data(), buffers.back()->bytes().data(), buffers[0]->size()) == 0, "what was copied arrives");
}

void a_hang_and_its_reset(blit::driver &driver) {
  auto from = *driver.make_buffer(4096), to = *driver.make_buffer(4096);
  driver.engine().hang_at_next();
  auto stuck = *driver.copy(from, to);
  expect(fence::wait_for(*stuck, 50ms).error().code() == ETIMEDOUT, "the engine hangs");
  driver.reset();
  expect(stuck->is_signaled(), "the reset ends the job");
  expect(stuck->error() == fence::error(ECANCELED), "with ECANCELED");
  auto next = *driver.copy(from, to);
  expect(bool(fence::wait_for(*next, 10s)) && !next->error(), "and the engine works again");
}

void what_is_refused(blit::driver &driver) {
  auto large = *driver.make_buffer(8192), small = *driver.make_buffer(4096);
  expect(driver.copy(large, small).error().code() == EINVAL, "a copy that does not fit is refused");
  expect(driver.copy(small, small).error().code() == EINVAL, "and one onto itself");
}

} // namespace

int main() {
  auto made = blit::driver::make();
  if (!made)
    return 2;
  blit::driver &driver = **made;
  copies_in_a_chain(driver);
  a_hang_and_its_reset(driver);
  what_is_refused(driver);
  // A fence has signalled before the interrupt that signals it is over; the reset waits for that one, so what it queues is flushed here.
  driver.reset();
  fence_flush_workqueue(fence_system_workqueue());
  fence_rcu_barrier();
  expect(driver.buffers_alive() == 0, "all buffers have gone");
  std::printf("blit: %d failures\n", failures);
  return failures ? 1 : 0;
}
