//===- ParseUnit.cpp - one command, run in this process, becomes facts -----===//
#include "plugin/frontend/ParseUnit.h"
#include "plugin/extract/Extractor.h"
#include "plugin/frontend/CommandLine.h"
#include "clang/AST/ASTConsumer.h"
#include "clang/Basic/DiagnosticDriver.h"
#include "clang/Basic/DiagnosticLex.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Driver/CreateInvocationFromArgs.h"
#include "clang/Driver/Driver.h"
#include "clang/Driver/ToolChain.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendAction.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/TargetParser/Triple.h"

namespace fencelint {
namespace {

using llvm::StringRef;
namespace fs = llvm::sys::fs;

/// Keeps the first errors as text, and the options that clang refused.
class ErrorCollector : public clang::DiagnosticConsumer {
public:
  static constexpr unsigned Most = 3;
  std::vector<std::string> Errors;
  std::vector<std::string> RefusedOptions;
  bool FileNotFound = false;

  void HandleDiagnostic(clang::DiagnosticsEngine::Level Level, const clang::Diagnostic &Info) override {
    DiagnosticConsumer::HandleDiagnostic(Level, Info);
    if (Level < clang::DiagnosticsEngine::Error)
      return;
    if (isAboutOption(Info.getID()) && Info.getNumArgs() && Info.getArgKind(0) == clang::DiagnosticsEngine::ak_std_string)
      RefusedOptions.push_back(Info.getArgStdStr(0));
    FileNotFound |= Info.getID() == clang::diag::err_pp_file_not_found;
    if (Errors.size() == Most || Info.getID() == clang::diag::fatal_too_many_errors)
      return;
    llvm::SmallString<256> Text;
    Info.FormatDiagnostic(Text);
    Errors.push_back((place(Info) + Text).str());
  }

private:
  static bool isAboutOption(unsigned Id) {
    return Id == clang::diag::err_drv_unknown_argument || Id == clang::diag::err_drv_unknown_argument_with_suggestion ||
           Id == clang::diag::err_drv_unsupported_opt || Id == clang::diag::err_drv_unsupported_opt_with_suggestion ||
           Id == clang::diag::err_drv_unsupported_opt_for_target || Id == clang::diag::err_drv_unsupported_option_argument;
  }
  static std::string place(const clang::Diagnostic &Info) {
    if (!Info.hasSourceManager() || Info.getLocation().isInvalid())
      return "";
    clang::PresumedLoc At = Info.getSourceManager().getPresumedLoc(Info.getSourceManager().getExpansionLoc(Info.getLocation()));
    if (At.isInvalid())
      return "";
    return (llvm::Twine(At.getFilename()) + ":" + llvm::Twine(At.getLine()) + ":" + llvm::Twine(At.getColumn()) + ": ").str();
  }
};

class ExtractAction : public clang::ASTFrontendAction {
public:
  explicit ExtractAction(facts::UnitT &Out) : Out(Out) {}

protected:
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance &CI, StringRef) override {
    return makeExtractor(CI, Out);
  }

private:
  facts::UnitT &Out;
};

/// Words that choose another output than the syntax tree. What else writes files is cleared in the invocation.
bool choosesOutput(StringRef Word, bool &TakesNext) {
  TakesNext = Word == "-o" || Word == "-MF" || Word == "-MT" || Word == "-MQ" || Word == "-dumpbase" || Word == "-dumpdir";
  return TakesNext || Word == "-c" || Word == "-S" || Word == "-E" || Word == "-M" || Word == "-MM" || Word == "-MD" ||
         Word == "-MMD" || Word == "-MP" || Word == "-MG" || Word == "-pipe" || Word.starts_with("-save-temps") ||
         Word.starts_with("-fplugin") || Word.starts_with("-fpass-plugin") || Word.starts_with("-Werror");
}

/// The command for clang's driver: its own name first, so that it finds its headers and the C++ library.
std::vector<std::string> driverArguments(const CompileCommand &C, StringRef ResourceDirectory) {
  std::vector<std::string> Words = {FENCELINT_CLANG_BIN "/clang"};
  clang::driver::ParsedClangName Name = clang::driver::ToolChain::getTargetAndModeFromProgramName(C.Arguments.front());
  if (Name.DriverMode)
    Words.push_back(Name.DriverMode);
  if (!Name.TargetPrefix.empty() && llvm::Triple(Name.TargetPrefix).getArch() != llvm::Triple::UnknownArch)
    Words.push_back("--target=" + Name.TargetPrefix);
  for (size_t I = 1; I < C.Arguments.size(); ++I) {
    bool TakesNext = false;
    if (!choosesOutput(C.Arguments[I], TakesNext))
      Words.push_back(C.Arguments[I]);
    else if (TakesNext)
      ++I;
  }
  auto At = llvm::find(Words, "--"); // what follows it is a file name
  std::string Ours[] = {"-fsyntax-only", "-w", "-Wno-unused-command-line-argument", ("-resource-dir=" + ResourceDirectory).str()};
  Words.insert(At, std::begin(Ours), std::end(Ours));
  return Words;
}

/// Removes what clang refused; true when that changed anything, so that another try makes sense.
bool dropRefused(std::vector<std::string> &Words, const std::vector<std::string> &Refused, std::string &Notes) {
  size_t Before = Words.size();
  for (const std::string &Option : Refused) {
    size_t Here = Words.size();
    llvm::erase_if(Words, [&](const std::string &W) {
      return W == Option || StringRef(W).starts_with(Option + "=") || (StringRef(Option).ends_with("=") && StringRef(W).starts_with(Option));
    });
    if (Words.size() != Here)
      Notes += "dropped " + Option + ", which clang does not know\n";
  }
  return Words.size() != Before;
}

std::unique_ptr<clang::CompilerInvocation> makeInvocation(std::vector<std::string> Words, ErrorCollector &Errors, std::string &Notes) {
  for (;;) {
    llvm::BumpPtrAllocator Memory;
    llvm::SmallVector<const char *, 256> Pointers;
    for (const std::string &W : Words)
      Pointers.push_back(W.c_str());
    if (llvm::any_of(Words, [](StringRef W) { return W.starts_with("@"); }))
      if (llvm::Error E = clang::driver::expandResponseFiles(Pointers, /*ClangCLMode=*/false, Memory)) {
        Errors.Errors.push_back(llvm::toString(std::move(E)));
        return nullptr;
      }
    clang::DiagnosticOptions DiagnosticOptions;
    clang::CreateInvocationOptions Options;
    Options.VFS = llvm::vfs::getRealFileSystem();
    Options.Diags = clang::CompilerInstance::createDiagnostics(*Options.VFS, DiagnosticOptions, &Errors, /*ShouldOwnClient=*/false);
    std::unique_ptr<clang::CompilerInvocation> Invocation = clang::createInvocation(Pointers, Options);
    if (Errors.Errors.empty() && Invocation)
      return Invocation;
    if (!dropRefused(Words, Errors.RefusedOptions, Notes))
      return nullptr;
    Errors.Errors.clear();
    Errors.RefusedOptions.clear();
    Errors.clear();
  }
}

/// Whatever the command asked for, this process reads: no files, no plugins, no warnings.
void makeReadOnly(clang::CompilerInvocation &Invocation) {
  Invocation.getDependencyOutputOpts() = clang::DependencyOutputOptions();
  clang::FrontendOptions &Frontend = Invocation.getFrontendOpts();
  Frontend.OutputFile.clear();
  Frontend.Plugins.clear();
  Frontend.AddPluginActions.clear();
  Frontend.PluginArgs.clear();
  Frontend.DisableFree = false;
  Frontend.ShowStats = false;
  Frontend.StatsFile.clear();
  Frontend.TimeTracePath.clear();
  clang::DiagnosticOptions &Diagnostics = Invocation.getDiagnosticOpts();
  Diagnostics.Warnings = {"no-everything"}; // also those that are errors by default: another compiler accepted them
  Diagnostics.Remarks.clear();
  Diagnostics.IgnoreWarnings = true;
  Diagnostics.ErrorLimit = ErrorCollector::Most + 1;
  Diagnostics.DiagnosticSerializationFile.clear();
  Diagnostics.DiagnosticLogFile.clear();
  Diagnostics.ShowCarets = false;
  Diagnostics.VerifyDiagnostics = false;
  Invocation.getLangOpts().SpellChecking = false;
}

llvm::Error failure(const ErrorCollector &Errors) {
  std::string Message;
  for (const std::string &E : Errors.Errors)
    Message += E + "\n";
  if (Message.empty())
    Message = "clang could not work on this command\n";
  if (Errors.FileNotFound)
    Message += "generate the headers first: build the target once, so that the include directories of the command are filled";
  return inputError(Message);
}

} // namespace

