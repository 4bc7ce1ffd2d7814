// Interrupt lines of simulated devices.
#include "threads.h"

#include <cerrno>
#include <fence/irq.h>
#include <gtest/gtest.h>

namespace {

struct device {
  fence_irq line;
  std::atomic<int> handled = 0, threaded = 0;
  std::atomic<bool> in_interrupt = false, task = false;
  fence_irq_return answer = FENCE_IRQ_HANDLED;
};

fence_irq_return handle(void *data) {
  auto *self = static_cast<device *>(data);
  self->in_interrupt = fence_in_interrupt() && fence_irqs_disabled();
  ++self->handled;
  return self->answer;
}
void finish(void *data) {
  auto *self = static_cast<device *>(data);
  self->task = !fence_in_atomic();
  ++self->threaded;
}

TEST(Irq, RunsTheHandlerInAnInterrupt) {
  device d;
  ASSERT_EQ(fence_irq_request(&d.line, handle, finish, "test-irq", &d), 0);
  fence_irq_raise(&d.line);
  until([&] { return d.handled == 1; });
  EXPECT_TRUE(d.in_interrupt);
  fence_irq_synchronize(&d.line);
  EXPECT_EQ(d.threaded, 0);
  fence_irq_free(&d.line);
}

TEST(Irq, RunsTheThreadedHalfInTaskContext) {
  device d;
  d.answer = FENCE_IRQ_WAKE_THREAD;
  ASSERT_EQ(fence_irq_request(&d.line, handle, finish, "test-irq", &d), 0);
  fence_irq_raise(&d.line);
  until([&] { return d.threaded == 1; });
  EXPECT_TRUE(d.task);
  fence_irq_free(&d.line);
}

TEST(Irq, CountsInterruptsOfNobody) {
  device d;
  d.answer = FENCE_IRQ_NONE;
  ASSERT_EQ(fence_irq_request(&d.line, handle, nullptr, "test-irq", &d), 0);
  fence_irq_raise(&d.line);
  until([&] { return d.handled == 1; });
  fence_irq_synchronize(&d.line);
  EXPECT_EQ(d.line.unhandled, 1u);
  fence_irq_free(&d.line);
}

TEST(Irq, NeedsAHandler) {
  device d;
  EXPECT_EQ(fence_irq_request(&d.line, nullptr, finish, "test-irq", &d), -EINVAL);
}

TEST(Irq, KeepsAnInterruptWhileTheLineIsDisabled) {
  device d;
  ASSERT_EQ(fence_irq_request(&d.line, handle, nullptr, "test-irq", &d), 0);
  fence_irq_disable(&d.line);
  fence_irq_disable_nosync(&d.line);
  fence_irq_raise(&d.line);
  fence_irq_raise(&d.line); // the same interrupt
  fence_irq_enable(&d.line);
  fence_irq_synchronize(&d.line);
  EXPECT_EQ(d.handled, 0);
  fence_irq_enable(&d.line);
  until([&] { return d.handled == 1; });
  fence_irq_free(&d.line);
  EXPECT_EQ(d.handled, 1);
}

TEST(Irq, DropsWhatHasNotBegunWhenFreed) {
  device d;
  ASSERT_EQ(fence_irq_request(&d.line, handle, nullptr, "test-irq", &d), 0);
  fence_irq_disable(&d.line);
  fence_irq_raise(&d.line);
  fence_irq_free(&d.line);
  EXPECT_EQ(d.handled, 0);
}

TEST(Irq, ReportsTooManyEnables) {
  device d;
  ASSERT_EQ(fence_irq_request(&d.line, handle, nullptr, "test-irq", &d), 0);
  testing::internal::CaptureStderr();
  fence_irq_enable(&d.line);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("not disabled"), std::string::npos);
  fence_irq_free(&d.line);
}

TEST(Irq, ReportsAHandlerThatWaitsForItself) {
  struct own {
    fence_irq line;
    std::atomic<bool> done = false;
  } d;
  testing::internal::CaptureStderr();
  // From the threaded half, where a wait is allowed otherwise.
  ASSERT_EQ(fence_irq_request(
                &d.line, [](void *) { return FENCE_IRQ_WAKE_THREAD; },
                [](void *data) {
                  auto *self = static_cast<own *>(data);
                  fence_irq_synchronize(&self->line);
                  fence_irq_free(&self->line);
                  self->done = true;
                },
                "test-irq", &d),
            0);
  fence_irq_raise(&d.line);
  until([&] { return d.done.load(); });
  fence_irq_free(&d.line);
  std::string report = testing::internal::GetCapturedStderr();
  EXPECT_NE(report.find("waits for its own end"), std::string::npos);
  EXPECT_NE(report.find("frees its own line"), std::string::npos);
}

TEST(Irq, NeverRunsWhileDisabled) {
  struct guarded {
    fence_irq line;
    int plain = 0; // ordinary: ThreadSanitizer would see the handler beside us
  } d;
  ASSERT_EQ(fence_irq_request(
                &d.line,
                [](void *data) {
                  ++static_cast<guarded *>(data)->plain;
                  return FENCE_IRQ_HANDLED;
                },
                nullptr, "test-irq", &d),
            0);
  std::atomic<bool> over = false;
  std::thread raiser([&] {
    while (!over)
      fence_irq_raise(&d.line);
  });
  for (int i = 0; i < 500; ++i) {
    fence_irq_disable(&d.line);
    ++d.plain;
    fence_irq_enable(&d.line);
  }
  over = true;
  raiser.join();
  fence_irq_free(&d.line);
  EXPECT_GE(d.plain, 500);
}

} // namespace
