//===- ClangDiagnostics.cpp - a finding becomes a warning and its notes ----===//
#include "plugin/compiler/ClangDiagnostics.h"
#include "checks/report/Notes.h"
#include "clang/Basic/FileManager.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Path.h"

namespace fencelint {

FindingLocations::FindingLocations(clang::SourceManager &Sources)
    : Sources(Sources), MainName(Sources.getBufferName(Sources.getLocForStartOfFile(Sources.getMainFileID()))) {
  for (auto It = Sources.fileinfo_begin(), End = Sources.fileinfo_end(); It != End; ++It) {
    llvm::SmallString<256> Path(It->first.getName());
    Sources.getFileManager().makeAbsolutePath(Path);
    llvm::sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
    Read.try_emplace(Path, It->first);
  }
}

/// Looking for a file among all that was read takes clang longer than parsing some: only what is asked for is looked for.
clang::FileID FindingLocations::fileOf(const std::string &Path) {
  auto [It, New] = Found.try_emplace(Path);
  if (!New || Path.empty())
    return It->second;
  if (auto Known = Read.find(Path); Known != Read.end())
    It->second = Sources.translateFile(Known->second);
  else if (Path == MainName)
    It->second = Sources.getMainFileID();
  else if (clang::OptionalFileEntryRef File = Sources.getFileManager().getOptionalFileRef(Path))
    It->second = Sources.getOrCreateFileID(*File, clang::SrcMgr::C_User);
  return It->second;
}

clang::SourceLocation FindingLocations::locate(const SourcePosition &At) {
  clang::FileID File = fileOf(At.File);
  if (File.isInvalid())
    return {};
  return Sources.translateLineCol(File, std::max(At.Line, 1u), std::max(At.Column, 1u));
}

clang::SourceLocation FindingLocations::startOfUnit() const { return Sources.getLocForStartOfFile(Sources.getMainFileID()); }

/// Prints at At, or at Else with At in words.
static clang::SourceLocation print(const SourcePosition &At, const std::string &Text, clang::SourceLocation Else, FindingLocations &Where,
                                   PrintDiagnostic Print) {
  if (clang::SourceLocation Here = Where.locate(At); Here.isValid()) {
    Print(Here, Text);
    return Here;
  }
  std::string Place = At.File;
  for (unsigned Number : {At.Line, At.Column})
    if (Number)
      Place += ":" + std::to_string(Number);
  Print(Else, (Place.empty() ? "" : Place + ": ") + Text);
  return Else;
}

void printFinding(const Finding &F, FindingLocations &Where, PrintDiagnostic Warning, PrintDiagnostic Note) {
  clang::SourceLocation At = print(F.At, F.Message, Where.startOfUnit(), Where, Warning);
  for (const fencelint::Note &N : notesOf(F))
    print(N.At, N.Message, At, Where, Note);
}

void printProblem(const Problem &P, FindingLocations &Where, PrintDiagnostic Warning, PrintDiagnostic Note) {
  llvm::SmallVector<llvm::StringRef, 4> Lines;
  llvm::StringRef(P.Message).trim('\n').split(Lines, '\n');
  SourcePosition At{P.File, P.Line, 0};
  clang::SourceLocation Here = print(At, Lines.front().str(), Where.startOfUnit(), Where, Warning);
  for (llvm::StringRef Line : llvm::drop_begin(Lines))
    Note(Here, Line.ltrim().str());
}

} // namespace fencelint
