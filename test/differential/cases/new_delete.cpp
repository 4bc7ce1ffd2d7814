// new and delete expressions.
#include <new>

struct plain {
  int Value = 0;
};

int *news() noexcept [[clang::nonblocking]] { return new int(1); }
plain *news_array(int Count) noexcept [[clang::nonblocking]] { return new plain[Count]; }
void deletes(int *Memory) noexcept [[clang::nonblocking]] { delete Memory; }
void deletes_array(plain *Memory) noexcept [[clang::nonblocking]] { delete[] Memory; }
int *news_nonallocating() noexcept [[clang::nonallocating]] { return new int(1); }
void deletes_nonallocating(int *Memory) noexcept [[clang::nonallocating]] { delete Memory; }
int *news_nothrow() noexcept [[clang::nonblocking]] { return new (std::nothrow) int(1); }
