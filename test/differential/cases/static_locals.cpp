// A static local with dynamic initialisation waits for whoever initialises it.
int compute() noexcept [[clang::nonblocking]];

int dynamic() noexcept [[clang::nonblocking]] {
  static int Value = compute();
  return Value;
}

int constant() noexcept [[clang::nonblocking]] {
  // The initialiser is a constant: the variable has no guard.
  static int Value = 0; // clang-false
  return ++Value;
}
