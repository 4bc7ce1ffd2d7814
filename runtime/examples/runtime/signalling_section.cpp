// The signalling section as a scope: it ends where it began, whichever way the function is left, and signal() ends it early.
#include <fence/dma_fence.hpp>
#include <fence/signalling.hpp>

namespace {

using job_fence = fence::fence_with<>;

bool registers_say_good;

/// Three ways out, one section.
fence::result<void> finish(job_fence &done, bool aborted) noexcept {
  fence::signalling_section section(done);
  if (aborted)
    return section.signal(fence::error(ECANCELED));
  if (!registers_say_good)
    return fence::error(EAGAIN); // not signalled: the section just ends
  return section.signal();
}

/// A reset signals many: no fence is the section's own.
void reset(fence::aref<job_fence> *lost, std::size_t count) noexcept {
  fence::signalling_section section;
  for (std::size_t i = 0; i < count; ++i)
    static_cast<void>(lost[i]->signal(fence::error(EIO)));
}

} // namespace

int main() {
  auto context = fence::fence_context::make("example", "ring 0");
  if (!context)
    return 1;
  auto first = (*context)->make_fence<job_fence>(), second = (*context)->make_fence<job_fence>();
  fence::result<fence::aref<job_fence>> lost[] = {(*context)->make_fence<job_fence>(), (*context)->make_fence<job_fence>()};
  if (!first || !second || !lost[0] || !lost[1])
    return 1;

  bool good = finish(**first, false).error().code() == EAGAIN && !(*first)->is_signaled();
  registers_say_good = true;
  good = good && finish(**first, false) && (*first)->status() == fence::fence_status::done;
  good = good && finish(**first, false).error().code() == EINVAL; // once only
  good = good && finish(**second, true) && (*second)->error().code() == ECANCELED;

  fence::aref<job_fence> both[] = {*lost[0], *lost[1]};
  reset(both, 2);
  good = good && both[0]->error().code() == EIO && both[1]->error().code() == EIO;
  return good && !fence_in_signalling_section() ? 0 : 1;
}
