//===- HostVersion.h - loaded by the right clang? --------------------------===//
#ifndef FENCELINT_COMPILER_HOSTVERSION_H
#define FENCELINT_COMPILER_HOSTVERSION_H

namespace fencelint {

/// Name, when the clang that has loaded this library is of the release it was built for. Otherwise says so and ends the process: clang's
/// interfaces have no versions, so the next thing to happen would be a crash.
const char *forThisClang(const char *Name);

} // namespace fencelint
#endif
