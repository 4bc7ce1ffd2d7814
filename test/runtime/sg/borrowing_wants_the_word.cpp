// Borrowing a table is a promise, and the word says so.
// EXPECT: no matching function|too few arguments
#include "pages.hpp"

auto borrow(const ::sg_table &table) {
#ifdef WRONG
  return fence::borrow_mapped(table);
#else
  return fence::borrow_mapped(fence::unsafe, table);
#endif
}
