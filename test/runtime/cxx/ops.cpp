// Operations are found by name; what is absent stays null, which is the runtime's default.
#include "test_fences.hpp"

#include <cstdio>
#include <string>

namespace {

using test::make;
using test::make_context;

struct silent final : fence::dma_fence<silent> {};
constexpr const ::dma_fence_ops &table = fence::detail::table_of<silent>;
static_assert(!table.enable_signaling && !table.signaled && !table.wait && !table.set_deadline && !table.fence_value_str &&
              !table.timeline_value_str && !table.use_64bit_seqno && table.kind != 0);

class talkative : public fence::dma_fence<talkative> {
public:
  talkative() noexcept {}
  static constexpr const char *driver_name = "talkative";
  static constexpr bool use_64bit_seqno = true;
  const char *timeline_name() const noexcept { return timeline; }
  bool enable_signaling() noexcept {
    ++enabled;
    return !done_already;
  }
  bool signaled() noexcept { return device_says_so; }
  std::int64_t wait(bool interruptible, std::int64_t timeout) noexcept {
    ++waits;
    return dma_fence_default_wait(raw(), interruptible, timeout);
  }
  void fence_value_str(std::span<char> text) const noexcept { std::snprintf(text.data(), text.size(), "value"); }
  void timeline_value_str(std::span<char> text) const noexcept { std::snprintf(text.data(), text.size(), "now"); }
  void set_deadline(fence::time_point when) noexcept { deadline = when; }

  const char *timeline = "of its own";
  int enabled = 0, waits = 0;
  bool done_already = false, device_says_so = false;
  fence::time_point deadline{};
};

TEST(Ops, AreTheMembersOfThatName) {
  auto context = make_context();
  auto one = make<talkative>(context);
  char text[100];
  EXPECT_STREQ(one->describe(text).data(), ("talkative of its own " + std::to_string(context->number()) + ":value at now pending").c_str());
  fence::time_point when(std::chrono::seconds(9));
  one->hint_deadline(when);
  EXPECT_EQ(one->deadline, when);
  one->enable_sw_signaling();
  EXPECT_EQ(one->enabled, 1);
  EXPECT_FALSE(one->is_signaled());
  EXPECT_EQ(dma_fence_wait_timeout(one->raw(), false, 0), 0);
  EXPECT_EQ(one->waits, 1);
  one->device_says_so = true;
  EXPECT_TRUE(one->is_signaled());
}
TEST(Ops, EnableSignalingThatSaysDoneSignals) {
  auto context = make_context();
  auto one = make<talkative>(context);
  one->done_already = true;
  one->enable_sw_signaling();
  EXPECT_EQ(one->status(), fence::fence_status::done);
}
TEST(Ops, SeqnosOf64BitsDoNotWrap) {
  EXPECT_TRUE(__dma_fence_is_later(1ull << 33, 1, &fence::detail::table_of<talkative>));
  EXPECT_TRUE(__dma_fence_is_later(1, 0xffff'fff0, &table));
  EXPECT_FALSE(__dma_fence_is_later(1, 0xffff'fff0, &fence::detail::table_of<talkative>));
}
TEST(Ops, NamesComeFromTheContextByDefault) {
  auto context = make_context();
  auto one = make<silent>(context);
  EXPECT_STREQ(one->raw()->ops->get_driver_name(one->raw()), "test driver");
  EXPECT_STREQ(one->raw()->ops->get_timeline_name(one->raw()), "test timeline");
}

// Operations may be inherited from a base class that several fences share.
template <class T> struct polled {
  bool signaled() noexcept { return static_cast<T *>(this)->ready; }
};
struct inherits : fence::dma_fence<inherits>, polled<inherits> {
  bool ready = false;
};
TEST(Ops, MayBeInherited) {
  auto context = make_context();
  auto one = make<inherits>(context);
  EXPECT_FALSE(one->is_signaled());
  one->ready = true;
  EXPECT_TRUE(one->is_signaled());
}

struct named_kind final : fence::dma_fence<named_kind> {
  static constexpr const char *fence_kind = "some.driver.fence";
};
static_assert(fence::detail::kind_of<named_kind>() != fence::detail::kind_of<silent>());
static_assert(fence::detail::is_nameless<silent>() && !fence::detail::is_nameless<test::counted_fence>());

} // namespace
