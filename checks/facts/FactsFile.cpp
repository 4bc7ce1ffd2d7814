//===- FactsFile.cpp - reading and writing units ----------------------------------===//
//
// A reader believes nothing: each buffer's size, identifier, structure and version are checked in this order, so that the
// message names the real defect (a foreign file is not "corrupt", an older version is not "truncated"). A writer never
// leaves half a file under the final name.
//
//===----------------------------------------------------------------------===//
#include "checks/facts/FactsFile.h"
#include "checks/facts/Verify.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace fencelint;

/// What the widest member of the schema's structs needs.
static constexpr size_t UnitAlignment = 8;

static llvm::Error complain(llvm::StringRef File, size_t Offset, const llvm::Twine &What) {
  return llvm::createStringError(File + ": unit at byte " + llvm::Twine(Offset) + ": " + What);
}

llvm::Expected<FactsFile> FactsFile::open(llvm::StringRef Path) {
  auto Buffer = llvm::MemoryBuffer::getFile(Path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return llvm::createStringError(Path + ": cannot read facts: " + Buffer.getError().message());
  return read(std::move(*Buffer));
}

llvm::Expected<FactsFile> FactsFile::read(std::unique_ptr<llvm::MemoryBuffer> Buffer) {
  FactsFile File;
  llvm::StringRef Name = Buffer->getBufferIdentifier(), Rest = Buffer->getBuffer();
  if (Rest.empty())
    return llvm::createStringError(Name + ": empty file, expected facts; extract it again");
  while (!Rest.empty()) {
    size_t Offset = Rest.data() - Buffer->getBufferStart();
    // A linker pads sections of an archive's members with zeros.
    if (size_t Padding = Rest.find_first_not_of('\0'); Offset != 0 && Padding != 0) {
      Rest = Rest.drop_front(std::min(Padding, Rest.size()));
      continue;
    }
    if (Rest.size() < 12)
      return complain(Name, Offset, "truncated: " + llvm::Twine(Rest.size()) + " bytes are no unit; extract it again");
    if (!facts::SizePrefixedUnitBufferHasIdentifier(Rest.data()))
      return complain(Name, Offset, "not fencelint facts: identifier 'FLNT' missing; was this written by fencelint?");
    uint64_t Size = uint64_t(llvm::support::endian::read32le(Rest.data())) + 4;
    if (Size > Rest.size())
      return complain(Name, Offset,
                      "truncated: it says " + llvm::Twine(Size) + " bytes, " + llvm::Twine(Rest.size()) +
                          " are there; extract it again");
    llvm::StringRef Whole = Rest.take_front(Size);
    Rest = Rest.drop_front(Size);
    if (reinterpret_cast<uintptr_t>(Whole.data()) % UnitAlignment != 0) {
      File.Buffers.push_back(llvm::MemoryBuffer::getMemBufferCopy(Whole, Name));
      Whole = File.Buffers.back()->getBuffer();
    }
    auto *Bytes = reinterpret_cast<const uint8_t *>(Whole.data());
    flatbuffers::Verifier Verifier(Bytes, Size, /*max_depth=*/64, /*max_tables=*/100000000);
    if (!facts::VerifySizePrefixedUnitBuffer(Verifier))
      return complain(Name, Offset, "corrupt: an offset leads out of it; extract it again");
    const facts::Unit *Unit = facts::GetSizePrefixedUnit(Bytes);
    if (Unit->version() != FactsVersion)
      return complain(Name, Offset,
                      "facts of version " + llvm::Twine(Unit->version()) + ", this is fencelint for version " +
                          llvm::Twine(FactsVersion) + "; extract it again with this fencelint");
    if (std::string Defect = findDefect(*Unit); !Defect.empty())
      return complain(Name, Offset, "corrupt: " + Defect + "; extract it again");
    File.Units.push_back(Unit);
    File.Bytes.push_back(Whole);
  }
  File.Buffers.push_back(std::move(Buffer));
  return File;
}

void FactsFile::keepOnly(llvm::function_ref<bool(const facts::Unit &)> Wanted) {
  size_t Kept = 0;
  for (size_t I = 0; I < Units.size(); ++I)
    if (Wanted(*Units[I])) {
      Units[Kept] = Units[I];
      Bytes[Kept++] = Bytes[I];
    }
  Units.resize(Kept);
  Bytes.resize(Kept);
}

static flatbuffers::FlatBufferBuilder pack(const facts::UnitT &Unit) {
  flatbuffers::FlatBufferBuilder Builder(1 << 18);
  facts::FinishSizePrefixedUnitBuffer(Builder, facts::Unit::Pack(Builder, &Unit));
  return Builder;
}

std::unique_ptr<llvm::MemoryBuffer> fencelint::packUnit(const facts::UnitT &Unit) {
  flatbuffers::FlatBufferBuilder Builder = pack(Unit);
  llvm::StringRef Bytes(reinterpret_cast<const char *>(Builder.GetBufferPointer()), Builder.GetSize());
  return llvm::MemoryBuffer::getMemBufferCopy(Bytes, Unit.source);
}

llvm::Error fencelint::writeUnit(const facts::UnitT &Unit, llvm::StringRef Path) {
  flatbuffers::FlatBufferBuilder Builder = pack(Unit);
  auto Fail = [&](const llvm::Twine &What) { return llvm::createStringError(Path + ": cannot write facts: " + What); };
  llvm::SmallString<256> Temporary;
  int Descriptor = -1;
  if (std::error_code Code = llvm::sys::fs::createUniqueFile(Path + ".%%%%%%%%", Descriptor, Temporary))
    return Fail(Code.message());
  std::error_code Code;
  {
    llvm::raw_fd_ostream OS(Descriptor, /*shouldClose=*/true);
    OS.write(reinterpret_cast<const char *>(Builder.GetBufferPointer()), Builder.GetSize());
    OS.close();
    Code = OS.error();
    OS.clear_error();
  }
  if (!Code)
    Code = llvm::sys::fs::rename(Temporary, Path);
  if (Code) {
    llvm::sys::fs::remove(Temporary);
    return Fail(Code.message());
  }
  return llvm::Error::success();
}
