/*===- fence/dma-mapping.h - giving memory to a device ------------------------------------------------------------===
 *
 * A device sees memory through an IOMMU: mapping a table gives it addresses of its own, in one direction, until it is unmapped. Here the IOMMU is
 * software and part of the device, so that a driver's mapping code runs, and goes wrong, in a test: an access to what is not mapped, or against
 * the direction, is a fault, and what is still mapped when the device goes is a leak.
 *
 *===--------------------------------------------------------------------------------------------------------------===*/
#ifndef FENCE_DMA_MAPPING_H
#define FENCE_DMA_MAPPING_H

#include <fence/list.h>
#include <fence/scatterlist.h>
#include <fence/spinlock.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

enum dma_data_direction {
  DMA_BIDIRECTIONAL, /**< the device reads and writes */
  DMA_TO_DEVICE,     /**< the device only reads */
  DMA_FROM_DEVICE,   /**< the device only writes */
  DMA_NONE
};

/** A device with its software IOMMU; caller-owned memory. The first four fields are for the driver to set before fence_device_init(), 0 means the
 *  default. */
struct fence_device {
  const char *name;
  dma_addr_t first_address; /**< default: one page */
  dma_addr_t address_count; /**< bytes of address space; default: 4 GiB */
  unsigned max_segment;     /**< bytes of one segment of a mapping; default: no limit */
  struct fence_spinlock lock;
  struct fence_list mappings; /**< in the order of their addresses */
  unsigned mapping_count;
  unsigned fault_count;
};

/** Context: any. */
FENCE_NONBLOCKING void fence_device_init(struct fence_device *device) FENCE_DETAIL_NOEXCEPT;
/** Returns how many mappings are left, which is a leak that is said on standard error; they are taken away.
 *  Context: any but a fence callback. */
FENCE_FREES unsigned fence_device_fini(struct fence_device *device) FENCE_DETAIL_NOEXCEPT;

/** Maps the table for the device: dma addresses and nents are set. 0; -EINVAL if it is mapped already, is empty or the direction is none;
 *  -ENOSPC without room in the address space; -ENOMEM.
 *  Context: any but a fence callback; does not wait. */
FENCE_ALLOCATES_WITHOUT_WAITING int dma_map_sgtable(struct fence_device *device, struct sg_table *table,
                                                    enum dma_data_direction direction) FENCE_DETAIL_NOEXCEPT;
/** Takes the addresses away again; the same device and direction.
 *  Context: any but a fence callback. */
FENCE_FREES void dma_unmap_sgtable(struct fence_device *device, struct sg_table *table, enum dma_data_direction direction)
    FENCE_DETAIL_NOEXCEPT;

/** What the device does: reads or writes `size` bytes at one of its addresses. 0; -EFAULT where nothing is mapped; -EACCES against the direction.
 *  Faults are counted.
 *  Context: any. */
FENCE_NONBLOCKING int fence_device_read(struct fence_device *device, dma_addr_t address, void *to, size_t size)
    FENCE_DETAIL_NOEXCEPT;
FENCE_NONBLOCKING int fence_device_write(struct fence_device *device, dma_addr_t address, const void *from, size_t size)
    FENCE_DETAIL_NOEXCEPT;

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif /* FENCE_DMA_MAPPING_H */
