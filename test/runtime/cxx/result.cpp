// result<T>: a value or an errno; whatever it holds is moved and destroyed once.
#include <fence/result.hpp>
#include <gtest/gtest.h>
#include <memory>

namespace {

fence::result<std::unique_ptr<int>> make(int value) {
  if (value < 0)
    return fence::error(EINVAL);
  return std::make_unique<int>(value);
}

TEST(Result, HoldsAValue) {
  auto made = make(7);
  ASSERT_TRUE(made);
  EXPECT_EQ(**made, 7);
  EXPECT_FALSE(made.error());
  std::unique_ptr<int> taken = *std::move(made);
  EXPECT_EQ(*taken, 7);
}
TEST(Result, HoldsAnError) {
  auto made = make(-1);
  EXPECT_FALSE(made);
  EXPECT_EQ(made.error().code(), EINVAL);
  EXPECT_EQ(made.error().negative(), -EINVAL);
}
TEST(Result, IsAssignedOverTheOtherKind) {
  auto made = make(1);
  made = make(-1);
  EXPECT_FALSE(made);
  made = make(2);
  ASSERT_TRUE(made);
  EXPECT_EQ(**made, 2);
}
TEST(Result, OfNothingTakesWhatCReturns) {
  EXPECT_TRUE(fence::result<void>());
  EXPECT_TRUE(fence::result<void>::from_c(0));
  EXPECT_TRUE(fence::result<void>::from_c(17));
  EXPECT_EQ(fence::result<void>::from_c(-ENOMEM).error(), fence::error(ENOMEM));
}
TEST(Error, TakesEitherSign) { EXPECT_EQ(fence::error(-EIO), fence::error(EIO)); }

} // namespace
