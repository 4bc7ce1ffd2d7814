// Being told in C++: the payloads that need no writing, and what becomes of a payload when it fires, is cancelled, or comes too late.
#include <fence/callbacks.hpp>
#include <fence/completion.hpp>
#include <fence/dma_fence.hpp>

namespace {

using job_fence = fence::fence_with<>;

struct retirement {
  fence_work work;
  fence_completion done;
};
void retire(fence_work *work) { fence_complete(&fence::container_of<&retirement::work>(work)->done); }

} // namespace

int main() {
  auto context = fence::fence_context::make("example", "ring 0");
  if (!context)
    return 1;
  auto first = (*context)->make_fence<job_fence>(), second = (*context)->make_fence<job_fence>(), third = (*context)->make_fence<job_fence>();
  if (!first || !second || !third)
    return 1;

  // Wake this thread: what was waited for is looked at in a loop.
  fence::registration woken(*first, fence::wake_thread());
  bool good = woken.pending() && (*first)->signal();
  while (woken.pending())
    fence_park(FENCE_FOREVER);

  // Complete, and queue work that may sleep: both on one fence, in the order of their registration.
  fence_completion signalled;
  fence_completion_init(&signalled);
  retirement retirement;
  fence_completion_init(&retirement.done);
  fence_work_init(&retirement.work, retire);
  fence::registration completes(*second, fence::complete(&signalled));
  fence::registration queues(*second, fence::queue_work(&retirement.work));
  good = good && (*second)->signal();
  fence_completion_wait(&signalled);
  fence_completion_wait(&retirement.done);

  // Cancelled: the payload comes back, and the registration can be used again.
  fence::registration<fence::complete> again;
  good = good && again.add(*third, fence::complete(&signalled));
  std::optional<fence::complete> payload = again.cancel();
  good = good && payload && !again.pending() && !again.cancel();

  // Too late: nobody will be called, and the payload comes back as well.
  if (auto added = again.add(*second, *payload); !added)
    payload.emplace(added.take()), good = good && added.error().code() == ENOENT;
  else
    good = false;

  fence_flush_work(&retirement.work);
  return good && !fence_completion_try_wait(&signalled) ? 0 : 1;
}
