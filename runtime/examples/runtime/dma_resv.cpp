// A buffer that is read by some jobs and written by others: each waits for what its use has to wait for, and leaves its own fence.
#include <fence/dma_fence.hpp>
#include <fence/dma_resv.hpp>
#include <thread>

using namespace std::chrono_literals;

namespace {

struct job : fence::dma_fence<job> {};

/// What may fail comes before the submission.
fence::result<fence::aref<job>> submit(fence::fence_context &engine, fence::reservation &buffer, fence::usage as) noexcept {
  auto made = engine.make_fence<job>();
  if (!made)
    return made;
  fence::guard hold(buffer);
  if (auto room = buffer.reserve(1); !room)
    return room.error();
  buffer.add(*made, as);
  return made;
}

} // namespace

int main() {
  auto copy = fence::fence_context::make("engine", "copy"), render = fence::fence_context::make("engine", "render");
  if (!copy || !render)
    return 1;
  fence::reservation buffer;
  auto write = submit(**copy, buffer, fence::usage::write);
  auto read = submit(**render, buffer, fence::usage::read);
  if (!write || !read)
    return 1;

  // The next reader waits for the writer alone, the next writer for both; nobody needs the lock to wait.
  bool early = buffer.is_signaled(fence::usage_before_reading) || buffer.wait_for(fence::usage_before_writing, 1ms);
  auto both = buffer.singleton(fence::usage_before_writing);
  std::thread device([&] {
    static_cast<void>((*write)->signal());
    static_cast<void>((*read)->signal());
  });
  buffer.wait(fence::usage_before_reading);
  bool readable = (*write)->is_signaled();
  buffer.wait(fence::usage_before_writing);
  device.join();

  int left = 0;
  for (auto [fence, as, restarted] : buffer.fences_unlocked(fence::usage::bookkeep))
    left = restarted ? 1 : left + 1;
  return !early && readable && both && (*both)->is_signaled() && left == 0 ? 0 : 1;
}
