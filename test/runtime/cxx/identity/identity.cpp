// Which type a fence is of, asked by one shared object of a fence that another one made.
#include "fences.hpp"

#include <gtest/gtest.h>

extern "C" const plugin first_plugin, second_plugin;

namespace {

TEST(Identity, IsTheTypeAndNotTheTable) {
  auto context = *fence::fence_context::make("test driver", "test timeline");
  auto first = first_plugin.make_common(*context, 1), second = second_plugin.make_common(*context, 2);
  ASSERT_NE(first->raw()->ops, second->raw()->ops) << "each has its own table, or nothing is tested here";
  EXPECT_EQ(first_plugin.number_of(*second), 2);
  EXPECT_EQ(second_plugin.number_of(*first), 1);
  ASSERT_NE(first->as<common_fence>(), nullptr);
  EXPECT_EQ(first->as<common_fence>()->number, 1);
}
TEST(Identity, OfWhatNobodyElseCanNameIsItsOwn) {
  auto context = *fence::fence_context::make("test driver", "test timeline");
  auto first = first_plugin.make_private(*context), second = second_plugin.make_private(*context);
  EXPECT_TRUE(first_plugin.is_mine(*first));
  EXPECT_FALSE(first_plugin.is_mine(*second));
  EXPECT_FALSE(second_plugin.is_mine(*first));
  EXPECT_EQ(first->as<private_fence>(), nullptr);
  EXPECT_EQ(first_plugin.number_of(*first), -1);
}

} // namespace
