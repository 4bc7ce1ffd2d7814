// A compositor wants its frame by the next vertical blank, and says so: the driver raises the clock for the earliest wish, through whatever containers
// stand between the two.
#include <fence/dma_fence.hpp>
#include <fence/fence_array.hpp>

using namespace std::chrono_literals;

namespace {

/// Runs where nothing may sleep, and perhaps on several threads: it notes the wish, the driver acts on it elsewhere.
class render_fence : public fence::dma_fence<render_fence> {
public:
  render_fence() noexcept = default;
  void set_deadline(fence::time_point when) noexcept {
    std::int64_t wish = when.time_since_epoch().count(), earliest = earliest_.load(std::memory_order_relaxed);
    while (wish < earliest && !earliest_.compare_exchange_weak(earliest, wish, std::memory_order_relaxed)) {
    }
  }
  fence::time_point wanted_by() const noexcept { return fence::time_point(std::chrono::nanoseconds(earliest_.load(std::memory_order_relaxed))); }

private:
  std::atomic<std::int64_t> earliest_{INT64_MAX};
};

} // namespace

int main() {
  auto context = fence::fence_context::make("example", "render");
  if (!context)
    return 1;
  auto shadow = (*context)->make_fence<render_fence>(), picture = (*context)->make_fence<render_fence>();
  if (!shadow || !picture)
    return 1;
  auto frame = fence::all_of(*shadow, *picture);
  if (!frame)
    return 1;

  fence::time_point blank = fence::clock::now() + 16ms;
  (*frame)->hint_deadline(blank);
  bool good = (*shadow)->wanted_by() == blank && (*picture)->wanted_by() == blank;
  (*picture)->hint_deadline(blank + 16ms); // somebody has more time: the earliest counts
  (*picture)->hint_deadline(blank - 8ms);
  good = good && (*picture)->wanted_by() == blank - 8ms && (*shadow)->wanted_by() == blank;

  good = good && (*shadow)->signal() && (*picture)->signal_at(blank - 9ms);
  return good && *(*picture)->timestamp() == blank - 9ms ? 0 : 1; // kept, by the device's clock
}