llvm::Expected<std::string> resourceDirectory(StringRef Given) {
  std::string Directory = Given.str();
  if (Directory.empty())
    Directory = llvm::sys::Process::GetEnv("FENCELINT_RESOURCE_DIR").value_or(FENCELINT_RESOURCE_DIR);
  if (!fs::exists(Directory + "/include/stddef.h"))
    return inputError(llvm::Twine(Directory) + ": no clang 22 headers there (include/stddef.h is missing)\n"
                      "set --resource-dir or FENCELINT_RESOURCE_DIR to what 'clang-22 -print-resource-dir' prints");
  return normalPath(Directory);
}

llvm::Error UnitParser::parse(const CompileCommand &C, facts::UnitT &Out, std::string &Notes) {
  if (std::error_code EC = fs::set_current_path(C.Directory))
    return inputError("the command's directory " + C.Directory + " cannot be entered: " + StringRef(EC.message()).lower());
  if (!fs::exists(C.File))
    return inputError("the file of this command is gone\nmake the compilation database again");

  ErrorCollector Errors;
  std::unique_ptr<clang::CompilerInvocation> Invocation = makeInvocation(driverArguments(C, ResourceDirectory), Errors, Notes);
  if (!Invocation)
    return failure(Errors);
  makeReadOnly(*Invocation);

  clang::CompilerInstance CI(std::shared_ptr<clang::CompilerInvocation>(std::move(Invocation)));
  CI.setVerboseOutputStream(llvm::nulls());
  CI.setVirtualFileSystem(llvm::vfs::getRealFileSystem());
  CI.createDiagnostics(&Errors, /*ShouldOwnClient=*/false);
  if (!Files || FilesDirectory != C.Directory || CI.getFileSystemOpts().WorkingDir != "") {
    CI.createFileManager();
    Files = CI.getFileManagerPtr();
    FilesDirectory = C.Directory;
  } else {
    CI.setFileManager(Files);
  }
  ExtractAction Action(Out);
  bool Good = CI.ExecuteAction(Action);
  if (!Good || !Errors.Errors.empty())
    return failure(Errors);
  return llvm::Error::success();
}

} // namespace fencelint
