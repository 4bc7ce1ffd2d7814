//===- FactsFuzzer.cpp - hostile facts -------------------------------------===//
//
// Facts come out of caches and object files of strangers, and readers follow them without looking once they are verified. So whatever passes
// verification is printed, linked, solved and judged here, as the program would do it; nothing of that may read where it should not.
//
// Bytes changed at random are rarely a unit, so most changes get their size and identifier put right again.
//
//===----------------------------------------------------------------------===//
#include "checks/Pipeline.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/raw_ostream.h"
#include <cstring>

using namespace fencelint;

extern "C" size_t LLVMFuzzerMutate(uint8_t *Data, size_t Size, size_t MaxSize);

static const ModelTable &models() {
  static const ModelTable *Table = [] {
    auto *New = new ModelTable;
    if (llvm::Error E = llvm::joinErrors(New->add(FENCELINT_SOURCE_DIR "/checks/models/data"), New->finish()))
      llvm::report_fatal_error(std::move(E));
    return New;
  }();
  return *Table;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *Data, size_t Size, size_t MaxSize, unsigned Seed) {
  Size = LLVMFuzzerMutate(Data, Size, MaxSize);
  if (Size >= 12 && Seed % 8 != 0) {
    llvm::support::endian::write32le(Data, Size - 4);
    std::memcpy(Data + 8, facts::UnitIdentifier(), 4);
  }
  return Size;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  llvm::StringRef Bytes(reinterpret_cast<const char *>(Data), Size);
  llvm::Expected<FactsFile> File = FactsFile::read(llvm::MemoryBuffer::getMemBufferCopy(Bytes, "input"));
  if (!File) {
    llvm::consumeError(File.takeError());
    return 0;
  }
  for (const facts::Unit *Unit : File->units())
    describe(*Unit, llvm::nulls());
  std::vector<FactsFile> Files;
  Files.push_back(std::move(*File));
  PipelineOptions Options;
  Options.AtLeast = Confidence::Low;
  checkUnits(std::move(Files), models(), Options);
  return 0;
}
