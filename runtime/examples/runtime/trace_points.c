/* The trace points of fences: USDT probes in the library, a nop each until a tracer attaches. This program makes what there is to see and finds
 * the probes where a tracer finds them, in the notes of the library it runs with. To watch it:
 *
 *     bpftrace -e 'usdt:./libfence-checked.so:dma_fence:* { printf("%s %d:%d\n", probe, arg1, arg2); }' -c ./example_trace_points
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fence/dma-fence.h>
#include <fence/memory.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *name(struct dma_fence *fence) {
  (void)fence;
  return "example";
}
static const struct dma_fence_ops ops = {.get_driver_name = name, .get_timeline_name = name};

/* A note has the provider and the probe one after the other, each with its final 0. */
static int has_probe(const char *image, size_t size, const char *probe) {
  char note[64] = "dma_fence";
  size_t provider = strlen(note) + 1;
  strcpy(note + provider, probe);
  return memmem(image, size, note, provider + strlen(probe) + 1) != NULL;
}

int main(void) {
  struct fence_spinlock lock;
  fence_spin_lock_init(&lock);
  struct dma_fence *fence = fence_alloc(sizeof *fence, FENCE_GFP_KERNEL);
  if (!fence)
    return 1;
  dma_fence_init(fence, &ops, &lock, dma_fence_context_alloc(1), 1); /* dma_fence_init */
  dma_fence_enable_sw_signaling(fence);                              /* dma_fence_enable_signal */
  dma_fence_signal(fence);                                           /* dma_fence_signaled */
  dma_fence_wait(fence, false);                                      /* nothing: it does not wait */
  dma_fence_put(fence);                                              /* dma_fence_destroy */
  fence_rcu_barrier();

  Dl_info library;
  if (!dladdr((void *)(uintptr_t)dma_fence_context_alloc, &library))
    return 1;
  FILE *file = fopen(library.dli_fname, "rb");
  if (!file || fseek(file, 0, SEEK_END) != 0)
    return 1;
  size_t size = (size_t)ftell(file);
  char *image = malloc(size);
  rewind(file);
  if (!image || fread(image, 1, size, file) != size)
    return 1;
  fclose(file);
  static const char *const probes[] = {"dma_fence_init",     "dma_fence_destroy",    "dma_fence_enable_signal",
                                       "dma_fence_signaled", "dma_fence_wait_start", "dma_fence_wait_end"};
  int missing = 0;
  for (size_t i = 0; i < sizeof probes / sizeof *probes; ++i)
    if (!has_probe(image, size, probes[i]))
      missing += printf("no probe %s\n", probes[i]) > 0;
  free(image);
  return missing;
}
