// The functions of C, with a driver that writes its table by hand, and an exporter that knows nothing of GEM.
#include <cerrno>
#include <cstdlib>
#include <fence/drm-prime.h>
#include <gtest/gtest.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace {

//===- An object ---------------------------------------------------------------===//

struct bo {
  drm_gem_object base;
  bool *freed;
  int opened, refuses;
};
bo *bo_of(drm_gem_object *obj) { return reinterpret_cast<bo *>(obj); }
const drm_gem_object_funcs bo_funcs = {
    .kind = 0,
    .free =
        [](drm_gem_object *obj) {
          *bo_of(obj)->freed = true;
          drm_gem_object_release(obj);
          fence_free(obj);
        },
    .open =
        [](drm_gem_object *obj, drm_file *) {
          ++bo_of(obj)->opened;
          return bo_of(obj)->refuses;
        },
    .close = [](drm_gem_object *obj, drm_file *) { --bo_of(obj)->opened; },
    .print_info = nullptr,
    .pin = nullptr,
    .unpin = nullptr,
    .get_sg_table = nullptr,
    .vmap = nullptr,
    .vunmap = nullptr,
    .mmap = nullptr,
    .munmap = nullptr,
};

class CDriver : public testing::Test {
protected:
  void SetUp() override {
    device.name = "c";
    drm_dev_init(&device);
    drm_file_init(&file, 0);
  }
  void TearDown() override {
    drm_file_fini(&file);
    drm_dev_fini(&device);
  }
  bo *make(size_t size = 1) {
    freed = false;
    auto *made = static_cast<bo *>(fence_alloc(sizeof(bo), FENCE_GFP_KERNEL | FENCE_GFP_ZERO));
    made->base.funcs = &bo_funcs;
    made->freed = &freed;
    EXPECT_EQ(drm_gem_object_init(&device, &made->base, size), 0);
    return made;
  }
  drm_device device{};
  drm_file file{};
  bool freed = false;
};

TEST_F(CDriver, LivesByItsReferences) {
  bo *object = make(FENCE_PAGE_SIZE + 1);
  EXPECT_EQ(object->base.size, 2u * FENCE_PAGE_SIZE) << "whole pages";
  EXPECT_EQ(drm_dev_object_count(&device), 1u);
  drm_gem_object_get(&object->base);
  drm_gem_object_put(&object->base);
  EXPECT_FALSE(freed);
  drm_gem_object_put(&object->base);
  EXPECT_TRUE(freed);
  EXPECT_EQ(drm_dev_object_count(&device), 0u);
  drm_gem_object_put(nullptr);
  drm_gem_object_put_deferred(nullptr);
}

TEST_F(CDriver, NoSizeAndTooMuchAreRefused) {
  bo here{};
  here.base.funcs = &bo_funcs;
  EXPECT_EQ(drm_gem_object_init(&device, &here.base, 0), -EINVAL);
  EXPECT_EQ(drm_gem_object_init(&device, &here.base, SIZE_MAX), -EINVAL);
  EXPECT_EQ(drm_gem_object_init(&device, &here.base, SIZE_MAX - FENCE_PAGE_SIZE + 2), -EINVAL);
  here.base.funcs = nullptr;
  EXPECT_EQ(drm_gem_object_init(&device, &here.base, 1), -EINVAL) << "nobody would free it";
  EXPECT_EQ(drm_dev_object_count(&device), 0u);
}

TEST_F(CDriver, AReferenceTooManyIsSaid) {
  bo here{};
  static const drm_gem_object_funcs keeps_memory = [] {
    drm_gem_object_funcs funcs = bo_funcs;
    funcs.free = drm_gem_object_release;
    return funcs;
  }();
  here.base.funcs = &keeps_memory;
  ASSERT_EQ(drm_gem_object_init(&device, &here.base, 1), 0);
  drm_gem_object_put(&here.base);
  testing::internal::CaptureStderr();
  drm_gem_object_put(&here.base);
  drm_gem_object_put_deferred(&here.base);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("given up that nobody has"), std::string::npos);
  EXPECT_EQ(drm_dev_object_count(&device), 0u) << "released once";
}

TEST_F(CDriver, HasHandles) {
  bo *object = make();
  uint32_t handle = 0, same = 0;
  ASSERT_EQ(drm_gem_handle_create(&file, &object->base, &handle), 0);
  ASSERT_EQ(drm_gem_handle_create(&file, &object->base, &same), 0);
  EXPECT_EQ(handle, 1u);
  EXPECT_EQ(handle, same);
  EXPECT_EQ(object->opened, 1);
  EXPECT_EQ(object->base.handle_count, 1u);
  drm_gem_object *found = drm_gem_object_lookup(&file, handle);
  EXPECT_EQ(found, &object->base);
  drm_gem_object_put(found);
  EXPECT_EQ(drm_gem_object_lookup(&file, 7), nullptr);
  drm_gem_object_put(&object->base);
  EXPECT_EQ(drm_gem_handle_delete(&file, handle), 0);
  EXPECT_TRUE(freed);
  EXPECT_EQ(drm_gem_handle_delete(&file, handle), -ENOENT);
}

