// aref: who owns which reference, and that a put that may sleep is checked every time.
#include <fence/aref.hpp>
#include <gtest/gtest.h>

namespace {

struct thing {
  int references = 1;
  void get() noexcept { ++references; }
  void put() noexcept { --references; }
};
struct derived : thing {};
/// A struct of C.
struct c_thing {
  int references = 1;
};
struct sleeps : thing {
  static constexpr bool put_may_sleep = true;
};
} // namespace
template <> struct fence::counted<c_thing> {
  static void get(c_thing *object) noexcept { ++object->references; }
  static void put(c_thing *object) noexcept { --object->references; }
};
namespace {

using fence::aref;
static_assert(sizeof(aref<thing>) == sizeof(void *));
static_assert(!fence::put_may_sleep<thing>() && fence::put_may_sleep<sleeps>());

TEST(Aref, AdoptsOneReferenceAndGivesItUp) {
  thing object;
  { aref<thing> reference(&object, fence::adopt); }
  EXPECT_EQ(object.references, 0);
}
TEST(Aref, SharesByTakingAnother) {
  thing object;
  {
    aref<thing> reference(object, fence::share);
    EXPECT_EQ(object.references, 2);
    aref<thing> copy = reference;
    EXPECT_EQ(object.references, 3);
    aref<thing> moved = std::move(copy);
    EXPECT_EQ(object.references, 3);
    EXPECT_EQ(copy, nullptr);
    EXPECT_EQ(moved, reference);
  }
  EXPECT_EQ(object.references, 1);
}
TEST(Aref, AssignmentGivesUpWhatItHeld) {
  thing one, two;
  aref<thing> reference(&one, fence::adopt);
  reference = aref<thing>(&two, fence::adopt);
  EXPECT_EQ(one.references, 0);
  EXPECT_EQ(two.references, 1);
  aref<thing> &same = reference;
  reference = same;
  EXPECT_EQ(two.references, 1);
  reference = nullptr;
  EXPECT_EQ(two.references, 0);
}
TEST(Aref, HandsItsReferenceToCAndBack) {
  thing object;
  aref<thing> reference(&object, fence::adopt);
  thing *raw = reference.release();
  EXPECT_FALSE(reference);
  EXPECT_EQ(raw->references, 1);
  aref<thing> back(raw, fence::adopt);
  void *foreign = back.into_foreign();
  EXPECT_EQ(object.references, 1);
  aref<thing>::from_foreign(foreign).reset();
  EXPECT_EQ(object.references, 0);
}
TEST(Aref, ConvertsToABase) {
  derived object;
  {
    aref<derived> reference(&object, fence::adopt);
    aref<thing> base = reference;
    EXPECT_EQ(object.references, 2);
    base = std::move(reference);
    EXPECT_EQ(object.references, 1);
  }
  EXPECT_EQ(object.references, 0);
}
TEST(Aref, CountsStructsOfC) {
  c_thing object;
  { aref<c_thing> reference(object, fence::share); }
  EXPECT_EQ(object.references, 1);
}
TEST(Aref, OfNullIsNoReference) {
  aref<thing> none(static_cast<thing *>(nullptr), fence::share);
  EXPECT_FALSE(none);
  none.reset();
}

} // namespace
