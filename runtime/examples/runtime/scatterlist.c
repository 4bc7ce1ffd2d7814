/* Pages become segments, segments become a mapping: two counts that are not the same, and a device that only sees what is mapped. */
#include <errno.h>
#include <fence/dma-mapping.h>
#include <stdlib.h>

static int copy_in(struct fence_device *device, struct sg_table *table, char *memory) {
  /* The loop over what the device sees goes to nents, the loop over memory to orig_nents. */
  size_t mapped = 0, whole = 0;
  for (unsigned i = 0; i < table->nents; ++i)
    mapped += sg_dma_len(&table->sgl[i]);
  for (unsigned i = 0; i < table->orig_nents; ++i)
    whole += table->sgl[i].length;
  if (mapped != whole || whole != sg_table_size(table))
    return 0;
  char sent = 'x', seen = 0;
  dma_addr_t at = sg_dma_address(table->sgl) + FENCE_PAGE_SIZE; /* the second page of the mapping, the third of the memory */
  return fence_device_write(device, at, &sent, 1) == 0 && memory[2 * FENCE_PAGE_SIZE] == 'x' &&
         fence_device_read(device, at, &seen, 1) == -EACCES && device->fault_count == 1;
}

int main(void) {
  char *memory = aligned_alloc(FENCE_PAGE_SIZE, 4 * FENCE_PAGE_SIZE);
  if (!memory)
    return 1;
  void *pages[] = {memory, memory + 2 * FENCE_PAGE_SIZE, memory + 3 * FENCE_PAGE_SIZE};
  struct fence_device device = {.name = "engine", .address_count = 16 * FENCE_PAGE_SIZE};
  struct sg_table table;
  fence_device_init(&device);
  if (sg_alloc_table_from_pages(&table, pages, 3, 0, 3 * FENCE_PAGE_SIZE, FENCE_GFP_KERNEL) != 0)
    return 1;
  int segments = table.orig_nents == 2 && table.nents == 0; /* two pages are neighbours; nothing is mapped */
  if (dma_map_sgtable(&device, &table, DMA_FROM_DEVICE) != 0)
    return 1;
  int copied = table.nents == 1 && copy_in(&device, &table, memory);
  dma_unmap_sgtable(&device, &table, DMA_FROM_DEVICE); /* before the table goes, and the memory last */
  sg_free_table(&table);
  unsigned left = fence_device_fini(&device);
  free(memory);
  return segments && copied && left == 0 ? 0 : 1;
}
