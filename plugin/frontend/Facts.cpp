//===- Facts.cpp - fencelint facts -----------------------------------------===//
//
// A file that begins like saved facts is printed as such; anything else is a source file and is parsed first, in a worker, so that
// a crash of clang is a message here too.
//
//===----------------------------------------------------------------------===//
#include "checks/facts/FactsFile.h"
#include "plugin/frontend/CommandLine.h"
#include "plugin/frontend/Commands.h"
#include "plugin/frontend/ExtractUnits.h"
#include "plugin/frontend/Interrupt.h"
#include "plugin/frontend/Output.h"
#include "plugin/frontend/ParseUnit.h"
#include "plugin/frontend/SelectUnits.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace fencelint {
namespace {

using llvm::StringRef;

/// Says so by its name, or by the identifier behind the size and the root offset.
bool looksLikeFacts(StringRef Path) {
  if (llvm::sys::path::extension(Path) == ".facts")
    return true;
  auto Head = llvm::MemoryBuffer::getFileSlice(Path, 12, 0);
  return Head && (*Head)->getBuffer().substr(8, 4) == facts::UnitIdentifier();
}

/// Prints every unit, or appends the file's bytes to Copy.
llvm::Error show(StringRef Path, llvm::raw_ostream *Copy) {
  llvm::Expected<FactsFile> File = FactsFile::open(Path);
  if (!File)
    return File.takeError();
  if (Copy) {
    auto Bytes = llvm::MemoryBuffer::getFile(Path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
    if (!Bytes)
      return inputError(Path + ": cannot read: " + StringRef(Bytes.getError().message()).lower());
    *Copy << (*Bytes)->getBuffer();
    return llvm::Error::success();
  }
  for (const facts::Unit *Unit : File->units())
    describe(*Unit, llvm::outs());
  return llvm::Error::success();
}

/// Saved facts and freshly made ones, in the order they were named. Problems of single files are printed, and false is returned.
llvm::Expected<bool> showAll(const Request &R, llvm::raw_ostream *Copy) {
  std::vector<std::string> Sources, Saved;
  for (const std::string &Path : R.Operands)
    (looksLikeFacts(Path) ? Saved : Sources).push_back(Path);
  std::vector<Problem> Problems;
  llvm::Expected<TemporaryDirectory> Temporary = TemporaryDirectory::create();
  if (!Temporary)
    return Temporary.takeError();
  if (!Sources.empty()) {
    llvm::Expected<std::string> Resources = resourceDirectory(R.value(OPT_resource_dir));
    if (!Resources)
      return Resources.takeError();
    llvm::Expected<std::vector<CompileCommand>> Units = requestedUnits(R, Sources, Problems);
    if (!Units)
      return Units.takeError();
    Progress Silent(Progress::Silent, Units->size(), "");
    ExtractResult Extracted = extractUnits(*Units, {1, Temporary->path(), *Resources}, Silent);
    llvm::append_range(Problems, Extracted.Problems);
    if (Extracted.Interrupted)
      return inputError("interrupted");
    Saved.insert(Saved.end(), Extracted.FactsFiles.begin(), Extracted.FactsFiles.end());
  }
  for (const std::string &Path : Saved)
    if (llvm::Error E = show(Path, Copy))
      Problems.push_back({"", llvm::toString(std::move(E))}); // names the file
  printProblems(Problems, 0);
  return Problems.empty();
}

} // namespace

int runFacts(const Request &R) {
  interrupt::install();
  if (R.Operands.empty())
    return reportError(inputError("name a source file or a facts file; see 'fencelint help facts'"));
  std::string Path = R.value(OPT_output_facts).str();
  std::error_code EC;
  std::unique_ptr<llvm::raw_fd_ostream> Copy;
  if (!Path.empty()) {
    Copy = std::make_unique<llvm::raw_fd_ostream>(Path, EC, llvm::sys::fs::OF_None);
    if (EC)
      return reportError(inputError("cannot write " + Path + ": " + StringRef(EC.message()).lower()));
  }
  llvm::Expected<bool> Good = showAll(R, Copy.get());
  llvm::raw_fd_ostream &Written = Copy ? *Copy : llvm::outs();
  Written.flush();
  EC = Written.error();
  Written.clear_error();
  if (EC && Copy && llvm::sys::fs::is_regular_file(Path))
    llvm::sys::fs::remove(Path);
  if (!Good)
    return reportError(Good.takeError());
  if (EC)
    return reportError(inputError("cannot write " + (Path.empty() ? "standard output" : Path) + ": " + StringRef(EC.message()).lower()));
  return *Good ? 0 : 2;
}

} // namespace fencelint
