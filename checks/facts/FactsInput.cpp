//===- FactsInput.cpp - paths become facts --------------------------------------===//
//
// What a file is, its first bytes say; its name counts only below a directory, where most files have nothing to do with us.
//
//===----------------------------------------------------------------------===//
#include "checks/facts/FactsInput.h"
#include "checks/facts/ObjectFacts.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace fencelint;
using llvm::StringRef;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

static std::string lower(std::error_code EC) { return StringRef(EC.message()).lower(); }

static bool startsLikeFacts(StringRef Bytes) { return Bytes.substr(8, 4) == facts::UnitIdentifier(); }

static bool isNamedLikeFacts(StringRef Path) { return path::extension(Path) == ".facts"; }

/// An object, an archive, bitcode: what ObjectFacts looks into.
static bool startsLikeObject(StringRef Bytes) {
  switch (llvm::identify_magic(Bytes)) {
  case llvm::file_magic::unknown:
  case llvm::file_magic::pdb:
  case llvm::file_magic::windows_resource:
  case llvm::file_magic::tapi_file:
    return false;
  default:
    return true;
  }
}

static bool isNamedLikeObject(StringRef Path) {
  return llvm::is_contained({".o", ".a", ".ko", ".so"}, path::extension(Path));
}

static void readFile(StringRef Path, FactsInput &Into) {
  auto Bytes = llvm::MemoryBuffer::getFile(Path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!Bytes) {
    Into.Defects.push_back({Path.str(), "cannot read: " + lower(Bytes.getError())});
    return;
  }
  StringRef Content = (*Bytes)->getBuffer();
  if (!startsLikeFacts(Content) && startsLikeObject(Content))
    return readObject(std::move(*Bytes), Into);
  if (!startsLikeFacts(Content) && !isNamedLikeFacts(Path)) {
    Into.Defects.push_back({Path.str(), Content.empty() ? "empty file, expected facts, an object or an archive; build it again"
                                                        : "neither facts nor an object, an archive or a directory of them"});
    return;
  }
  llvm::Expected<FactsFile> File = FactsFile::read(std::move(*Bytes));
  if (File) {
    Into.Files.push_back(std::move(*File));
    return;
  }
  std::string Text = llvm::toString(File.takeError());
  StringRef Message = Text;
  Message.consume_front((Path + ": ").str());
  Into.Defects.push_back({Path.str(), Message.str()});
}

/// Links to directories are not followed: they may lead back here.
static void readDirectory(StringRef Path, FactsInput &Into) {
  std::vector<std::string> Found;
  std::error_code EC;
  for (fs::recursive_directory_iterator I(Path, EC, /*follow_symlinks=*/false), End; I != End; I.increment(EC)) {
    if (EC) {
      Into.Defects.push_back({I->path(), "cannot read this directory: " + lower(EC)});
      EC.clear();
    } else if ((isNamedLikeFacts(I->path()) || isNamedLikeObject(I->path())) && !fs::is_directory(I->path())) {
      Found.push_back(I->path());
    }
  }
  if (EC)
    Into.Defects.push_back({Path.str(), "cannot read this directory: " + lower(EC)});
  else if (Found.empty())
    Into.Defects.push_back({Path.str(), "no *.facts, *.o, *.a, *.ko or *.so below this directory"});
  llvm::sort(Found);
  for (const std::string &File : Found)
    readFile(File, Into);
}

FactsInput fencelint::readFacts(llvm::ArrayRef<std::string> Paths) {
  FactsInput Into;
  for (const std::string &Path : Paths) {
    if (fs::is_directory(Path))
      readDirectory(Path, Into);
    else
      readFile(Path, Into);
  }
  return Into;
}

bool fencelint::mayHoldFacts(StringRef Path) {
  if (isNamedLikeFacts(Path))
    return true;
  auto Head = llvm::MemoryBuffer::getFileSlice(Path, /*MapSize=*/64, /*Offset=*/0);
  return Head && (startsLikeFacts((*Head)->getBuffer()) || startsLikeObject((*Head)->getBuffer()));
}

void fencelint::dropOtherTools(FactsInput &Input, StringRef Tool) {
  for (FactsFile &File : Input.Files) {
    std::string Other;
    File.keepOnly([&](const facts::Unit &U) {
      StringRef Wrote = StringRef(U.tool()->string_view()).split(" (").first;
      if (Wrote == Tool)
        return true;
      if (Other.empty())
        Other = "facts of " + U.source()->str() + " were written by '" + Wrote.str() + "', this is '" + Tool.str() +
                "'; build it again with this version";
      return false;
    });
    if (!Other.empty())
      Input.Defects.push_back({File.name().str(), Other});
  }
}
