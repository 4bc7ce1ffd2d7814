#include "../harness.h"
#include <fence/dma-fence-array.h>