TEST_F(CDriver, RefusesAHandle) {
  bo *object = make();
  object->refuses = -EACCES;
  uint32_t handle;
  EXPECT_EQ(drm_gem_handle_create(&file, &object->base, &handle), -EACCES);
  EXPECT_EQ(drm_gem_handle_count(&file), 0u);
  EXPECT_EQ(object->base.refcount, 1u);
  drm_gem_object_put(&object->base);
}

TEST_F(CDriver, TheLowestHandleThatIsFreeComesNext) {
  bo *objects[20];
  uint32_t handle;
  for (uint32_t i = 0; i < 20; ++i) {
    objects[i] = make();
    ASSERT_EQ(drm_gem_handle_create(&file, &objects[i]->base, &handle), 0);
    EXPECT_EQ(handle, i + 1);
  }
  for (uint32_t gap : {15u, 4u, 9u})
    ASSERT_EQ(drm_gem_handle_delete(&file, gap), 0);
  for (uint32_t expected : {4u, 9u, 15u, 21u}) {
    bo *next = make();
    ASSERT_EQ(drm_gem_handle_create(&file, &next->base, &handle), 0);
    EXPECT_EQ(handle, expected);
    drm_gem_object_put(&next->base);
  }
  for (bo *object : objects)
    drm_gem_object_put(&object->base);
}

TEST_F(CDriver, OffsetsAtTheEndOfAllNumbersDoNotOverflow) {
  drm_device last{};
  last.name = "last";
  last.first_offset = UINT64_MAX - 3 * FENCE_PAGE_SIZE + 1;
  last.offset_end = UINT64_MAX;
  drm_dev_init(&last);
  auto sized = [&](size_t size) {
    auto *made = static_cast<bo *>(fence_alloc(sizeof(bo), FENCE_GFP_KERNEL | FENCE_GFP_ZERO));
    made->base.funcs = &bo_funcs;
    made->freed = &freed;
    EXPECT_EQ(drm_gem_object_init(&last, &made->base, size), 0);
    return made;
  };
  bo *fits = sized(2 * FENCE_PAGE_SIZE), *page = sized(1), *huge = sized(SIZE_MAX - 2 * FENCE_PAGE_SIZE);
  EXPECT_EQ(drm_gem_create_mmap_offset(&huge->base), -ENOSPC);
  EXPECT_EQ(drm_gem_create_mmap_offset(&fits->base), 0);
  EXPECT_EQ(drm_vma_node_offset_addr(&fits->base.vma_node), last.first_offset);
  EXPECT_EQ(drm_gem_create_mmap_offset(&page->base), -ENOSPC) << "the last page would end after the end";
  EXPECT_EQ(drm_gem_create_mmap_offset(&huge->base), -ENOSPC);
  EXPECT_EQ(drm_vma_node_offset_addr(&huge->base.vma_node), 0u);
  for (bo *each : {fits, page, huge})
    drm_gem_object_put(&each->base);
  drm_dev_fini(&last);
}

TEST_F(CDriver, ADeviceThatDoesNotImportSaysSo) {
  bo *object = make();
  dma_buf *buffer;
  ASSERT_EQ(drm_gem_prime_export(&object->base, &buffer), 0);
  dma_buf *same;
  ASSERT_EQ(drm_gem_prime_export(&object->base, &same), 0);
  EXPECT_EQ(buffer, same) << "one buffer for all exports";
  dma_buf_put(same);
  drm_device other{};
  other.name = "other";
  drm_dev_init(&other);
  drm_gem_object *imported;
  EXPECT_EQ(drm_gem_prime_import(&other, buffer, &imported), -EXDEV);
  drm_gem_object_put(&object->base);
  EXPECT_FALSE(freed) << "the buffer keeps it";
  dma_buf_put(buffer);
  EXPECT_TRUE(freed);
  drm_dev_fini(&other);
}

//===- An exporter of its own ------------------------------------------------------===//

