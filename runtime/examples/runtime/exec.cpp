// The same as drm_exec.c for one submission in C++: locking is a function that is called anew with nothing locked when a lock is refused.
#include <fence/dma_fence.hpp>
#include <fence/drm_exec.hpp>
#include <span>

namespace {

struct job : fence::dma_fence<job> {};
struct buffer {
  fence::reservation resv;
  bool is_target = false;
};

/// May sleep.
fence::result<fence::aref<job>> submit(fence::fence_context &engine, std::span<buffer> buffers) noexcept {
  auto made = engine.make_fence<job>();
  if (!made)
    return made;
  fence::exec exec({.ignore_duplicates = true, .expected = 4});
  auto locked = exec.until_all_locked([&](fence::exec &turn) noexcept -> fence::result<void> {
    for (buffer &each : buffers)
      if (auto one = turn.prepare(each.resv, 1); !one)
        return one;
    return {};
  });
  if (!locked)
    return locked.error();
  for (buffer &each : buffers) {
    each.resv.assert_held();
    each.resv.add(*made, each.is_target ? fence::usage::write : fence::usage::read);
  }
  return made;
}

} // namespace

int main() {
  auto engine = fence::fence_context::make("engine", "render");
  if (!engine)
    return 1;
  buffer buffers[3];
  buffers[2].is_target = true;
  fence_ww_inject_deadlock(2); // As if somebody else wanted them.
  auto first = submit(**engine, buffers);
  fence_ww_inject_deadlock(0);
  if (!first)
    return 1;
  bool pending = !buffers[2].resv.is_signaled(fence::usage_before_reading) && buffers[0].resv.is_signaled(fence::usage_before_reading);
  bool done = static_cast<bool>((*first)->signal());
  return pending && done && buffers[0].resv.is_signaled(fence::usage_before_writing) ? 0 : 1;
}
