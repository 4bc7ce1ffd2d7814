// Who has a reference among others does not change the object.
// EXPECT: read-only|const
#include "buffers.hpp"

void change(fence::unique_object_ref<buffer> own, const fence::object_ref<buffer> &shared) {
#ifdef WRONG
  (void)own;
  shared->value = 2;
#else
  (void)shared;
  own->value = 2;
#endif
}