struct memory {
  void *page;
  int attached = 0, released = 0, refuses = 0;
};
memory *memory_of(dma_buf *buffer) { return static_cast<memory *>(buffer->priv); }
const dma_buf_ops memory_ops = {
    .attach =
        [](dma_buf *buffer, dma_buf_attachment *) {
          if (int refused = memory_of(buffer)->refuses)
            return refused;
          ++memory_of(buffer)->attached;
          return 0;
        },
    .detach = [](dma_buf *buffer, dma_buf_attachment *) { --memory_of(buffer)->attached; },
    .map_dma_buf =
        [](dma_buf_attachment *to, dma_data_direction direction) {
          if (int failed = sg_alloc_table_from_pages(&to->sgt, &memory_of(to->dmabuf)->page, 1, 0, FENCE_PAGE_SIZE,
                                                     FENCE_GFP_KERNEL))
            return failed;
          int failed = dma_map_sgtable(to->dev, &to->sgt, direction);
          if (failed)
            sg_free_table(&to->sgt);
          return failed;
        },
    .unmap_dma_buf =
        [](dma_buf_attachment *from, dma_data_direction direction) {
          dma_unmap_sgtable(from->dev, &from->sgt, direction);
          sg_free_table(&from->sgt);
        },
    .vmap = nullptr,
    .vunmap = nullptr,
    .release = [](dma_buf *buffer) { ++memory_of(buffer)->released; },
};

class Buffers : public testing::Test {
protected:
  void SetUp() override {
    memory.page = std::aligned_alloc(FENCE_PAGE_SIZE, FENCE_PAGE_SIZE);
    bus.name = "bus";
    fence_device_init(&bus);
    dma_buf_export_info info = {"memory", &memory_ops, FENCE_PAGE_SIZE, nullptr, &memory};
    ASSERT_EQ(dma_buf_export(&info, &buffer), 0);
  }
  void TearDown() override {
    if (buffer) {
      dma_buf_put(buffer);
    }
    EXPECT_EQ(memory.released, 1);
    EXPECT_EQ(memory.attached, 0);
    EXPECT_EQ(fence_device_fini(&bus), 0u);
    std::free(memory.page);
  }
  struct memory memory;
  fence_device bus{};
  dma_buf *buffer = nullptr;
};

TEST_F(Buffers, AreAttachedMappedUnmappedAndDetached) {
  dma_buf_attachment attachment;
  ASSERT_EQ(dma_buf_attach(buffer, &bus, &attachment), 0);
  EXPECT_EQ(memory.attached, 1);
  EXPECT_EQ(dma_buf_map_attachment(&attachment, DMA_NONE), -EINVAL);
  ASSERT_EQ(dma_buf_map_attachment(&attachment, DMA_TO_DEVICE), 0);
  EXPECT_EQ(dma_buf_map_attachment(&attachment, DMA_TO_DEVICE), -EBUSY);
  static_cast<char *>(memory.page)[3] = 'z';
  char seen = 0;
  EXPECT_EQ(fence_device_read(&bus, sg_dma_address(attachment.sgt.sgl) + 3, &seen, 1), 0);
  EXPECT_EQ(seen, 'z');
  EXPECT_EQ(fence_device_write(&bus, sg_dma_address(attachment.sgt.sgl), &seen, 1), -EACCES);
  dma_buf_unmap_attachment(&attachment);
  EXPECT_EQ(bus.mapping_count, 0u);
  dma_buf_unmap_attachment(&attachment); // nothing is mapped: nothing to do
  ASSERT_EQ(dma_buf_map_attachment(&attachment, DMA_FROM_DEVICE), 0);
  dma_buf_put(std::exchange(buffer, nullptr));
  EXPECT_EQ(memory.released, 0) << "the attachment keeps it";
  dma_buf_detach(&attachment); // and unmaps
  EXPECT_EQ(bus.mapping_count, 0u);
}

TEST_F(Buffers, WhatTheExporterRefusesIsNotDone) {
  memory.refuses = -EPERM;
  dma_buf_attachment attachment;
  EXPECT_EQ(dma_buf_attach(buffer, &bus, &attachment), -EPERM);
  EXPECT_EQ(buffer->refcount, 1u);
  memory.refuses = 0;
  ASSERT_EQ(dma_buf_attach(buffer, &bus, &attachment), 0);
  for (long site = 0; site < 2; ++site) {
    fence_fail_allocation(site);
    EXPECT_EQ(dma_buf_map_attachment(&attachment, DMA_TO_DEVICE), -ENOMEM);
    EXPECT_EQ(attachment.dir, DMA_NONE);
  }
  fence_fail_allocation(-1);
  void *address;
  EXPECT_EQ(dma_buf_vmap(buffer, &address), -EOPNOTSUPP);
  testing::internal::CaptureStderr();
  dma_buf_vunmap(buffer);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("not mapped"), std::string::npos);
  dma_buf_detach(&attachment);
}

