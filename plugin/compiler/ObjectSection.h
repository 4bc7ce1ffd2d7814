//===- ObjectSection.h - a unit's facts ride inside its object -------------===//
//
// Build engines already know how to make, cache, ship and throw away objects; so facts go there. The section is `.fencelint`: the bytes of
// a facts file, which stay a facts file when a linker puts several one after another (`ld -r`). It is marked SHF_EXCLUDE: the
// linker leaves it out of what is shipped. No code refers to it, and none changes because of it.
//
// ELF only. With -flto the section is in the bitcode and appears when the linker compiles that (docs/plugin.md).
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_COMPILER_OBJECTSECTION_H
#define FENCELINT_COMPILER_OBJECTSECTION_H

#include "llvm/Support/MemoryBuffer.h"
#include <memory>

namespace clang {
class CompilerInstance;
} // namespace clang

namespace fencelint {

/// What is put here before code generation begins goes into the object; the compiler keeps the other end.
struct SectionContent {
  std::string Bytes;
};

/// Asks the code generation that CI may do later to write the content, if there is any by then.
std::shared_ptr<SectionContent> addFactsSection(clang::CompilerInstance &CI);

} // namespace fencelint
#endif
