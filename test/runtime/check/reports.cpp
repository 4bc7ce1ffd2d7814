// How a finding is told: once per place, to whom, in which form.
#include "caught.h"
#include "test_fence.h"

#include <cstdlib>
#include <cstring>

namespace {

[[gnu::noinline]] void first_place() {
  fence_might_sleep();
  asm volatile("");
}
[[gnu::noinline]] void second_place() {
  fence_might_sleep();
  asm volatile("");
}

TEST(Report, OncePerPlace) {
  caught reports;
  fence_preempt_disable();
  for (int i = 0; i < 5; ++i) {
    asm volatile("" : "+r"(i)); // not unrolled: five calls would be five places
    first_place();
  }
  EXPECT_EQ(reports.all.size(), 1u);
  second_place();
  EXPECT_EQ(reports.all.size(), 2u);
  fence_preempt_enable();
  EXPECT_EQ(fence_reports(), 2u);
  fence_forget_reports();
  EXPECT_EQ(fence_reports(), 0u);
  fence_preempt_disable();
  first_place();
  fence_preempt_enable();
  EXPECT_EQ(reports.all.size(), 3u);
}

TEST(Report, WhatTheHandlerDoesIsNotChecked) {
  caught reports;
  reports.then = [] {
    fence_might_sleep();
    fence_spinlock lock;
    fence_spin_lock_init(&lock);
    fence_spin_lock(&lock);
    fence_spin_unlock(&lock);
  };
  fence_preempt_disable();
  first_place();
  fence_preempt_enable();
  EXPECT_EQ(reports.all.size(), 1u);
  EXPECT_FALSE(fence_in_atomic());
}

TEST(Report, HandlersAreGivenBack) {
  fence_report_handler handler = [](const fence_report *, void *) {};
  EXPECT_EQ(fence_set_report_handler(handler, nullptr), nullptr);
  EXPECT_EQ(fence_set_report_handler(nullptr, nullptr), handler);
}

TEST(Report, EachKindHasAName) {
  for (int kind = 0; kind < FENCE_REPORT_KINDS; ++kind)
    EXPECT_STRNE(fence_report_kind_name(static_cast<fence_report_kind>(kind)), "unknown");
  EXPECT_STREQ(fence_report_kind_name(FENCE_REPORT_SLEEP_IN_ATOMIC), "sleep-in-atomic");
  EXPECT_STREQ(fence_report_kind_name(FENCE_REPORT_CAPACITY), "capacity");
  EXPECT_STREQ(fence_report_kind_name(FENCE_REPORT_KINDS), "unknown");
}

void provoke() {
  fence_preempt_disable();
  first_place();
  fence_preempt_enable();
}

TEST(ReportDeath, AbortsWithAReadableReport) {
  EXPECT_EXIT(
      {
        fence_set_abort_on_report(true);
        provoke();
      },
      testing::KilledBySignal(SIGABRT),
      "fence: sleep-in-atomic: something that may sleep, but nothing may sleep here: preemption is disabled\n"
      "  checked at .*reports.cpp:[0-9]+\n"
      "  here:\n"
      "    #0 0x(.|\n)*"
      "  preemption was disabled:\n"
      "    #0 0x");
}
TEST(ReportDeath, StderrHasNoColoursUnlessItIsATerminal) {
  EXPECT_EXIT(
      {
        fence_set_abort_on_report(false);
        provoke();
        std::_Exit(0);
      },
      testing::ExitedWithCode(0), "^fence: sleep-in-atomic");
}

TEST(Graph, InTheLanguageOfGraphviz) {
  FENCE_LOCK_CLASS(dot_a, "dot \"a\"", FENCE_LOCK_SPINS);
  FENCE_LOCK_CLASS(dot_b, "dot b", FENCE_LOCK_SPINS);
  fence_spinlock a, b;
  fence_spin_lock_init_class(&a, &dot_a);
  fence_spin_lock_init_class(&b, &dot_b);
  fence_spin_lock(&a);
  fence_spin_lock_nested(&b, 1);
  fence_spin_unlock(&b);
  fence_spin_unlock(&a);
  std::string text;
  unsigned long edges = fence_dump_lock_graph(
      [](const char *line, void *data) { (*static_cast<std::string *>(data) += line) += '\n'; }, &text);
  EXPECT_GE(edges, 7u); // ours, and those known from the start
  EXPECT_EQ(text.rfind("digraph locks {\n", 0), 0u);
  EXPECT_NE(text.find("  \"dot \\\"a\\\"\" -> \"dot b/1\";\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  \"fs_reclaim\" -> \"dma_fence_signalling\";\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  \"mmap_lock\" -> \"reservation\";\n"), std::string::npos) << text;
}

} // namespace
