//===- Output.cpp - where a report goes ------------------------------------===//
#include "plugin/frontend/Output.h"
#include "checks/Pipeline.h"
#include "checks/report/Writers.h"
#include "plugin/frontend/CommandLine.h"
#include "plugin/frontend/CompileCommands.h"
#include "plugin/frontend/DataFiles.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Process.h"

namespace fencelint {
namespace {

using llvm::StringRef;

bool wantsColor(OutputOptions::Colors Color, bool IsTerminal) {
  return Color == OutputOptions::Always ||
         (Color == OutputOptions::Auto && IsTerminal && !llvm::sys::Process::GetEnv("NO_COLOR"));
}

void format(const Report &R, OutputOptions::Format How, const TextOptions &Text, llvm::raw_ostream &OS) {
  DocumentOptions Document{Text.Root, version(), ""};
  switch (How) {
  case OutputOptions::Text:
    return writeText(R, Text, OS);
  case OutputOptions::Json:
    return writeJson(R, allRules(), Document, OS);
  case OutputOptions::Sarif:
    return writeSarif(R, allRules(), Document, OS);
  }
}

/// A file that could not be written whole is removed: half a report is worse than none.
llvm::Error writeFile(StringRef Path, llvm::function_ref<void(llvm::raw_ostream &)> Write) {
  std::error_code EC;
  llvm::raw_fd_ostream OS(Path, EC, llvm::sys::fs::OF_None);
  if (!EC) {
    Write(OS);
    OS.close();
    EC = OS.error();
    OS.clear_error();
    if (EC && llvm::sys::fs::is_regular_file(Path))
      llvm::sys::fs::remove(Path);
  }
  return EC ? inputError("cannot write " + Path + ": " + StringRef(EC.message()).lower()) : llvm::Error::success();
}

} // namespace

llvm::Expected<OutputOptions> outputOptions(const Request &R) {
  OutputOptions Options;
  llvm::Expected<unsigned> How = R.choice(OPT_format, {"text", "json", "sarif"}, Options.How);
  if (!How)
    return How.takeError();
  llvm::Expected<unsigned> Color = R.choice(OPT_color, {"auto", "always", "never"}, Options.Color);
  if (!Color)
    return Color.takeError();
  llvm::Expected<unsigned> Most = R.number(OPT_max_errors, Options.MostErrors, 0);
  if (!Most)
    return Most.takeError();
  Options.How = static_cast<OutputOptions::Format>(*How);
  Options.Color = static_cast<OutputOptions::Colors>(*Color);
  Options.MostErrors = *Most;
  Options.File = R.value(OPT_output).str();
  if (Options.File == "-")
    Options.File.clear();
  Options.JsonFile = R.value(OPT_json).str();
  Options.SarifFile = R.value(OPT_sarif).str();
  Options.Quiet = R.has(OPT_quiet);
  Options.ShowSuppressed = R.has(OPT_show_suppressed);
  return Options;
}

void printProblems(llvm::ArrayRef<Problem> Problems, unsigned Most, OutputOptions::Colors Color) {
  TextOptions Text;
  Text.Root = normalPath(".");
  Text.Color = wantsColor(Color, llvm::sys::Process::StandardErrHasColors());
  Report Only;
  Only.Problems = (Most ? Problems.take_front(Most) : Problems).vec();
  llvm::outs().flush();
  writeText(Only, Text, llvm::errs());
  if (Only.Problems.size() < Problems.size())
    llvm::errs() << "fencelint: error: " << Problems.size() - Only.Problems.size() << " more like these; --max-errors=0 shows all\n";
}

static void printNotes(llvm::ArrayRef<Note> Notes, OutputOptions::Colors Color) {
  TextOptions Text;
  Text.Root = normalPath(".");
  Text.Color = wantsColor(Color, llvm::sys::Process::StandardErrHasColors());
  Report Only;
  Only.Notes = Notes.vec();
  writeText(Only, Text, llvm::errs());
}

llvm::Error writeReport(const Report &R, const OutputOptions &Options) {
  TextOptions Text;
  Text.Root = normalPath(".");
  Text.Problems = false;
  Text.Remarks = !Options.Quiet;
  Text.ShowSuppressed = Options.ShowSuppressed;
  printProblems(R.Problems, Options.MostErrors, Options.Color);
  if (!Options.Quiet)
    printNotes(R.Notes, Options.Color);

  llvm::Error Errors = llvm::Error::success();
  auto WriteTo = [&](StringRef Path, OutputOptions::Format How) {
    if (!Path.empty())
      Errors = llvm::joinErrors(std::move(Errors), writeFile(Path, [&](llvm::raw_ostream &OS) { format(R, How, Text, OS); }));
  };
  WriteTo(Options.JsonFile, OutputOptions::Json);
  WriteTo(Options.SarifFile, OutputOptions::Sarif);
  if (!Options.File.empty()) {
    WriteTo(Options.File, Options.How);
    return Errors;
  }
  Text.Color = textOptions(Options).Color;
  Text.ShowSource = llvm::outs().is_displayed() && !Options.Quiet;
  Text.ClosingLine = !Options.Quiet && R.Units > 0;
  return llvm::joinErrors(std::move(Errors), writeOutput("", [&](llvm::raw_ostream &OS) { format(R, Options.How, Text, OS); }));
}

TextOptions textOptions(const OutputOptions &Options) {
  TextOptions Text;
  Text.Root = normalPath(".");
  Text.Color = Options.File.empty() && wantsColor(Options.Color, llvm::outs().is_displayed() && llvm::outs().has_colors());
  return Text;
}

llvm::Error writeOutput(StringRef File, llvm::function_ref<void(llvm::raw_ostream &)> Write) {
  if (!File.empty())
    return writeFile(File, Write);
  Write(llvm::outs());
  llvm::outs().flush();
  std::error_code EC = llvm::outs().error();
  llvm::outs().clear_error();
  return EC ? inputError("cannot write standard output: " + StringRef(EC.message()).lower()) : llvm::Error::success();
}

} // namespace fencelint
