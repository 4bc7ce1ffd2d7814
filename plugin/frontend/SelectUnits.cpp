//===- SelectUnits.cpp - what the user named, as commands ------------------===//
//
// Names are compared as text first, then by the file they lead to, so that a tree reached through a symbolic link is the
// same tree. Near matches: the same base name elsewhere, then the most similar path.
//
//===----------------------------------------------------------------------===//
#include "plugin/frontend/SelectUnits.h"
#include "plugin/frontend/CommandLine.h"
#include "clang/Driver/Types.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace fencelint {
namespace {

using llvm::StringRef;
namespace path = llvm::sys::path;
namespace fs = llvm::sys::fs;

bool isBelow(StringRef File, StringRef Directory) {
  return Directory == "/" || (File.consume_front(Directory) && File.starts_with("/"));
}

std::string realPath(StringRef Path) {
  llvm::SmallString<256> Result;
  return fs::real_path(Path, Result) ? std::string() : Result.str().str();
}

/// Marks what Path selects; true when that is anything.
bool mark(const std::vector<CompileCommand> &Commands, StringRef Path, llvm::BitVector &Selected) {
  bool Any = false;
  for (size_t I = 0; I < Commands.size(); ++I)
    if (Commands[I].File == Path || isBelow(Commands[I].File, Path)) {
      Selected.set(I);
      Any = true;
    }
  return Any;
}

std::vector<std::string> nearMatches(const std::vector<CompileCommand> &Commands, StringRef Path) {
  std::vector<std::pair<unsigned, StringRef>> Near;
  for (const CompileCommand &C : Commands) {
    unsigned Limit = std::max<unsigned>(2, path::filename(Path).size() / 3);
    if (path::filename(C.File) == path::filename(Path))
      Near.push_back({0, C.File});
    else if (unsigned D = path::filename(C.File).edit_distance(path::filename(Path), true, Limit); D <= Limit)
      Near.push_back({D, C.File});
  }
  llvm::sort(Near);
  Near.erase(llvm::unique(Near), Near.end());
  std::vector<std::string> Names;
  std::string Here = normalPath(".");
  for (auto &[Distance, File] : llvm::ArrayRef(Near).take_front(3))
    Names.push_back((isBelow(File, Here) ? File.drop_front(Here.size() + 1) : File).str());
  return Names;
}

std::string explainMiss(const CompileDatabase &Database, StringRef Given, StringRef Path) {
  if (fs::is_directory(Path))
    return (Given + ": no unit of " + Database.Path + " is below this directory").str();
  std::string Message = (Given + ": not in " + Database.Path).str();
  clang::driver::types::ID Type = path::extension(Path).empty() ? clang::driver::types::TY_INVALID
                                    : clang::driver::types::lookupTypeForExtension(path::extension(Path).drop_front());
  if (Type != clang::driver::types::TY_INVALID && clang::driver::types::onlyPrecompileType(Type))
    Message += "\na header is analysed with the files that include it; name one of those";
  else if (std::vector<std::string> Near = nearMatches(Database.Commands, Path); !Near.empty()) {
    for (const std::string &Name : Near)
      Message += "\ndid you mean " + Name + "?";
  } else if (!fs::exists(Path))
    Message += "\nthere is no such file either";
  else
    Message += "\nis it built at all in this configuration? its command can also be given: fencelint check FILE -- CLANG-ARGUMENTS";
  return Message;
}

} // namespace

std::vector<CompileCommand> selectUnits(const CompileDatabase &Database, const std::vector<std::string> &Paths,
                                        std::vector<Problem> &Problems) {
  if (Paths.empty())
    return Database.Commands;
  llvm::BitVector Selected(Database.Commands.size());
  std::vector<CompileCommand> Resolved; // by the files that the names lead to; made only when a name alone selects nothing
  for (const std::string &Given : Paths) {
    std::string Path = normalPath(Given);
    if (mark(Database.Commands, Path, Selected))
      continue;
    if (Resolved.empty())
      for (const CompileCommand &C : Database.Commands)
        Resolved.emplace_back().File = realPath(C.File);
    std::string Real = realPath(Path);
    if (Real.empty() || !mark(Resolved, Real, Selected))
      Problems.push_back({"", explainMiss(Database, Given, Path)});
  }
  std::vector<CompileCommand> Commands;
  for (unsigned I : Selected.set_bits())
    Commands.push_back(Database.Commands[I]);
  return Commands;
}

llvm::Expected<std::vector<CompileCommand>> requestedUnits(const Request &R, const std::vector<std::string> &Paths,
                                                           std::vector<Problem> &Problems) {
  std::vector<CompileCommand> Commands;
  if (R.ClangArguments) {
    if (R.has(OPT_build))
      return inputError("-p and '--' both say how to compile; give one of them");
    std::vector<std::string> Arguments = *R.ClangArguments, Files = Paths;
    if (Files.empty())
      Files = takeInputs(Arguments);
    if (Files.empty())
      return inputError("no file given, neither before '--' nor behind it");
    for (const std::string &P : Files)
      if (fs::is_directory(P))
        return inputError(llvm::Twine(P) + " is a directory; after '--' stands one command for files that are named one by one");
    Commands = commandsFor(Files, Arguments);
  } else {
    std::string Path = R.value(OPT_build).str();
    if (Path.empty()) {
      llvm::Expected<std::string> Found = findDatabase(Paths.empty() ? "" : Paths.front());
      if (!Found)
        return Found.takeError();
      Path = *Found;
    }
    llvm::Expected<CompileDatabase> Database = loadDatabase(Path);
    if (!Database)
      return Database.takeError();
    llvm::append_range(Problems, Database->Problems);
    Commands = selectUnits(*Database, Paths, Problems);
  }
  for (const std::string &Extra : R.values(OPT_extra_arg))
    for (CompileCommand &C : Commands)
      C.Arguments.push_back(Extra);
  return Commands;
}

} // namespace fencelint
