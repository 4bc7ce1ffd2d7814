//===- ListModels.cpp - fencelint models -----------------------------------===//
//
// Every entry in the order of the files, with what it says in the words of docs/models.md, where, and why.
//
//===----------------------------------------------------------------------===//
#include "plugin/frontend/CommandLine.h"
#include "plugin/frontend/Commands.h"
#include "plugin/frontend/DataFiles.h"
#include "checks/models/ModelText.h"
#include "plugin/frontend/Output.h"
#include "checks/models/Spelling.h"
#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/raw_ostream.h"

namespace fencelint {
namespace {

using llvm::StringRef;

/// Names that the user asked for: a glob, or a name that itself ends in `*` and covers what was asked for.
class Wanted {
public:
  /// Pattern must outlive it.
  static llvm::Expected<Wanted> parse(StringRef Pattern) {
    Wanted W;
    W.Pattern = Pattern;
    if (Pattern.empty())
      return W;
    llvm::Expected<llvm::GlobPattern> Glob = llvm::GlobPattern::create(Pattern);
    if (!Glob)
      return inputError("'" + Pattern + "' is not a pattern: " + llvm::toString(Glob.takeError()));
    W.Glob = std::move(*Glob);
    return W;
  }
  bool match(StringRef Name) const {
    return Pattern.empty() || Glob->match(Name) || (Name.ends_with("*") && Pattern.starts_with(Name.drop_back()));
  }

private:
  StringRef Pattern;
  std::optional<llvm::GlobPattern> Glob;
};

std::string nameOf(const SlotModel &S) {
  switch (S.What) {
  case SlotModel::Field:
    return "field " + S.Name;
  case SlotModel::Typedef:
    return "typedef " + S.Name;
  case SlotModel::Parameter:
    return "parameter " + S.Name + " arg" + std::to_string(S.Index);
  case SlotModel::Method:
    return "method " + S.Name;
  }
  return S.Name;
}

std::string textOf(const SlotModel &S) {
  std::string Text = S.RunsIn.empty() ? "" : "runs in " + S.RunsIn + "; ";
  return Text + "a call through it " + (S.Derived ? "does what was stored there does" : "does: " + describeActions(S.Does));
}

void entry(StringRef Name, StringRef Text, const Origin &From, StringRef Why, bool Derived) {
  llvm::outs() << Name << '\n'
               << "    " << Text << '\n'
               << "    " << From.File << ':' << From.Line << (Derived ? ", derived: " : ": ") << Why << '\n';
}

} // namespace

int runListModels(const Request &R) {
  if (R.Operands.size() > 1)
    return reportError(inputError("one pattern at a time; quote it: fencelint models 'spin_*'"));
  llvm::Expected<Wanted> Names = Wanted::parse(R.Operands.empty() ? StringRef() : StringRef(R.Operands.front()));
  if (!Names)
    return reportError(Names.takeError());
  std::vector<Problem> Problems;
  ModelTable Models = loadModels(R, Problems);
  size_t Shown = 0;
  std::vector<StringRef> Known;
  auto Show = [&](StringRef Name, StringRef Shape, StringRef Text, const Origin &From, StringRef Why, bool Derived = false) {
    Known.push_back(Name);
    if (!Names->match(Name))
      return;
    ++Shown;
    entry(Shape, Text, From, Why, Derived);
  };
  for (const ModelFile &File : Models.files()) {
    for (const FunctionModel &F : File.Functions)
      Show(F.Name, F.Name, describeActions(F.Does), F.From, F.Why, F.Derived);
    for (const ContextModel &C : File.Contexts)
      Show(C.Name, "context " + C.Name, describeParts(C.In) + (C.Because.empty() ? "" : ": " + C.Because), C.From, C.Why);
    for (const SlotModel &S : File.Slots)
      Show(S.Name, nameOf(S), textOf(S), S.From, S.Why);
  }
  printProblems(Problems, 0);
  if (!Problems.empty())
    return 2;
  if (Shown == 0 && !R.Operands.empty())
    return reportError(inputError("nothing described is called '" + R.Operands.front() + "'" + didYouMean(R.Operands.front(), Known)));
  return 0;
}

} // namespace fencelint
