#include "kernel.h"
void helper(void) { msleep(1); }
