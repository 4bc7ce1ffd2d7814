//===- DataFiles.cpp - what is installed beside the program ----------------===//
#include "plugin/frontend/DataFiles.h"
#include "plugin/frontend/CommandLine.h"
#include "clang/Basic/Version.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <dlfcn.h>

namespace fencelint {
namespace {

std::string &programPath() {
  static std::string Path;
  return Path;
}

std::string dataDirectory(llvm::StringRef Installed, llvm::StringRef InSource) {
  llvm::StringRef Beside = llvm::sys::path::parent_path(programPath());
  for (int Levels = 0; Levels < 2 && !Beside.empty(); ++Levels) {
    Beside = llvm::sys::path::parent_path(Beside);
    llvm::SmallString<256> Path(Beside);
    llvm::sys::path::append(Path, "share", "fencelint", Installed);
    if (llvm::sys::fs::is_directory(Path))
      return Path.str().str();
  }
  return (llvm::Twine(FENCELINT_SOURCE_DIR "/") + InSource).str();
}

/// One Problem per line of the error: each names its own file.
void addProblems(llvm::Error E, std::vector<Problem> &Problems) {
  llvm::handleAllErrors(std::move(E), [&](const llvm::ErrorInfoBase &Info) {
    std::string Text = Info.message();
    llvm::SmallVector<llvm::StringRef, 8> Lines;
    llvm::StringRef(Text).split(Lines, '\n', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
    for (llvm::StringRef Line : Lines)
      Problems.push_back({"", Line.str()});
  });
}

ModelTable load(std::vector<std::string> Paths, llvm::ArrayRef<std::string> More, std::vector<Problem> &Problems) {
  llvm::append_range(Paths, More);
  ModelTable Table;
  for (const std::string &Path : Paths)
    if (llvm::Error E = Table.add(Path))
      addProblems(std::move(E), Problems);
  if (llvm::Error E = Table.finish())
    addProblems(std::move(E), Problems);
  return Table;
}

} // namespace

static char Anchor; // something that lies in this program or library

void setProgramPath(const char *Argv0) { programPath() = llvm::sys::fs::getMainExecutable(Argv0, &Anchor); }

void setLibraryPath() {
  Dl_info Library;
  if (!dladdr(&Anchor, &Library) || !Library.dli_fname)
    return;
  llvm::SmallString<256> Real;
  programPath() = llvm::sys::fs::real_path(Library.dli_fname, Real) ? Library.dli_fname : Real.str().str();
}

const char *version() { return FENCELINT_VERSION; }
std::string clangVersion() { return CLANG_VERSION_STRING; }

std::string shippedModels() { return dataDirectory("models", "checks/models/data"); }
std::string shippedRtModels() { return dataDirectory("models-rt", "checks/models/data-rt"); }
std::string rulePages() { return dataDirectory("rules", "docs/rules"); }

ModelTable loadModels(const Request &R, std::vector<Problem> &Problems) {
  return loadModels(!R.has(OPT_no_shipped_models), R.values(OPT_model), Problems);
}

std::optional<ModelTable> loadRtModels(const Request &R, std::vector<Problem> &Problems) {
  if (!R.has(OPT_rt))
    return std::nullopt;
  std::vector<Problem> Defects;
  ModelTable Table = load({shippedModels(), shippedRtModels()}, R.values(OPT_model), Defects);
  if (Problems.empty()) // else they have been told
    llvm::append_range(Problems, Defects);
  return Table;
}

ModelTable loadModels(bool WithShipped, llvm::ArrayRef<std::string> More, std::vector<Problem> &Problems) {
  return load(WithShipped ? std::vector{shippedModels()} : std::vector<std::string>(), More, Problems);
}

} // namespace fencelint
