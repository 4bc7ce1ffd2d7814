// A copy engine with a ring of jobs. Two mistakes are in it, and neither is visible in the function that makes it:
// `retire` gives up buffers under a spinlock, and the fence callback allocates. driver_fixed.cpp is the same without them.
#include "buffer.h"
#include "fence.h"
#include "trace.h"
#include <array>
#include <mutex>

namespace gpu::copy_engine {

struct job {
  buffer_handle Source, Target;
};

class copy_ring {
public:
  bool submit(job New) {
    std::lock_guard Guard(Lock);
    if (Submitted - Retired == Jobs.size())
      return false;
    Jobs[Submitted++ % Jobs.size()] = std::move(New);
    return true;
  }

  /// Forgets what the device has finished.
  void retire(unsigned Finished) {
    std::lock_guard Guard(Lock);
    while (Retired < Finished)
      forget_oldest();
  }

private:
  // `Done` ends here, and with it perhaps the last reference to its buffers.
  void forget_oldest() { job Done = std::move(Jobs[Retired++ % Jobs.size()]); }

  spin_lock Lock;
  std::array<job, 64> Jobs;
  unsigned Submitted = 0, Retired = 0;
};

class job_done final : public fence_callback {
public:
  explicit job_done(trace &Log) : Log(Log) {}
  void called(int Error) noexcept override { note(Error); }

private:
  void note(int Error) noexcept { Log.record(Error); }
  trace &Log;
};

void run_copy(fence &Done, trace &Log, std::size_t Bytes) {
  static copy_ring Ring;
  static job_done Callback(Log);
  Done.set_callback(Callback);
  if (Ring.submit({buffer_handle(buffer::create(Bytes)), buffer_handle(buffer::create(Bytes))}))
    Ring.retire(1);
}

} // namespace gpu::copy_engine