TEST_F(Buffers, HalfAnExporterIsRefused) {
  dma_buf *made;
  dma_buf_export_info good = {"memory", &memory_ops, FENCE_PAGE_SIZE, nullptr, &memory}, info = good;
  dma_buf_ops ops = memory_ops;
  ops.release = nullptr;
  info.ops = &ops;
  EXPECT_EQ(dma_buf_export(&info, &made), -EINVAL);
  ops = memory_ops;
  ops.map_dma_buf = nullptr;
  EXPECT_EQ(dma_buf_export(&info, &made), -EINVAL);
  ops = memory_ops;
  ops.unmap_dma_buf = nullptr;
  EXPECT_EQ(dma_buf_export(&info, &made), -EINVAL);
  info = good;
  info.size = 0;
  EXPECT_EQ(dma_buf_export(&info, &made), -EINVAL);
  info = good;
  info.exp_name = nullptr;
  EXPECT_EQ(dma_buf_export(&info, &made), -EINVAL);
  fence_fail_allocation(0);
  EXPECT_EQ(dma_buf_export(&good, &made), -ENOMEM);
  fence_fail_allocation(-1);
  EXPECT_EQ(memory.released, 0);
}

TEST_F(Buffers, HaveDescriptorsThatEachHoldAReference) {
  EXPECT_EQ(dma_buf_get(-1), nullptr);
  int one = dma_buf_fd(buffer);
  ASSERT_GE(one, 0);
  get_dma_buf(buffer);
  int two = dma_buf_fd(buffer);
  ASSERT_GE(two, 0);
  EXPECT_NE(one, two);
  dma_buf *found = dma_buf_get(two);
  EXPECT_EQ(found, buffer);
  dma_buf_put(found);
  int duplicate = dup(one);
  EXPECT_EQ(dma_buf_close(one), 0);
  found = dma_buf_get(duplicate);
  EXPECT_EQ(found, buffer) << "while one is open";
  EXPECT_EQ(dma_buf_close(two), 0); // the last reference but ours
  EXPECT_EQ(dma_buf_get(duplicate), nullptr);
  EXPECT_EQ(dma_buf_close(duplicate), -EBADF);
  close(duplicate);
  EXPECT_EQ(dma_buf_close(-1), -EBADF);
  EXPECT_EQ(memory.released, 0);
  dma_buf_put(found);
  buffer = nullptr;
}

TEST_F(Buffers, AreTheChildsAfterAForkToo) {
  int fd = dma_buf_fd(buffer);
  buffer = nullptr;
  std::fflush(nullptr);
  pid_t child = fork();
  if (child == 0) {
    alarm(60);
    dma_buf *found = dma_buf_get(fd);
    dma_buf_put(found);
    _exit(found && dma_buf_close(fd) == 0 && memory.released == 1 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(memory.released, 0);
  EXPECT_EQ(dma_buf_close(fd), 0);
}

TEST_F(Buffers, AreImportedAsObjects) {
  // A driver in C, which makes its object of the device's addresses.
  static const drm_driver driver = {
      .gem_prime_import_sg_table = [](drm_device *dev, dma_buf_attachment *from, drm_gem_object **made) {
        static bool freed;
        auto *object = static_cast<bo *>(fence_alloc(sizeof(bo), FENCE_GFP_KERNEL | FENCE_GFP_ZERO));
        if (!object)
          return -ENOMEM;
        object->base.funcs = &bo_funcs;
        object->freed = &freed;
        *made = &object->base;
        return drm_gem_object_init(dev, &object->base, from->dmabuf->size);
      }};
  drm_device device{};
  device.name = "importer";
  device.driver = &driver;
  device.dma = &bus;
  drm_dev_init(&device);
  drm_gem_object *object;
  ASSERT_EQ(drm_gem_prime_import(&device, buffer, &object), 0);
  EXPECT_EQ(object->import_attach->dmabuf, buffer);
  EXPECT_EQ(object->import_attach->sgt.nents, 1u);
  EXPECT_EQ(object->resv, buffer->resv);
  EXPECT_EQ(bus.mapping_count, 1u);
  char text[128];
  drm_gem_print_info(object, text, sizeof text);
  EXPECT_NE(std::string(text).find("imported"), std::string::npos) << text;
  void *address;
  EXPECT_EQ(drm_gem_vmap(object, &address), -EOPNOTSUPP) << "the exporter's word";
  dma_buf *back;
  ASSERT_EQ(drm_gem_prime_export(object, &back), 0);
  EXPECT_EQ(back, buffer);
  dma_buf_put(back);
  drm_gem_object_put(object);
  EXPECT_EQ(bus.mapping_count, 0u);
  drm_dev_fini(&device);
}

} // namespace
