//===- fence/rcu.hpp - a reader's section as a scope --------------------------------------------------------------------------===//
#ifndef FENCE_RCU_HPP
#define FENCE_RCU_HPP

#include <fence/rcu.h>

namespace fence {

/// What was reachable at its beginning stays allocated to its end. Nests. Context: any; nothing sleeps within it.
class [[nodiscard]] rcu_reader {
public:
  FENCE_NONBLOCKING FENCE_ENTERS("rcu") rcu_reader() noexcept { fence_rcu_read_lock(); }
  FENCE_NONBLOCKING FENCE_LEAVES("rcu") ~rcu_reader() { fence_rcu_read_unlock(); }
  rcu_reader(const rcu_reader &) = delete;
  rcu_reader &operator=(const rcu_reader &) = delete;
};

} // namespace fence
#endif
