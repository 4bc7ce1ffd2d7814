#include "../../harness.h"
