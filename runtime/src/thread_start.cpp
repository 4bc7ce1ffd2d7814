//===- runtime/src/thread_start.cpp - starting a thread of the runtime ---------------------------------------------------------===//
#include "thread_start.h"

#include <csignal>
#include <cstring>

namespace fence {

bool start_thread(pthread_t *thread, void *(*body)(void *), void *data, bool detached) noexcept {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  if (detached)
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  bool started = pthread_create(thread, &attributes, body, data) == 0;
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return started;
}

void name_this_thread(const char *name) noexcept {
  char first[16];
  std::strncpy(first, name, sizeof first - 1);
  first[sizeof first - 1] = 0;
  pthread_setname_np(pthread_self(), first);
}

} // namespace fence
