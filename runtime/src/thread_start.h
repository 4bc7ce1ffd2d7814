//===- runtime/src/thread_start.h - starting a thread of the runtime -----------------------------------------------------------===//
#ifndef FENCE_SRC_THREAD_START_H
#define FENCE_SRC_THREAD_START_H

#include <pthread.h>

namespace fence {

/// Signals of the process are left to its own threads: the new one blocks them all. False: the system has no thread for us.
bool start_thread(pthread_t *thread, void *(*body)(void *), void *data, bool detached) noexcept;
/// At most 15 bytes of it.
void name_this_thread(const char *name) noexcept;

} // namespace fence
#endif
