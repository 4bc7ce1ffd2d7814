// throw and catch go through the language runtime.
struct failed {};
void quick() noexcept [[clang::nonblocking]];

void throws(bool Bad) [[clang::nonblocking]] {
  if (Bad)
    throw failed();
}
static void check(bool Bad) {
  if (Bad)
    throw failed();
}
void throws_in_callee(bool Bad) [[clang::nonblocking]] { check(Bad); }
void throws_and_catches(bool Bad) noexcept [[clang::nonblocking]] {
  try {
    if (Bad)
      throw failed();
  } catch (const failed &) {
    quick();
  }
}
