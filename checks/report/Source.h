//===- Source.h - what a report needs from the source files ----------------===//
//
// Findings carry positions, not text: the analysis never opens a source file. Writers do, for a caret line or to count
// columns as another format wants them, and must cope with a file that has gone or changed since.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_REPORT_SOURCE_H
#define FENCELINT_REPORT_SOURCE_H

#include "checks/report/Finding.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fencelint {

/// Path without `./` inside, relative to Root when it is below; otherwise as it is.
std::string pathBelow(llvm::StringRef Path, llvm::StringRef Root);

/// The whole file; nothing when it cannot be read or is no source.
std::unique_ptr<llvm::MemoryBuffer> readSource(llvm::StringRef File);

/// Lines of source files, each file opened once.
class SourceLines {
public:
  /// The line without its end, or nothing when the file or the line does not exist.
  std::optional<llvm::StringRef> line(llvm::StringRef File, unsigned Number);
  /// The column of a position counted in UTF-16 code units instead of bytes; the byte column when the line is not to be had.
  unsigned utf16Column(const SourcePosition &At);

private:
  struct Opened {
    std::unique_ptr<llvm::MemoryBuffer> Buffer;
    std::vector<llvm::StringRef> Lines;
  };
  llvm::StringMap<Opened> Files;
};

} // namespace fencelint
#endif
