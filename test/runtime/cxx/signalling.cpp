// A signalling section ends exactly once, with its scope or with the signal.
#include "test_fences.hpp"

#include <fence/signalling.hpp>

namespace {

using fence::signalling_section;
using test::make;
using test::make_context;

static_assert(!std::is_copy_constructible_v<signalling_section> && !std::is_move_constructible_v<signalling_section>);
static_assert(!std::is_copy_assignable_v<signalling_section>);

TEST(SignallingSection, LastsAsLongAsItsScope) {
  EXPECT_FALSE(fence_in_signalling_section());
  {
    signalling_section outer;
    {
      signalling_section inner;
      EXPECT_TRUE(fence_in_signalling_section());
    }
    EXPECT_TRUE(fence_in_signalling_section());
  }
  EXPECT_FALSE(fence_in_signalling_section());
}
TEST(SignallingSection, EndsWithTheSignalOfItsFence) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  signalling_section section(*one);
  EXPECT_TRUE(section.active());
  ASSERT_TRUE(section.signal());
  EXPECT_FALSE(section.active());
  EXPECT_FALSE(fence_in_signalling_section());
  EXPECT_TRUE(one->is_signaled());
}
TEST(SignallingSection, SignalsAnError) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  signalling_section section(*one);
  ASSERT_TRUE(section.signal(fence::error(EIO)));
  EXPECT_EQ(one->error(), fence::error(EIO));
  EXPECT_FALSE(section.active());
}
TEST(SignallingSection, OfASignalledFenceIsNoError) {
  auto context = make_context();
  auto one = make<test::plain>(context);
  ASSERT_TRUE(one->signal());
  signalling_section section(*one);
  EXPECT_TRUE(fence_in_signalling_section());
  EXPECT_EQ(section.signal().error(), fence::error(EINVAL));
  EXPECT_FALSE(fence_in_signalling_section());
}
TEST(SignallingSection, SignalsAnyFenceAndEnds) {
  auto context = make_context();
  auto one = make<test::embedding>(context);
  signalling_section outer;
  signalling_section section;
  ASSERT_TRUE(section.signal(*one));
  EXPECT_TRUE(one->done.is_signaled());
  EXPECT_TRUE(fence_in_signalling_section()) << "of the outer one";
}
TEST(SignallingSection, IsOfOneThread) {
  signalling_section section;
  std::jthread([] { EXPECT_FALSE(fence_in_signalling_section()); });
}

} // namespace
