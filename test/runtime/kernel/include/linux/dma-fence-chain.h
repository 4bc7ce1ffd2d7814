#include "../harness.h"
#include <fence/dma-fence-chain.h>
