//===- PluginAction.cpp - clang -fplugin=libfencelint.so -------------------===//
//
// Runs beside whatever clang was asked to do and before it: when the unit is parsed, its facts are made, checked by themselves and
// told as clang's own warnings. What one unit cannot know (callers and callees in other files) is found later, by linking facts.
//
// The warnings are clang's own number for "a plugin says", group -Wbackend-plugin: so -Werror=, -Wno-error= and #pragma clang diagnostic
// work as for any other. A number of ours could have a group too, but clang 22 then applies the last pragma of a unit to all of it.
//
//===----------------------------------------------------------------------===//
#include "plugin/compiler/ClangDiagnostics.h"
#include "plugin/compiler/HostVersion.h"
#include "plugin/compiler/ObjectSection.h"
#include "plugin/compiler/PluginOptions.h"
#include "plugin/compiler/UnitCheck.h"
#include "plugin/extract/Extractor.h"
#include "plugin/frontend/DataFiles.h"
#include "clang/AST/ASTConsumer.h"
#include "clang/AST/ASTContext.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/DiagnosticFrontend.h"
#include "clang/Basic/DiagnosticIDs.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendPluginRegistry.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"

namespace fencelint {
namespace {

using clang::DiagnosticIDs;

/// What the plugin says, by clang's own numbers where it has them.
class Messages {
public:
  explicit Messages(clang::DiagnosticsEngine &Engine)
      : Engine(Engine), InSystemHeader(make(clang::diag::Severity::Warning, DiagnosticIDs::CLASS_WARNING)),
        Error(make(clang::diag::Severity::Error, DiagnosticIDs::CLASS_ERROR)),
        Note(make(clang::diag::Severity::Fatal, DiagnosticIDs::CLASS_NOTE)) {} // as clang makes its notes: they follow their warning

  void print(const Report &R, clang::SourceManager &Sources) {
    if (R.Findings.empty() && R.Problems.empty())
      return;
    FindingLocations Where(Sources);
    auto PrintNote = [&](clang::SourceLocation At, const std::string &Text) { Engine.Report(At, Note) << Text; };
    for (const Finding &F : R.Findings) {
      auto Print = [&](clang::SourceLocation At, const std::string &Text) { warn(At, Text + " [" + F.Rule + "]", Where, Sources); };
      printFinding(F, Where, Print, PrintNote);
    }
    for (const Problem &P : R.Problems)
      printProblem(P, Where, [&](clang::SourceLocation At, const std::string &Text) { warn(At, "fencelint: " + Text, Where, Sources); }, PrintNote);
  }

  /// The first line as an error, the others as notes.
  void error(llvm::StringRef Text) {
    llvm::SmallVector<llvm::StringRef, 4> Lines;
    Text.split(Lines, '\n', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
    for (size_t I = 0; I < Lines.size(); ++I)
      Engine.Report(I ? Note : Error) << (I ? Lines[I].ltrim() : ("fencelint: " + Lines[I]).str());
  }

private:
  /// Clang keeps silent about system headers. A finding that stands in one is the includer's, so it is told if the unit's others are.
  void warn(clang::SourceLocation At, const std::string &Text, FindingLocations &Where, clang::SourceManager &Sources) {
    unsigned Id = clang::diag::warn_fe_backend_plugin;
    if (Sources.isInSystemHeader(At) && !Engine.isIgnored(Id, Where.startOfUnit()))
      Id = InSystemHeader;
    Engine.Report(At, Id) << Text;
  }

  unsigned make(clang::diag::Severity Level, DiagnosticIDs::Class Class) {
    return Engine.getDiagnosticIDs()->getCustomDiagID(
        {Level, "%0", static_cast<unsigned>(Class), /*ShowInSystemHeader=*/true, /*ShowInSystemMacro=*/true});
  }

  clang::DiagnosticsEngine &Engine;
  unsigned InSystemHeader, Error, Note;
};

class UnitConsumer : public clang::ASTConsumer {
public:
  UnitConsumer(clang::CompilerInstance &CI, PluginOptions Options)
      : CI(CI), Options(std::move(Options)), Say(CI.getDiagnostics()), Extractor(makeExtractor(CI, Unit)) {
    if (this->Options.Embeds)
      Section = addFactsSection(CI);
  }

