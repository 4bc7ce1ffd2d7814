#include "../harness.h"
