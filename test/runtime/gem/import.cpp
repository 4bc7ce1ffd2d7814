// Buffers of other devices: an object is made over the exporter's memory, mapped as long as it lives, and found again.
#include "paged.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <thread>

namespace {

struct importer {};
/// What the second device makes of others' buffers.
class imported : public fence::gem_object<imported> {
public:
  using driver = importer;
  imported(fence::gem_passkey key, ::dma_buf_attachment *from) noexcept : gem_object(key), from(from) {}
  ~imported() { events().push_back(from->dir == DMA_NONE ? "unmapped too early" : "imported freed"); }
  static fence::result<fence::unique_object_ref<imported>> import(fence::gem_device &device,
                                                                  ::dma_buf_attachment &from) noexcept {
    if (refuses)
      return fence::error(refuses);
    return create(device, from.dmabuf->size, &from);
  }
  dma_addr_t address() const noexcept { return sg_dma_address(from->sgt.sgl); }

  static inline int refuses = 0;
  ::dma_buf_attachment *from;
};

class Import : public testing::Test {
protected:
  void SetUp() override {
    events().clear();
    imported::refuses = 0;
    second.import_as<imported>(bus);
    object = (*paged::create(first, 2 * FENCE_PAGE_SIZE)).share();
    fd = *fence::prime::export_object(object);
  }
  void TearDown() override {
    if (fd >= 0) {
      EXPECT_TRUE(fence::prime::close(fd));
    }
    object.reset();
    EXPECT_EQ(bus->mapping_count(), 0u);
    EXPECT_EQ(first.object_count() + second.object_count(), 0u);
  }
  paged &exporter() const { return const_cast<paged &>(*object); }
  fence::aref<fence::dma_device> bus = *fence::dma_device::make("second");
  fence::gem_device first{"first"}, second{"second"};
  fence::object_ref<paged> object;
  int fd = -1;
};

TEST_F(Import, SeesTheExportersMemory) {
  auto other = fence::prime::import_object<imported>(second, fd);
  ASSERT_TRUE(other) << other.error().code();
  EXPECT_TRUE((*other)->is_imported());
  EXPECT_FALSE(object->is_imported());
  EXPECT_EQ((*other)->size(), object->size());
  EXPECT_EQ(&(*other)->device(), &second);
  EXPECT_EQ(&(*other)->resv(), &object->resv()) << "one reservation for both";
  EXPECT_EQ(exporter().pins, 1);
  EXPECT_EQ(exporter().tables, 1);
  EXPECT_EQ(exporter().locked, 2) << "pinned and mapped under the reservation";
  exporter().memory()[100] = 'a';
  std::byte seen[1];
  ASSERT_TRUE(bus->read((*other)->address() + 100, seen));
  EXPECT_EQ(seen[0], std::byte{'a'});
  auto view = fence::gem_vmap::make(*other);
  ASSERT_TRUE(view);
  EXPECT_EQ(static_cast<void *>(view->bytes().data()), exporter().memory());
}

TEST_F(Import, EndsWithTheObject) {
  {
    auto other = *fence::prime::import_object<imported>(second, fd);
    EXPECT_TRUE(fence::prime::close(std::exchange(fd, -1)));
    object.reset();
    EXPECT_EQ(first.object_count(), 1u) << "the import keeps what it sees";
    EXPECT_EQ(bus->mapping_count(), 1u);
  }
  EXPECT_EQ(events().list(), std::vector<std::string>{"imported freed"});
  EXPECT_EQ(bus->mapping_count(), 0u);
  EXPECT_EQ(first.object_count(), 0u);
}

TEST_F(Import, FindsItsOwnObjects) {
  EXPECT_EQ(*fence::prime::import_object<paged>(first, fd), object);
  EXPECT_EQ(exporter().pins, 0);
  EXPECT_EQ(bus->mapping_count(), 0u);
}

TEST_F(Import, IsMadeOnce) {
  auto one = *fence::prime::import_object<imported>(second, fd),
       two = *fence::prime::import_object<imported>(second, fd);
  EXPECT_EQ(one, two);
  EXPECT_EQ(exporter().tables, 1);
  int again = *fence::prime::export_object(one);
  EXPECT_EQ(*fence::prime::import_object<paged>(first, again), object) << "exported further it is what it was";
  EXPECT_TRUE(fence::prime::close(again));
  one.reset();
  two.reset();
  EXPECT_EQ(second.object_count(), 0u);
  EXPECT_TRUE(fence::prime::import_object<imported>(second, fd));
  EXPECT_EQ(exporter().tables, 2) << "and once more when it has gone";
}

TEST_F(Import, IsAHandleOfTheFile) {
  ::drm_file *file, *other;
  fence::drm_file a, b;
  file = a.raw(), other = b.raw();
  uint32_t handle, same, back;
  ASSERT_EQ(drm_gem_prime_fd_to_handle(second.raw(), file, fd, &handle), 0);
  ASSERT_EQ(drm_gem_prime_fd_to_handle(second.raw(), file, fd, &same), 0);
  EXPECT_EQ(handle, same);
  int further;
  ASSERT_EQ(drm_gem_prime_handle_to_fd(file, handle, &further), 0);
  ASSERT_EQ(drm_gem_prime_fd_to_handle(first.raw(), other, further, &back), 0);
  EXPECT_EQ(*b.lookup<paged>(back), object);
  EXPECT_EQ(dma_buf_close(further), 0);
  EXPECT_EQ(drm_gem_prime_handle_to_fd(file, handle + 1, &further), -ENOENT);
  EXPECT_EQ(drm_gem_prime_fd_to_handle(second.raw(), file, -1, &handle), -EBADF);
}

TEST_F(Import, ThatFailsLeavesNothing) {
  auto attempt = [&] { return fence::prime::import_object<imported>(second, fd).error().code(); };
  imported::refuses = EPERM;
  EXPECT_EQ(attempt(), EPERM);
  imported::refuses = 0;
  exporter().refuses = EIO;
  EXPECT_EQ(attempt(), EIO);
  exporter().refuses = 0;
  EXPECT_EQ(exporter().pins - exporter().unpins, 1) << "one was refused, one undone";
  EXPECT_EQ(bus->mapping_count(), 0u);
  fence_fail_allocation(-1);
  EXPECT_EQ(attempt(), 0);
  long sites = fence_fail_allocation(-1);
  EXPECT_GE(sites, 4) << "attachment, table, mapping, object";
  for (long site = 0; site < sites; ++site) {
    fence_fail_allocation(site);
    EXPECT_EQ(attempt(), ENOMEM) << site;
    fence_fail_allocation(-1);
    EXPECT_EQ(bus->mapping_count(), 0u);
    EXPECT_EQ(second.object_count(), 0u);
    EXPECT_EQ(object->references(), 2u);
  }
}

TEST_F(Import, NeedsAnExporterThatGivesTables) {
  auto plain = (*other_buffer::create(first, FENCE_PAGE_SIZE)).share();
  int of_plain = *fence::prime::export_object(plain);
  EXPECT_EQ(fence::prime::import_object<imported>(second, of_plain).error().code(), EOPNOTSUPP);
  EXPECT_TRUE(fence::prime::close(of_plain));
  EXPECT_EQ(fence::prime::import_object<paged>(second, fd).error().code(), EINVAL) << "it imports as another type";
}

TEST_F(Import, WithoutDescriptorsLeftIsSaid) {
  auto other = (*paged::create(first, FENCE_PAGE_SIZE)).share();
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit none = {1, before.rlim_max};
  ASSERT_NE(fcntl(0, F_GETFD), -1) << "the only number that would be left";
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  int of_new = fence::prime::export_object(other).error().code(),
      again = fence::prime::export_object(object).error().code();
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(of_new, EMFILE);
  EXPECT_EQ(again, EMFILE);
  EXPECT_EQ(other->references(), 1u);
  EXPECT_EQ(object->references(), 2u);
}

TEST_F(Import, ByManyThreadsIsOne) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        auto mine = fence::prime::import_object<imported>(second, fd);
        ASSERT_TRUE(mine);
        auto same = fence::prime::import_object<imported>(second, fd);
        EXPECT_EQ(*mine, *same);
        int further = *fence::prime::export_object(object);
        EXPECT_TRUE(fence::prime::close(further));
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(exporter().pins, exporter().unpins);
}

} // namespace