  void HandleTranslationUnit(clang::ASTContext &Context) override {
    if (CI.getDiagnostics().hasUncompilableErrorOccurred())
      return; // the tree has holes
    Extractor->HandleTranslationUnit(Context);
    if (!Options.FactsPath.empty())
      if (llvm::Error E = writeUnit(Unit, factsFile()))
        Say.error(llvm::toString(std::move(E)));
    std::unique_ptr<llvm::MemoryBuffer> Facts = packUnit(Unit);
    Unit = facts::UnitT();
    if (Section)
      Section->Bytes = Facts->getBuffer().str();
    if (Options.Reports)
      check(std::move(Facts), Context.getSourceManager());
  }

private:
  void check(std::unique_ptr<llvm::MemoryBuffer> Facts, clang::SourceManager &Sources);
  std::string factsFile() const;

  clang::CompilerInstance &CI;
  PluginOptions Options;
  Messages Say;
  facts::UnitT Unit;
  std::unique_ptr<clang::ASTConsumer> Extractor;
  std::shared_ptr<SectionContent> Section;
};

/// The file itself; in a directory, a name made of the source's and of what tells two outputs of one source apart.
std::string UnitConsumer::factsFile() const {
  if (!llvm::sys::fs::is_directory(Options.FactsPath))
    return Options.FactsPath;
  llvm::SmallString<256> Output(CI.getFrontendOpts().OutputFile);
  llvm::sys::fs::make_absolute(Output);
  uint64_t Key = llvm::xxh3_64bits((Unit.source + "\n" + Output).str());
  llvm::SmallString<256> Path(Options.FactsPath);
  llvm::sys::path::append(Path, llvm::sys::path::filename(Unit.source).take_front(128) + "-" + llvm::utohexstr(Key, true, 16) + ".facts");
  return Path.str().str();
}

void UnitConsumer::check(std::unique_ptr<llvm::MemoryBuffer> Facts, clang::SourceManager &Sources) {
  std::vector<Problem> Problems;
  ModelTable Models = loadModels(/*WithShipped=*/true, Options.Models, Problems);
  for (const Problem &P : Problems)
    Say.error(P.Message);
  llvm::Expected<FactsFile> File = FactsFile::read(std::move(Facts));
  if (!File)
    return Say.error(llvm::toString(File.takeError()));
  std::vector<FactsFile> Files;
  Files.push_back(std::move(*File));
  Say.print(checkLoaded(std::move(Files), Models, Options.Rules, Options.AtLeast, /*WholeProgram=*/false), Sources);
}

class PluginAction : public clang::PluginASTAction {
protected:
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance &CI, llvm::StringRef) override {
    if (!makesCode(CI.getFrontendOpts().ProgramAction))
      return std::make_unique<clang::ASTConsumer>();
    return std::make_unique<UnitConsumer>(CI, Options);
  }

  bool ParseArgs(const clang::CompilerInstance &CI, const std::vector<std::string> &Words) override {
    setLibraryPath();
    llvm::Expected<PluginOptions> Parsed = parsePluginOptions(Words, allRules());
    if (!Parsed) {
      Messages(CI.getDiagnostics()).error(llvm::toString(Parsed.takeError()));
      return false;
    }
    Options = std::move(*Parsed);
    return true;
  }

  ActionType getActionType() override { return AddBeforeMainAction; }

private:
  /// A precompiled header or module is no unit: who includes it, or compiles it to an object, is.
  static bool makesCode(clang::frontend::ActionKind Action) {
    return Action != clang::frontend::GeneratePCH && Action != clang::frontend::GenerateModule &&
           Action != clang::frontend::GenerateModuleInterface && Action != clang::frontend::GenerateReducedModuleInterface &&
           Action != clang::frontend::GenerateHeaderUnit;
  }

  PluginOptions Options;
};

clang::FrontendPluginRegistry::Add<PluginAction> Registered(forThisClang("fencelint"), "what may not happen in atomic context");

} // namespace
} // namespace fencelint
