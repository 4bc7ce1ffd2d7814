//===- FactsFile.h - units on disk -----------------------------------------===//
//
// A facts file is size-prefixed FlatBuffers, one per unit, one after another. Reading maps the file and verifies every
// buffer before anyone follows an offset: facts travel through object files and caches, so they are hostile input.
// A unit that does not begin at a multiple of eight bytes, as happens behind other units and in object files, is read from a copy.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_FACTS_FACTSFILE_H
#define FENCELINT_FACTS_FACTSFILE_H

#include "checks/facts/facts_generated.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <memory>
#include <vector>

namespace fencelint {

inline constexpr uint32_t FactsVersion = 3;
inline constexpr uint32_t None = 4294967295u;

class FactsFile {
public:
  /// Maps Path and verifies it: magic, version, FlatBuffers structure, and that every index is in range (so that readers need no
  /// checks of their own). The error names the file, the byte offset of the bad unit, and what to do.
  static llvm::Expected<FactsFile> open(llvm::StringRef Path);
  /// The same for bytes that are already in memory.
  static llvm::Expected<FactsFile> read(std::unique_ptr<llvm::MemoryBuffer> Buffer);
  llvm::ArrayRef<const facts::Unit *> units() const { return Units; }
  /// Of units()[I], the whole buffer: equal bytes are the same unit, seen twice.
  llvm::StringRef bytes(size_t I) const { return Bytes[I]; }
  /// As messages call it.
  llvm::StringRef name() const { return Buffers.back()->getBufferIdentifier(); }
  /// Forgets the other units. A copy of a FactsFile shares its bytes.
  void keepOnly(llvm::function_ref<bool(const facts::Unit &)> Wanted);

private:
  std::vector<std::shared_ptr<llvm::MemoryBuffer>> Buffers; ///< copies, then what was read
  std::vector<const facts::Unit *> Units;
  std::vector<llvm::StringRef> Bytes;
};

/// One unit as the bytes of a facts file.
std::unique_ptr<llvm::MemoryBuffer> packUnit(const facts::UnitT &Unit);
/// Writes beside Path and renames, so that a reader never sees half a file; a full disk is an error and leaves nothing.
llvm::Error writeUnit(const facts::UnitT &Unit, llvm::StringRef Path);

/// The content of a function with every index resolved, so that equal functions of two units have equal hashes.
uint64_t contentHash(const facts::UnitT &Unit, const facts::FunctionT &Function);

/// For people: `fencelint facts`.
void describe(const facts::Unit &Unit, llvm::raw_ostream &OS);

} // namespace fencelint
#endif
