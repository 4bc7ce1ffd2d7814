// Included before everything in the sources of this build: the public headers read a flag with the compiler's builtin, since C includes
// them too, and here that read is a step as well.
#ifndef FENCE_EXPLORE_PRELUDE_H
#define FENCE_EXPLORE_PRELUDE_H

#include "shared_memory.h"

#define __atomic_load_n(at, order) (fence::shared::step_to_read(at), __atomic_load_n(at, order))

#endif
