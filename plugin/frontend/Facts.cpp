//===- Facts.cpp - fencelint facts -----------------------------------------===//
//
// What holds facts (a facts file, an object, an archive) is printed as such; anything else is a source file and is parsed first, in a worker, so that
// a crash of clang is a message here too.
//
//===----------------------------------------------------------------------===//
#include "checks/facts/FactsInput.h"
#include "plugin/frontend/CommandLine.h"
#include "plugin/frontend/Commands.h"
#include "plugin/frontend/ExtractUnits.h"
#include "plugin/frontend/Interrupt.h"
#include "plugin/frontend/Output.h"
#include "plugin/frontend/ParseUnit.h"
#include "plugin/frontend/SelectUnits.h"
#include "llvm/Support/FileSystem.h"

namespace fencelint {
namespace {

using llvm::StringRef;

/// Prints every unit, or appends its bytes to Copy.
void show(const std::string &Path, llvm::raw_ostream *Copy, std::vector<Problem> &Problems) {
  FactsInput Input = readFacts(Path);
  for (const FactsDefect &D : Input.Defects)
    Problems.push_back({D.File, D.Message});
  if (Input.Files.empty() && Input.Defects.empty())
    Problems.push_back({Path, "no facts in it; what is compiled with the plugin has them"});
  for (const FactsFile &File : Input.Files)
    for (size_t I = 0; I < File.units().size(); ++I) {
      if (Copy)
        *Copy << File.bytes(I);
      else
        describe(*File.units()[I], llvm::outs());
    }
}

/// Saved facts and freshly made ones, in the order they were named. Problems of single files are printed, and false is returned.
llvm::Expected<bool> showAll(const Request &R, llvm::raw_ostream *Copy) {
  std::vector<std::string> Sources, Saved;
  for (const std::string &Path : R.Operands)
    (mayHoldFacts(Path) ? Saved : Sources).push_back(Path);
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
    show(Path, Copy, Problems);
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
