// Two drivers' buffers for the tests.
#ifndef TEST_BUFFERS_HPP
#define TEST_BUFFERS_HPP

#include <fence/prime.hpp>
#include <mutex>
#include <string>
#include <vector>

/// What the hooks of all buffers did, on whichever thread: the last reference goes anywhere.
class event_log {
public:
  void push_back(const char *event) noexcept {
    std::lock_guard guard(lock_);
    list_.push_back(event);
  }
  void clear() noexcept {
    std::lock_guard guard(lock_);
    list_.clear();
  }
  std::vector<std::string> list() {
    std::lock_guard guard(lock_);
    return list_;
  }

private:
  std::mutex lock_;
  std::vector<std::string> list_;
};
inline event_log &events() {
  static event_log log;
  return log;
}

struct test_driver {};
class buffer : public fence::gem_object<buffer> {
public:
  using driver = test_driver;
  buffer(fence::gem_passkey key, int value) noexcept : gem_object(key), value(value) {}
  ~buffer() { events().push_back("buffer freed"); }
  /// A negative value cannot be set up.
  static fence::result<void> init(buffer &, int value) noexcept {
    if (value < 0)
      return fence::error(value);
    return {};
  }
  fence::result<void> open(fence::drm_file &) noexcept {
    events().push_back("open");
    if (value == refuses_to_open)
      return fence::error(EACCES);
    return {};
  }
  void close(fence::drm_file &) noexcept { events().push_back("close"); }

  static constexpr int refuses_to_open = 13;
  int value;
};

struct other_driver {};
class other_buffer : public fence::gem_object<other_buffer> {
public:
  using driver = other_driver;
  explicit other_buffer(fence::gem_passkey key) noexcept : gem_object(key) {}
};

#endif
