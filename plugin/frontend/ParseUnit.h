//===- ParseUnit.h - one command, run in this process, becomes facts -------===//
//
// Clang is run as `clang -fsyntax-only -w` would run it, by one driver look-up and one parse; nothing of the command that
// writes files, loads plugins or changes the diagnostics survives. An option that only other compilers know is dropped
// when clang says so, never by a list of names.
//
// Costs: parsing is all of it. The spelling checker is off, since it only improves messages.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_FRONTEND_PARSEUNIT_H
#define FENCELINT_FRONTEND_PARSEUNIT_H

#include "checks/facts/facts_generated.h"
#include "plugin/frontend/CompileCommands.h"
#include "llvm/ADT/IntrusiveRefCntPtr.h"
#include "llvm/Support/Error.h"
#include "clang/Basic/FileManager.h"

namespace fencelint {

class UnitParser {
public:
  explicit UnitParser(std::string ResourceDirectory) : ResourceDirectory(std::move(ResourceDirectory)) {}

  /// Changes the working directory to the command's. The error's first line is the first thing clang could not do, further lines
  /// are more of them and what may help. Notes gets a line per option that was dropped.
  llvm::Error parse(const CompileCommand &C, facts::UnitT &Out, std::string &Notes);

private:
  std::string ResourceDirectory;
  /// What the file system answered, kept while the working directory stays the same: most units ask for the same headers.
  llvm::IntrusiveRefCntPtr<clang::FileManager> Files;
  std::string FilesDirectory;
};

/// The clang 22 headers: --resource-dir, FENCELINT_RESOURCE_DIR, or those found when fencelint was built.
llvm::Expected<std::string> resourceDirectory(llvm::StringRef Given);

} // namespace fencelint
#endif
