//===- Source.cpp - lines and paths of source files ------------------------===//
//
// Approach: a file is read whole and split at the first question about it. Reports touch few files, each for several
// lines, so nothing is ever dropped. Files above 64 MiB count as unreadable: no source is that long, but a device is.
//
//===----------------------------------------------------------------------===//
#include "checks/report/Source.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <algorithm>

namespace fencelint {

std::string pathBelow(llvm::StringRef Path, llvm::StringRef Root) {
  llvm::SmallString<256> Clean(Path), CleanRoot(Root);
  llvm::sys::path::remove_dots(Clean);
  llvm::sys::path::remove_dots(CleanRoot);
  llvm::StringRef Rest = Clean;
  llvm::StringRef Prefix = llvm::StringRef(CleanRoot).rtrim('/');
  if (!Root.empty() && Rest.consume_front(Prefix) && Rest.consume_front("/") && !Rest.empty())
    return Rest.ltrim('/').str();
  return std::string(Clean);
}

std::unique_ptr<llvm::MemoryBuffer> readSource(llvm::StringRef File) {
  llvm::sys::fs::file_status Status;
  constexpr uint64_t Longest = uint64_t(64) << 20;
  if (llvm::sys::fs::status(File, Status) || Status.type() != llvm::sys::fs::file_type::regular_file ||
      Status.getSize() > Longest)
    return nullptr;
  auto Buffer = llvm::MemoryBuffer::getFile(File, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  return Buffer ? std::move(*Buffer) : nullptr;
}

std::optional<llvm::StringRef> SourceLines::line(llvm::StringRef File, unsigned Number) {
  if (File.empty() || Number == 0)
    return std::nullopt;
  auto [At, IsNew] = Files.try_emplace(File);
  Opened &F = At->second;
  if (IsNew)
    if ((F.Buffer = readSource(File)))
      for (llvm::StringRef Rest = F.Buffer->getBuffer(); !Rest.empty();) {
        auto [Line, After] = Rest.split('\n');
        F.Lines.push_back(Line.rtrim('\r'));
        Rest = After;
      }
  if (Number > F.Lines.size())
    return std::nullopt;
  return F.Lines[Number - 1];
}

unsigned SourceLines::utf16Column(const SourcePosition &At) {
  std::optional<llvm::StringRef> Line = line(At.File, At.Line);
  if (!Line || At.Column == 0 || At.Column > Line->size() + 1)
    return At.Column;
  unsigned Units = 0;
  for (unsigned char C : Line->take_front(At.Column - 1))
    Units += (C & 0xC0) == 0x80 ? 0
             : C >= 0xF0        ? 2
                                : 1; // continuation bytes count nothing, four-byte sequences are pairs
  return Units + 1;
}

} // namespace fencelint
