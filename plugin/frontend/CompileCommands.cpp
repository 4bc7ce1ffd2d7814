//===- CompileCommands.cpp - which commands compile which files ------------===//
#include "plugin/frontend/CompileCommands.h"
#include "plugin/frontend/CommandLine.h"
#include "clang/Driver/Types.h"
#include "clang/Options/Options.h"
#include "llvm/Option/ArgList.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/StringSaver.h"
#include "llvm/Support/xxhash.h"

namespace fencelint {
namespace {

using llvm::StringRef;
namespace path = llvm::sys::path;
namespace fs = llvm::sys::fs;

clang::driver::types::ID typeOf(StringRef File) {
  StringRef Extension = path::extension(File);
  return Extension.empty() ? clang::driver::types::TY_INVALID
                           : clang::driver::types::lookupTypeForExtension(Extension.drop_front());
}

/// Assembly and the like are in databases too. What nobody knows is left to clang.
bool isOtherLanguage(const CompileCommand &C) {
  clang::driver::types::ID Type = typeOf(C.File);
  return Type != clang::driver::types::TY_INVALID && !clang::driver::types::isAcceptedByClang(Type) &&
         !llvm::is_contained(C.Arguments, "-x");
}
bool isAssembly(const CompileCommand &C) {
  clang::driver::types::ID Type = typeOf(C.File);
  return Type == clang::driver::types::TY_PP_Asm || Type == clang::driver::types::TY_Asm;
}

/// `ccache cc -c x.c` is `cc -c x.c`: the word after a wrapper is neither an option nor a source file.
void dropWrappers(std::vector<std::string> &Arguments) {
  while (Arguments.size() > 2 && !StringRef(Arguments[1]).starts_with("-") && !StringRef(Arguments[1]).starts_with("@") &&
         typeOf(Arguments[1]) == clang::driver::types::TY_INVALID)
    Arguments.erase(Arguments.begin());
}

/// An error says what is wrong with the entry, without naming it.
llvm::Expected<CompileCommand> readEntry(const llvm::json::Value &Value, StringRef DatabaseDirectory) {
  const llvm::json::Object *Entry = Value.getAsObject();
  if (!Entry)
    return inputError("is not an object");
  CompileCommand C;
  std::optional<StringRef> File = Entry->getString("file");
  if (!File || File->empty())
    return inputError("has no \"file\"");
  C.Directory = normalPath(Entry->getString("directory").value_or(""), DatabaseDirectory);
  C.File = normalPath(*File, C.Directory);
  C.Output = Entry->getString("output").value_or("").str();
  if (const llvm::json::Array *Words = Entry->getArray("arguments")) {
    for (const llvm::json::Value &Word : *Words) {
      if (!Word.getAsString())
        return inputError("has \"arguments\" that are not all strings");
      C.Arguments.push_back(Word.getAsString()->str());
    }
  } else if (std::optional<StringRef> Line = Entry->getString("command")) {
    llvm::BumpPtrAllocator Memory;
    llvm::StringSaver Saver(Memory);
    llvm::SmallVector<const char *, 64> Words;
    llvm::cl::TokenizeGNUCommandLine(*Line, Saver, Words);
    C.Arguments.assign(Words.begin(), Words.end());
  }
  if (C.Arguments.empty())
    return inputError("has neither \"arguments\" nor a \"command\"");
  dropWrappers(C.Arguments);
  return C;
}

/// The parser says `[3:0, byte=18]: Expected object key`; editors follow `file:3:1:`.
llvm::Error notJson(StringRef Path, StringRef Message) {
  unsigned Line = 0, Column = 0;
  StringRef Rest = Message;
  if (!Rest.consume_front("[") || Rest.consumeInteger(10, Line) || !Rest.consume_front(":") || Rest.consumeInteger(10, Column))
    return inputError(Path + ": the compilation database is not valid JSON: " + Message);
  return inputError(Path + ":" + llvm::Twine(Line) + ":" + llvm::Twine(Column + 1) +
                    ": the compilation database is not valid JSON: " + Rest.split("]: ").second.lower());
}

} // namespace

std::string normalPath(StringRef Path, StringRef Directory) {
  llvm::SmallString<256> Result(Path);
  if (!path::is_absolute(Result)) {
    if (Directory.empty())
      fs::make_absolute(Result);
    else
      path::make_absolute(Directory, Result);
  }
  path::remove_dots(Result, /*remove_dot_dot=*/true);
  return Result.str().str();
}

std::string CompileCommand::key() const {
  std::string All = Directory + '\0' + File + '\0' + Output;
  for (const std::string &A : Arguments)
    All += '\0' + A;
  return llvm::utohexstr(llvm::xxh3_64bits(All), /*LowerCase=*/true, /*Width=*/16);
}

llvm::Expected<CompileDatabase> loadDatabase(StringRef Given) {
  CompileDatabase Database;
  llvm::SmallString<256> Path(Given);
  if (fs::is_directory(Path)) {
    path::append(Path, "compile_commands.json");
    if (!fs::exists(Path))
      return inputError(Given + ": no compile_commands.json in this directory\n"
                                "make one: cmake -DCMAKE_EXPORT_COMPILE_COMMANDS=ON, meson, 'bear -- make', or "
                                "'make compile_commands.json' in a kernel tree");
  }
  Database.Path = Path.str().str();
  auto Buffer = llvm::MemoryBuffer::getFile(Path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return inputError(Path + ": cannot read the compilation database: " + llvm::StringRef(Buffer.getError().message()).lower());
  if ((*Buffer)->getBuffer().trim().empty())
    return inputError(Path + ": the compilation database is empty; was the build interrupted while it was written?");
  llvm::Expected<llvm::json::Value> Root = llvm::json::parse((*Buffer)->getBuffer());
  if (!Root)
    return notJson(Path, llvm::toString(Root.takeError()));
  const llvm::json::Array *Entries = Root->getAsArray();
  if (!Entries)
    return inputError(Path + ": the compilation database is not a list of commands (a JSON array of objects)");
  if (Entries->empty())
    return inputError(Path + ": the compilation database lists no commands; build something first");

  std::string Directory = path::parent_path(normalPath(Path)).str();
  llvm::StringSet<> Seen;
  unsigned Number = 0, Assembly = 0;
  for (const llvm::json::Value &Value : *Entries) {
    ++Number;
    llvm::Expected<CompileCommand> C = readEntry(Value, Directory);
    if (!C)
      Database.Problems.push_back({Database.Path, ("entry " + llvm::Twine(Number) + " " + llvm::toString(C.takeError())).str()});
    else if (isAssembly(*C) || isOtherLanguage(*C))
      ++Assembly;
    else if (Seen.insert(C->key()).second)
      Database.Commands.push_back(std::move(*C));
  }
  if (Database.Commands.empty() && Database.Problems.empty())
    return inputError(Path + ": none of the " + llvm::Twine(Assembly) + " commands compiles C or C++");
  return Database;
}

llvm::Expected<std::string> findDatabase(StringRef File) {
  std::string Start = normalPath(File.empty() ? "." : File);
  for (StringRef Directory = fs::is_directory(Start) ? StringRef(Start) : path::parent_path(Start); !Directory.empty();
       Directory = path::parent_path(Directory))
    for (StringRef Below : {"", "build"}) {
      llvm::SmallString<256> Path(Directory);
      path::append(Path, Below, "compile_commands.json");
      if (fs::exists(Path))
        return Path.str().str();
    }
  return inputError("no compile_commands.json in or above " + llvm::Twine(Start) +
                    "\nname a build directory with -p BUILD, or give the command: fencelint check FILE -- CLANG-ARGUMENTS");
}

std::vector<std::string> takeInputs(std::vector<std::string> &ClangArguments) {
  llvm::SmallVector<const char *, 64> Words;
  for (const std::string &Word : ClangArguments)
    Words.push_back(Word.c_str());
  unsigned MissingIndex = 0, MissingCount = 0;
  llvm::opt::InputArgList Parsed = clang::getDriverOptTable().ParseArgs(Words, MissingIndex, MissingCount);
  std::vector<std::string> Inputs;
  std::vector<bool> Taken(ClangArguments.size());
  for (const llvm::opt::Arg *A : Parsed.filtered(clang::options::OPT_INPUT)) {
    Inputs.push_back(A->getValue());
    Taken[A->getIndex()] = true;
  }
  size_t Index = 0;
  llvm::erase_if(ClangArguments, [&](const std::string &) { return Taken[Index++]; });
  return Inputs;
}

std::vector<CompileCommand> commandsFor(const std::vector<std::string> &Files, const std::vector<std::string> &ClangArguments) {
  std::vector<CompileCommand> Commands;
  for (const std::string &File : Files) {
    CompileCommand C;
    C.Directory = normalPath(".");
    C.File = normalPath(File);
    clang::driver::types::ID Type = typeOf(File);
    C.Arguments = {Type != clang::driver::types::TY_INVALID && clang::driver::types::isCXX(Type) ? "clang++" : "clang"};
    C.Arguments.insert(C.Arguments.end(), ClangArguments.begin(), ClangArguments.end());
    C.Arguments.push_back(File);
    Commands.push_back(std::move(C));
  }
  return Commands;
}

} // namespace fencelint
