#include "../harness.h"
#include <fence/dma-fence.h>
