// Smart pointers and type-erased callables.
#include <functional>
#include <memory>
#include <utility>

void ends_unique(int *Raw) noexcept [[clang::nonblocking]] { std::unique_ptr<int> Owner(Raw); }
void makes_unique() noexcept [[clang::nonblocking]] { auto Owner = std::make_unique<int>(1); }
void resets_unique(std::unique_ptr<int> &Owner) noexcept [[clang::nonblocking]] { Owner.reset(); }
void ends_shared(const std::shared_ptr<int> &From) noexcept [[clang::nonblocking]] { std::shared_ptr<int> Owner = From; }
void resets_shared(std::shared_ptr<int> &Owner) noexcept [[clang::nonblocking]] { Owner.reset(); }
void makes_shared() noexcept [[clang::nonblocking]] { auto Owner = std::make_shared<int>(1); }
using maker = std::function<int *()>;
void calls_function() noexcept [[clang::nonblocking]] {
  maker Make = [] { return new int(1); };
  Make();
}

int *releases(int *Raw) noexcept [[clang::nonblocking]] {
  // Owner was released: its destructor finds nothing to delete.
  std::unique_ptr<int> Owner(Raw); // clang-false
  return Owner.release();
}
