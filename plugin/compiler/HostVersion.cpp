//===- HostVersion.cpp - loaded by the right clang? ------------------------===//
#include "plugin/compiler/HostVersion.h"
#include "clang/Basic/Version.h"
#include "llvm/ADT/StringRef.h"
#include <cstdio>
#include <unistd.h>

namespace fencelint {

/// `22.1` of `Debian clang version 22.1.8 (...)`.
static llvm::StringRef releaseIn(llvm::StringRef Version) {
  if (size_t At = Version.find("version "); At != llvm::StringRef::npos)
    Version = Version.drop_front(At + 8);
  return Version.take_front(Version.find('.', Version.find('.') + 1));
}

const char *forThisClang(const char *Name) {
  std::string Host = clang::getClangFullVersion(); // of the library that the program has brought
  if (releaseIn(Host) == releaseIn(CLANG_VERSION_STRING))
    return Name;
  fprintf(stderr, "error: fencelint: this library is for clang %s, and was loaded by %s\n", releaseIn(CLANG_VERSION_STRING).str().c_str(), Host.c_str());
  fflush(stderr);
  _exit(1);
}

} // namespace fencelint
