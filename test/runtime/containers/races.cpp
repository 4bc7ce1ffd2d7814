// Containers whose members signal while they are armed, polled, walked and released, for ThreadSanitizer and AddressSanitizer.
#include "test_containers.h"

#include <algorithm>
#include <barrier>
#include <functional>
#include <random>
#include <thread>

namespace {

/// Runs both at the same time, again and again.
void race(int rounds, const std::function<void(int)> &before, const std::function<void(int)> &one, const std::function<void(int)> &other,
          const std::function<void(int)> &after) {
  std::barrier both(2);
  std::thread second([&] {
    for (int round = 0; round < rounds; ++round) {
      both.arrive_and_wait();
      other(round);
      both.arrive_and_wait();
    }
  });
  for (int round = 0; round < rounds; ++round) {
    before(round);
    both.arrive_and_wait();
    one(round);
    both.arrive_and_wait();
    after(round);
  }
  second.join();
}

using Races = Containers;
constexpr int rounds = 2000;

TEST_F(Races, AnArrayIsArmedWhileItsMembersSignal) {
  dma_fence *f[2], *array = nullptr;
  counted told;
  race(
      rounds,
      [&](int round) {
        f[0] = make_fence();
        f[1] = make_fence();
        array = make_array({f[0], f[1]}, round % 2 ? any : all);
        told.calls = 0;
      },
      [&](int) {
        // -ENOENT means that it had signalled, and is as good as a call.
        if (dma_fence_add_callback(array, &told, count) != 0)
          told.calls = 1;
      },
      [&](int round) {
        fail(f[round / 2 % 2], -EIO);
        dma_fence_signal(f[1 - round / 2 % 2]);
      },
      [&](int round) {
        ASSERT_EQ(told.calls, 1) << round;
        ASSERT_EQ(dma_fence_get_status(array), -EIO) << round;
        for (dma_fence *fence : {f[0], f[1], array})
          dma_fence_put(fence);
      });
}

TEST_F(Races, AnArrayOfAnyIsReleasedWhileItsMembersSignal) {
  dma_fence *f[2], *array = nullptr;
  race(
      rounds,
      [&](int) {
        f[0] = make_fence();
        f[1] = make_fence();
        array = make_array({f[0], f[1]}, any);
        dma_fence_enable_sw_signaling(array);
      },
      [&](int) {
        dma_fence_signal(f[0]);
        dma_fence_put(array);
        dma_fence_put(f[0]);
      },
      [&](int) {
        dma_fence_signal(f[1]);
        dma_fence_put(f[1]);
      },
      [](int) {});
}

TEST_F(Races, PollingAndCallbacksAgreeOnTheError) {
  dma_fence *f[2], *array = nullptr, *link = nullptr;
  int seen_array = 0, seen_link = 0;
  race(
      rounds,
      [&](int) {
        f[0] = make_fence();
        f[1] = make_fence();
        array = make_array({f[0], f[1]});
        link = make_link(f[0], f[1], 1);
        dma_fence_enable_sw_signaling(array);
        dma_fence_enable_sw_signaling(link);
      },
      [&](int) {
        while (!(seen_array = dma_fence_get_status(array)) || !(seen_link = dma_fence_get_status(link)))
          ;
      },
      [&](int round) {
        fail(f[round % 2], -EIO);
        fail(f[1 - round % 2], -EINVAL);
      },
      [&](int) {
        ASSERT_LT(seen_array, 0);
        ASSERT_LT(seen_link, 0);
        ASSERT_EQ(dma_fence_get_status(array), seen_array) << "a status does not change";
        ASSERT_EQ(dma_fence_get_status(link), seen_link);
        for (dma_fence *fence : {f[0], f[1], array, link})
          dma_fence_put(fence);
      });
}

TEST_F(Races, AChainIsWalkedWhileItSignals) {
  constexpr int length = 64;
  constexpr int repetitions = 40;
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    std::vector<dma_fence *> f = fences(length), links;
    for (int i = 0; i < length; ++i)
      links.push_back(keep(make_link(i ? links[i - 1] : nullptr, f[i], i + 1)));
    std::barrier together(4);
    counted told;
    std::thread walker([&] {
      together.arrive_and_wait();
      for (int point = 1; point <= length; ++point) {
        dma_fence *fence = dma_fence_get(links.back());
        EXPECT_EQ(dma_fence_chain_find_seqno(&fence, static_cast<uint64_t>(point)), 0);
        dma_fence_put(fence);
        dma_fence *link;
        dma_fence_chain_for_each(link, links.back()) {}
      }
    });
    std::thread waiter([&] {
      together.arrive_and_wait();
      EXPECT_EQ(dma_fence_wait(links[length / 2], false), 0);
    });
    std::thread registrar([&] {
      together.arrive_and_wait();
      if (dma_fence_add_callback(links.back(), &told, count) != 0)
        told.calls = 1;
    });
    together.arrive_and_wait();
    std::vector<dma_fence *> order = f;
    std::shuffle(order.begin(), order.end(), std::minstd_rand(static_cast<unsigned>(repetition)));
    for (dma_fence *fence : order)
      dma_fence_signal(fence);
    walker.join();
    waiter.join();
    registrar.join();
    EXPECT_TRUE(dma_fence_is_signaled(links.back()));
    EXPECT_EQ(dma_fence_wait(links.back(), false), 0);
    EXPECT_EQ(told.calls, 1);
  }
}

TEST_F(Races, AChainIsTakenApartByTwo) {
  dma_fence *f[4], *links[4];
  race(
      rounds,
      [&](int) {
        for (int i = 0; i < 4; ++i) {
          f[i] = make_fence();
          links[i] = make_link(i ? links[i - 1] : nullptr, f[i], i + 1);
        }
        for (int i = 0; i < 3; ++i)
          dma_fence_put(links[i]);
        fail(f[1], -EIO);
        dma_fence_signal(f[2]);
      },
      [&](int) { dma_fence_put(dma_fence_chain_walk(dma_fence_get(links[3]))); },
      [&](int) {
        dma_fence_signal(f[0]);
        dma_fence_signal(f[3]);
        EXPECT_EQ(dma_fence_get_status(links[3]), -EIO);
      },
      [&](int) {
        dma_fence_put(links[3]);
        for (dma_fence *fence : f)
          dma_fence_put(fence);
      });
}

} // namespace
