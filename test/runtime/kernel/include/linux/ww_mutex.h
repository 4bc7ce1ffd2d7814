#include "../harness_ww.h"
