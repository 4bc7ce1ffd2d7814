#include "../harness_drm.h"
