// A reservation in C++: the same as the C struct, its walks as ranges, its waits with clocks and stop tokens.
#include "../env/threads.h"
#include "reservation_test.h"

#include <fence/dma_fence.hpp>
#include <fence/dma_resv.hpp>
#include <mutex>

using namespace std::chrono_literals;
using fence::usage;

namespace {

struct job : fence::dma_fence<job> {};

struct CxxReservation : testing::Test {
  fence::aref<fence::fence_context> context = std::move(*fence::fence_context::make("test", "resv"));
  fence::reservation resv;
  std::vector<fence::aref<job>> jobs;

  ~CxxReservation() override {
    for (auto &each : jobs)
      each->check_and_signal();
  }
  /// Of a context of its own, so that none replaces another.
  job &make() {
    auto own = fence::fence_context::make("test", "resv");
    jobs.push_back(std::move(*(*own)->make_fence<job>()));
    return *jobs.back();
  }
  void add(usage as) {
    fence::guard hold(resv);
    ASSERT_TRUE(resv.reserve(1));
    resv.add(make(), as);
  }
};

TEST_F(CxxReservation, IsTheStructOfC) {
  ::dma_resv c;
  dma_resv_init(&c);
  fence::reservation &same = fence::reservation::from(c);
  EXPECT_EQ(same.raw(), &c);
  {
    std::lock_guard hold(same);
    EXPECT_TRUE(dma_resv_is_locked(&c));
    std::thread([&] { EXPECT_FALSE(same.try_lock()); }).join();
  }
  EXPECT_FALSE(same.is_locked());
  dma_resv_fini(&c);
}

TEST_F(CxxReservation, WithTheLockAllFencesAreSeen) {
  add(usage::write);
  add(usage::read);
  add(usage::bookkeep);
  EXPECT_TRUE(jobs[0]->signal());
  fence::guard hold(resv);
  std::size_t seen = 0;
  for (auto [fence, as, restarted] : resv.fences(usage::read)) {
    EXPECT_EQ(&fence, jobs[seen].get());
    EXPECT_EQ(as, seen ? usage::read : usage::write);
    ++seen;
  }
  EXPECT_EQ(seen, 2u);
}

TEST_F(CxxReservation, WithoutTheLockThoseThatArePending) {
  add(usage::write);
  add(usage::read);
  add(usage::read);
  EXPECT_TRUE(jobs[0]->signal());
  std::vector<fence::any_fence *> seen;
  for (auto [fence, as, restarted] : resv.fences_unlocked(usage::bookkeep)) {
    if (restarted)
      seen.clear();
    seen.push_back(&fence);
  }
  EXPECT_EQ(seen, (std::vector<fence::any_fence *>{jobs[1].get(), jobs[2].get()}));
}

TEST_F(CxxReservation, AWalkSaysThatItBeganAgainAndMayBeLeft) {
  add(usage::read);
  add(usage::read);
  int restarts = 0, seen = 0;
  bool changed = false;
  for (auto [fence, as, restarted] : resv.fences_unlocked(usage::read)) {
    restarts += restarted;
    if (++seen == 2 && !changed) {
      changed = true;
      fence::guard hold(resv);
      EXPECT_TRUE(resv.reserve(10)); // Another list.
    }
  }
  EXPECT_EQ(restarts, 2);
  {
    auto walk = resv.fences_unlocked(usage::read).begin();
    auto moved = std::move(walk);
    ++moved;
    EXPECT_EQ(&(*moved).fence, jobs[1].get());
    EXPECT_EQ(jobs[1]->raw()->refcount, 3u);
  }
  EXPECT_EQ(jobs[0]->raw()->refcount, 2u) << "ours and the reservation's; none is left of the walks";
  EXPECT_EQ(jobs[1]->raw()->refcount, 2u);
}

TEST_F(CxxReservation, IsWaitedFor) {
  EXPECT_TRUE(resv.is_signaled(usage::bookkeep));
  EXPECT_TRUE(resv.wait_for(usage::bookkeep, 0ms));
  resv.wait(usage::bookkeep);
  add(usage::read);
  EXPECT_FALSE(resv.is_signaled(fence::usage_before_writing));
  EXPECT_TRUE(resv.is_signaled(fence::usage_before_reading));
  EXPECT_EQ(resv.wait_for(usage::read, 1ms).error(), fence::error(ETIMEDOUT));
  EXPECT_EQ(resv.wait_for(usage::read, 0ms).error(), fence::error(ETIMEDOUT));
  std::stop_source source;
  source.request_stop();
  EXPECT_EQ(resv.wait(usage::read, source.get_token()).error(), fence::error(ECANCELED));
  std::thread signaller([this] { EXPECT_TRUE(jobs[0]->signal()); });
  resv.wait(usage::read);
  EXPECT_TRUE(jobs[0]->is_signaled());
  signaller.join();
  EXPECT_TRUE(resv.wait(usage::read, source.get_token())) << "a fence that has signalled goes first";
}

TEST_F(CxxReservation, IsReplacedAndCopied) {
  add(usage::read);
  std::uint64_t number = jobs[0]->context_number();
  fence::reservation copy;
  {
    fence::guard hold(resv);
    resv.replace(number, make(), usage::bookkeep);
    EXPECT_TRUE(jobs[0]->signal());
  }
  {
    fence::guard hold(copy);
    EXPECT_TRUE(copy.copy(resv));
    for (auto [fence, as, restarted] : copy.fences(usage::bookkeep)) {
      EXPECT_EQ(&fence, jobs[1].get());
      EXPECT_EQ(as, usage::bookkeep);
    }
  }
  EXPECT_FALSE(copy.is_signaled(usage::bookkeep));
}

TEST_F(CxxReservation, GivesReferences) {
  add(usage::read);
  add(usage::write);
  {
    auto got = resv.references(usage::read);
    ASSERT_TRUE(got);
    ASSERT_EQ(got->size(), 2u);
    EXPECT_EQ(&(*got)[0], jobs[0].get());
    EXPECT_EQ(jobs[0]->raw()->refcount, 3u);
    fence::fence_references moved = std::move(*got);
    EXPECT_EQ(got->size(), 0u);
    EXPECT_EQ(moved.size(), 2u);
  }
  EXPECT_EQ(jobs[0]->raw()->refcount, 2u);
  fence_fail_allocation(0);
  EXPECT_EQ(resv.references(usage::read).error(), fence::error(ENOMEM));
  fence_fail_allocation(0);
  EXPECT_EQ(resv.singleton(usage::read).error(), fence::error(ENOMEM));
  fence_fail_allocation(-1);
}

TEST_F(CxxReservation, GivesOneForAll) {
  auto none = resv.singleton(usage::bookkeep);
  ASSERT_TRUE(none);
  EXPECT_TRUE((*none)->is_signaled());
  add(usage::read);
  auto one = resv.singleton(usage::bookkeep);
  EXPECT_EQ(one->get(), jobs[0].get());
  add(usage::read);
  auto both = resv.singleton(usage::bookkeep);
  EXPECT_TRUE(jobs[0]->signal());
  EXPECT_FALSE((*both)->is_signaled());
  EXPECT_TRUE(jobs[1]->signal());
  EXPECT_TRUE((*both)->is_signaled());
}

TEST_F(CxxReservation, WithoutMemoryThereIsNoRoom) {
  fence::guard hold(resv);
  fence_fail_allocation(0);
  EXPECT_EQ(resv.reserve(1).error(), fence::error(ENOMEM));
  fence_fail_allocation(-1);
}

TEST_F(CxxReservation, IsLockedInAnAcquisition) {
  fence::reservation other;
  fence::ww_acquire acquire(dma_resv_ww_class);
  EXPECT_TRUE(resv.lock(acquire));
  EXPECT_TRUE(other.lock_interruptible(acquire));
  EXPECT_EQ(resv.lock(acquire).error(), fence::error(EALREADY));
  resv.assert_held();
  resv.unlock();
  other.unlock();
  resv.lock_slow(acquire);
  resv.unlock();
}

TEST_F(CxxReservation, TellsADeadline) {
  struct watched : fence::dma_fence<watched> {
    void set_deadline(fence::time_point when) noexcept { wanted = when.time_since_epoch().count(); }
    std::int64_t wanted = 0;
  };
  auto one = context->make_fence<watched>();
  {
    fence::guard hold(resv);
    ASSERT_TRUE(resv.reserve(1));
    resv.add(*one, usage::read);
  }
  resv.hint_deadline(usage::write, fence::time_point(12345ns));
  EXPECT_EQ((*one)->wanted, 0);
  resv.hint_deadline(usage::read, fence::time_point(12345ns));
  EXPECT_EQ((*one)->wanted, 12345);
  EXPECT_TRUE((*one)->signal());
}

} // namespace
