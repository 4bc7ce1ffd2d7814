#include "../harness.h"
#include <fence/dma-fence-unwrap.h>
