// A callback of one's own: it owns what a job used, gives up at once what may go in atomic context, and what may not goes later, on a worker.
#include <fence/callback.hpp>
#include <fence/completion.hpp>
#include <fence/defer_drop.hpp>
#include <fence/dma_fence.hpp>
#include <vector>

namespace {

fence_completion pages_freed;

/// Sleeps when it goes: frees memory, and tells so.
struct pages {
  explicit pages(std::vector<int> list) noexcept : list(std::move(list)) {}
  pages(pages &&) noexcept = default;
  ~pages() {
    if (list.empty())
      return; // moved from
    fence_might_sleep();
    fence_complete(&pages_freed);
  }
  std::vector<int> list;
};

/// Also for code that may sleep: the token says where it runs.
void count_retired(fence::context where, int &in_callbacks, int &in_tasks) noexcept {
  where.visit([&](fence::atomic_token &) { ++in_callbacks; }, [&](fence::sleepable_token &) { ++in_tasks; });
}

int in_callbacks, in_tasks;

struct retire {
  fence::aref<fence::fence_context> ring; // a put of a context never sleeps
  fence::defer_drop<pages> memory;        // ~pages() sleeps
  // Nothing in it sleeps or frees; that a destructor may run in a callback has to be said.
  using atomic_destructible = std::true_type;

  FENCE_NONBLOCKING void called(fence::atomic_token &token, fence::any_fence &) noexcept { count_retired(token, in_callbacks, in_tasks); }
};
static_assert(fence::is_atomic_destructible_v<retire> && !fence::is_atomic_destructible_v<pages>);

} // namespace

int main() {
  fence_completion_init(&pages_freed);
  auto context = fence::fence_context::make("example", "ring 0");
  if (!context)
    return 1;
  auto job = (*context)->make_fence<fence::fence_with<>>();
  auto memory = fence::defer_drop<pages>::make(std::vector<int>(100)); // allocated here, where one may
  if (!job || !memory)
    return 1;

  // Nobody holds on to it: it runs when the job is done.
  bool good = static_cast<bool>(fence::on_signal(*job, retire{*context, *std::move(memory)}));
  good = good && in_callbacks == 0 && (*job)->signal() && in_callbacks == 1;
  fence_completion_wait(&pages_freed);

  fence::sleepable_token here;
  count_retired(here, in_callbacks, in_tasks);
  fence_flush_workqueue(fence_system_workqueue());
  return good && in_tasks == 1 ? 0 : 1;
}
