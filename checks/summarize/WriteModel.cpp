//===- WriteModel.cpp - derived entries as a model file ----------------------------------===//
//
// One line for each key, and entries in the order of the sources, so that two versions of a file differ where the sources do. Functions of one file that
// do nothing are one entry: there are many, and their reason is the same.
//
//===-----------------------------------------------------------------------------------===//
#include "checks/models/ModelText.h"
#include "checks/summarize/Summarize.h"
#include "llvm/ADT/StringExtras.h"

using namespace fencelint;

/// A text that YAML takes for nothing else.
static std::string quoted(llvm::StringRef Text) {
  std::string Out = "\"";
  for (char C : Text)
    Out += C == '"' || C == '\\' ? std::string("\\") + C : std::string(1, C);
  return Out + "\"";
}

static void writeEntry(llvm::ArrayRef<llvm::StringRef> Names, const std::vector<Action> &Does, llvm::StringRef Why,
                       llvm::raw_ostream &OS) {
  OS << "  - names: [" << llvm::join(Names, ", ") << "]\n    does: [";
  if (Does.empty())
    OS << "nothing";
  for (size_t I = 0; I < Does.size(); ++I)
    OS << (I ? ", " : "") << sentenceOf(Does[I]);
  OS << "]\n    why: " << quoted(Why) << '\n';
}

void fencelint::writeModel(const DerivedModel &Model, llvm::StringRef Version, llvm::raw_ostream &OS) {
  OS << "# Made by `fencelint summarize` from the bodies of functions; not written or read by a person. Whatever else "
        "is known of one of these names goes\n"
     << "# before what stands here, and so does a body in the analysed program.\n"
     << "header: "
     << quoted("what " + std::string(Model.KnowsExports ? "exported functions" : "functions with external linkage") +
               " do, by their bodies")
     << '\n'
     << "version: " << quoted(Version) << '\n'
     << "derived: true\n"
     << (Model.OnlyWith.empty() ? "" : "only-with: " + Model.OnlyWith + "\n")
     << "functions:" << (Model.Functions.empty() ? " []\n" : "\n");
  for (size_t I = 0; I < Model.Functions.size(); ++I) {
    const FunctionModel &F = Model.Functions[I];
    std::vector<llvm::StringRef> Names{F.Name};
    if (!F.Does.empty()) {
      writeEntry(Names, F.Does, F.Why, OS);
      continue;
    }
    size_t Last = I;
    while (Last + 1 < Model.Functions.size() && Model.Functions[Last + 1].Does.empty() &&
           Model.Bodies[Last + 1].File == Model.Bodies[I].File)
      Names.push_back(Model.Functions[++Last].Name);
    std::string Why = F.Why;
    if (Last > I)
      Why += " to " + std::to_string(Model.Bodies[Last].Line);
    writeEntry(Names, F.Does, Why + ", all that it calls is known", OS);
    I = Last;
  }
}
