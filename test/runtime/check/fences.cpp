// The life of a fence: errors, counts, releases, and what can be asked about those that are pending.
#include "caught.h"
#include "test_fence.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <sys/mman.h>
#include <thread>

namespace {

/// In memory of the test, so that it can be looked at after its release.
const dma_fence_ops &keeps_memory() {
  static const dma_fence_ops ops = [] {
    dma_fence_ops made = plain_ops;
    made.release = [](dma_fence *) {};
    return made;
  }();
  return ops;
}
struct kept : dma_fence {
  explicit kept(uint64_t context = 1, uint64_t seqno = 1) { dma_fence_init(this, &keeps_memory(), lock_of_test_fences(), context, seqno); }
};

std::vector<std::string> lines_of(unsigned long (*dump)(fence_line_sink, void *)) {
  std::vector<std::string> lines;
  dump([](const char *line, void *data) { static_cast<std::vector<std::string> *>(data)->push_back(line); }, &lines);
  return lines;
}
std::string line_with(const std::vector<std::string> &lines, const std::string &words) {
  for (const std::string &line : lines)
    if (line.find(words) != std::string::npos)
      return line;
  return "";
}

TEST(Error, AfterTheSignal) {
  caught reports;
  kept fence;
  dma_fence_signal(&fence);
  dma_fence_set_error(&fence, -EIO);
  EXPECT_ONE(reports, FENCE_REPORT_ERROR_CODE, "after it has signalled");
  dma_fence_put(&fence);
}
TEST(Error, AnotherAfterTheSignal) {
  caught reports;
  kept fence;
  dma_fence_set_error(&fence, -EIO);
  dma_fence_signal(&fence);
  dma_fence_set_error(&fence, -EINVAL);
  EXPECT_ONE(reports, FENCE_REPORT_ERROR_CODE, "whoever looked saw the error -5");
  dma_fence_put(&fence);
}
TEST(Error, OkTheSameAfterTheSignal) {
  caught reports;
  kept fence;
  dma_fence_set_error(&fence, -EIO);
  dma_fence_signal(&fence);
  dma_fence_set_error(&fence, -EIO);
  EXPECT_TRUE(reports.all.empty()) << reports.all_text();
  dma_fence_put(&fence);
}
TEST(Error, NotNegative) {
  caught reports;
  kept fence;
  dma_fence_set_error(&fence, EIO);
  EXPECT_ONE(reports, FENCE_REPORT_ERROR_CODE, "which is not a negative errno");
  dma_fence_put(&fence);
}
TEST(Error, OkBeforeTheSignal) {
  caught reports;
  kept fence;
  dma_fence_set_error(&fence, -EIO);
  EXPECT_EQ(dma_fence_signal(&fence), 0);
  EXPECT_EQ(dma_fence_get_status(&fence), -EIO);
  dma_fence_put(&fence);
  EXPECT_SILENT(reports);
}
TEST(Signal, TwiceIsAnErrorCodeAndNoReport) {
  caught reports;
  kept fence;
  EXPECT_EQ(dma_fence_signal(&fence), 0);
  EXPECT_EQ(dma_fence_signal(&fence), -EINVAL);
  dma_fence_put(&fence);
  EXPECT_SILENT(reports);
}

TEST(ReferenceCount, PutPastZero) {
  caught reports;
  kept fence;
  dma_fence_signal(&fence);
  dma_fence_put(&fence);
  dma_fence_put(&fence);
  EXPECT_ONE(reports, FENCE_REPORT_REFERENCE_COUNT, "nobody had");
}
TEST(ReferenceCount, TakenOfAReleasedFence) {
  caught reports;
  kept fence;
  dma_fence_signal(&fence);
  dma_fence_put(&fence);
  dma_fence_get(&fence);
  EXPECT_ONE(reports, FENCE_REPORT_REFERENCE_COUNT, "has been released");
}
TEST(ReferenceCount, UsedAfterTheRelease) {
  caught reports;
  kept fence;
  dma_fence_signal(&fence);
  dma_fence_put(&fence);
  dma_fence_cb cb;
  EXPECT_EQ(dma_fence_add_callback(&fence, &cb, [](dma_fence *, dma_fence_cb *) {}), -ENOENT);
  EXPECT_ONE(reports, FENCE_REPORT_REFERENCE_COUNT, "is used after it has been released");
  fence_forget_reports();
  reports.all.clear();
  EXPECT_EQ(dma_fence_signal(&fence), -EINVAL);
  EXPECT_ONE(reports, FENCE_REPORT_REFERENCE_COUNT, "is used after it has been released");
}

TEST(Abandoned, WithACallbackWaiting) {
  caught reports;
  kept fence;
  static int status;
  dma_fence_cb cb;
  dma_fence_add_callback(&fence, &cb, [](dma_fence *fence, dma_fence_cb *) { status = fence->error; });
  dma_fence_put(&fence);
  EXPECT_EQ(status, -EDEADLK);
  EXPECT_ONE(reports, FENCE_REPORT_ABANDONED, "callbacks waited for it");
  EXPECT_EQ(reports.all[0].other_title, "it was made");
}
TEST(Abandoned, OkWhenNobodyWaits) {
  caught reports;
  kept fence;
  dma_fence_put(&fence);
  EXPECT_SILENT(reports);
}

TEST(Dump, SaysWhatIsPending) {
  kept fence(77001, 5);
  dma_fence_cb cb;
  dma_fence_add_callback(&fence, &cb, [](dma_fence *, dma_fence_cb *) {});
  std::string line = line_with(lines_of(fence_dump_pending), "77001:5");
  EXPECT_NE(line.find("test test 77001:5, "), std::string::npos) << line;
  EXPECT_NE(line.find("1 callback,"), std::string::npos) << line;
  EXPECT_NE(line.find("nothing of its context has signalled"), std::string::npos) << line;
  dma_fence_signal(&fence);
  EXPECT_EQ(line_with(lines_of(fence_dump_pending), "77001:5"), "");
  dma_fence_put(&fence);
}
TEST(Dump, SurvivesAFenceWhoseMemoryWasGivenBackWithoutAPut) {
  void *page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(page, MAP_FAILED);
  dma_fence_init(static_cast<dma_fence *>(page), &keeps_memory(), lock_of_test_fences(), 77009, 1);
  munmap(page, 4096);
  EXPECT_NE(line_with(lines_of(fence_dump_pending), "77009:1").find("given back without a put"), std::string::npos);
  // The next one in that memory takes its place.
  ASSERT_EQ(mmap(page, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), page);
  auto *fence = static_cast<dma_fence *>(page);
  dma_fence_init(fence, &keeps_memory(), lock_of_test_fences(), 77009, 2);
  EXPECT_EQ(line_with(lines_of(fence_dump_pending), "77009:1"), "");
  EXPECT_NE(line_with(lines_of(fence_dump_pending), "77009:2").find("test test"), std::string::npos);
  dma_fence_put(fence);
  EXPECT_EQ(fence_report_leaks(77009), 0u);
  munmap(page, 4096);
}
TEST(Dump, NamesWhoSignalledTheContextLast) {
  kept first(77002, 1), second(77002, 2);
  std::thread([&] { dma_fence_signal(&first); }).join();
  std::string line = line_with(lines_of(fence_dump_pending), "77002:2");
  EXPECT_NE(line.find("its context was signalled last by thread"), std::string::npos) << line;
  dma_fence_signal(&second);
  dma_fence_put(&first);
  dma_fence_put(&second);
}
TEST(Dump, NamesTheSectionThatIsExpectedToSignal) {
  kept fence(77003, 1);
  fence_expect_signal(&fence); // not in a section: without effect
  EXPECT_EQ(line_with(lines_of(fence_dump_pending), "77003:1").find("expected"), std::string::npos);
  bool cookie = dma_fence_begin_signalling();
  fence_expect_signal(&fence);
  auto lines = lines_of(fence_dump_pending);
  EXPECT_NE(line_with(lines, "77003:1").find("expected from the signalling section of thread"), std::string::npos);
  EXPECT_NE(line_with(lines, "is in a signalling section for"), "");
  dma_fence_end_signalling(cookie);
  lines = lines_of(fence_dump_pending);
  EXPECT_EQ(line_with(lines, "77003:1").find("expected"), std::string::npos);
  EXPECT_EQ(line_with(lines, "is in a signalling section for"), "");
  dma_fence_signal(&fence);
  dma_fence_put(&fence);
}

TEST(Leak, PerContext) {
  caught reports;
  kept pending(77010, 1), signalled(77010, 2), other(77011, 1);
  dma_fence_signal(&signalled);
  EXPECT_EQ(fence_report_leaks(77010), 2u);
  EXPECT_ONE(reports, FENCE_REPORT_LEAK, "context 77010 still has 2 fences, 1 of them pending");
  EXPECT_NE(reports.all[0].details.find("77010:1"), std::string::npos);
  EXPECT_EQ(reports.all[0].other_title, "it was made");
  EXPECT_EQ(fence_report_leaks(77012), 0u);
  fence_report_leaks(0);
  EXPECT_GE(reports.all.size(), 3u);
  for (dma_fence *fence : {static_cast<dma_fence *>(&pending), static_cast<dma_fence *>(&other)})
    dma_fence_signal(fence);
  for (dma_fence *fence : {static_cast<dma_fence *>(&pending), static_cast<dma_fence *>(&signalled), static_cast<dma_fence *>(&other)})
    dma_fence_put(fence);
  EXPECT_EQ(fence_report_leaks(77010), 0u);
}

TEST(Watchdog, ReportsEachFenceOnceWithItsSection) {
  caught reports;
  std::atomic<int> seen = 0;
  reports.then = [&] { ++seen; };
  kept fence(77020, 9);
  bool cookie = dma_fence_begin_signalling();
  fence_expect_signal(&fence);
  ASSERT_EQ(fence_watchdog_start(0.01), 0);
  EXPECT_EQ(fence_watchdog_start(1), -EBUSY);
  while (!seen)
    std::this_thread::yield();
  dma_fence_end_signalling(cookie);
  // Older and older, and not reported again.
  uint64_t until = fence_now() + 60'000'000;
  while (fence_now() < until)
    std::this_thread::yield();
  fence_watchdog_stop();
  fence_watchdog_stop();
  EXPECT_ONE(reports, FENCE_REPORT_HANG, "77020:9");
  EXPECT_NE(reports.all[0].details.find("and is expected to signal it"), std::string::npos) << reports.all_text();
  EXPECT_EQ(reports.all[0].other_title, "the section that is expected to signal it was begun");
  dma_fence_signal(&fence);
  dma_fence_put(&fence);
}
TEST(Watchdog, SilentWhileAllIsWell) {
  caught reports;
  ASSERT_EQ(fence_watchdog_start(1000), 0);
  kept fence;
  dma_fence_signal(&fence);
  dma_fence_put(&fence);
  fence_watchdog_stop();
  EXPECT_SILENT(reports);
}

} // namespace
