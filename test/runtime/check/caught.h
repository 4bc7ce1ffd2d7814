// Collects what the checker reports while it lives, so that a test says which mistakes it expects, and how many.
#ifndef TEST_CAUGHT_H
#define TEST_CAUGHT_H

#include <fence/check.h>
#include <functional>
#include <gtest/gtest.h>
#include <string>
#include <vector>

class caught {
public:
  struct one {
    fence_report_kind kind;
    std::string message, details, other_title;
    unsigned here, other;
  };
  std::vector<one> all;
  /// Called with each report, on the thread that made it.
  std::function<void()> then;

  caught() {
    fence_forget_reports();
    fence_set_report_handler(
        [](const fence_report *report, void *self) {
          auto *into = static_cast<caught *>(self);
          into->all.push_back({report->kind, report->message, report->details, report->other_title ? report->other_title : "",
                               report->here.count, report->other.count});
          if (into->then)
            into->then();
        },
        this);
  }
  ~caught() {
    fence_set_report_handler(nullptr, nullptr);
    fence_forget_reports();
  }
  caught(const caught &) = delete;
  caught &operator=(const caught &) = delete;

  std::string all_text() const {
    std::string text;
    for (const one &report : all)
      text += std::string(fence_report_kind_name(report.kind)) + ": " + report.message + "\n" + report.details;
    return text;
  }
};

/// Exactly one report, of that kind, whose message has `words` and which shows where the other side is (if it has one).
#define EXPECT_ONE(reports, expected_kind, words)                                                                      \
  do {                                                                                                                 \
    ASSERT_EQ((reports).all.size(), 1u) << (reports).all_text();                                                          \
    EXPECT_EQ((reports).all[0].kind, expected_kind) << (reports).all_text();                                              \
    EXPECT_NE(((reports).all[0].message + (reports).all[0].details).find(words), std::string::npos) << (reports).all_text(); \
    EXPECT_GT((reports).all[0].here, 0u);                                                                              \
    EXPECT_EQ(fence_reports(), 1ul);                                                                                   \
    EXPECT_EQ(fence_reports_of(expected_kind), 1ul);                                                                   \
  } while (0)
#define EXPECT_SILENT(reports) EXPECT_TRUE((reports).all.empty()) << (reports).all_text()

#endif
