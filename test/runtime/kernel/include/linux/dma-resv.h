#include "../harness.h"
#include <fence/dma-resv.h>
