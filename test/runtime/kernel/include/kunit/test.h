#include "../harness_kunit.h"
