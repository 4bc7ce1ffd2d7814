//===- ExplanationText.cpp - an answer that fits on a screen ----------------===//
//
// Verdict first, then what it rests on. Chains are written as a compiler writes notes, so that editors jump along them; of long lists the first
// few are written and the rest is counted. All of it is in the JSON.
//
//===----------------------------------------------------------------------===//
#include "checks/report/Printable.h"
#include "checks/report/Source.h"
#include "checks/report/Writers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace fencelint {
namespace {

using llvm::raw_ostream;
using llvm::StringRef;

constexpr size_t MostChains = 4;   ///< of one section
constexpr size_t MostSteps = 12;   ///< of one chain; of a longer one both ends
constexpr size_t KeptSteps = 5;    ///< of each end
constexpr size_t SameSteps = 3;    ///< as in the chain before, to be worth leaving out
constexpr size_t MostCases = 3;    ///< conditions in one line
constexpr size_t MostNames = 5;    ///< in one line
constexpr size_t MostMembers = 40; ///< in one list

class Writer {
public:
  Writer(const TextOptions &Options, raw_ostream &OS) : Options(Options), OS(OS) {}
  void write(const Explanation &E);
  void others(llvm::ArrayRef<Member> Others);

private:
  const TextOptions &Options;
  raw_ostream &OS;
  llvm::ArrayRef<Step> Before; ///< the chain that was written last in this section

  std::string place(const SourcePosition &At) const {
    std::string Text = printable(pathBelow(At.File, Options.Root));
    if (At.Line)
      Text += ":" + std::to_string(At.Line);
    if (At.Line && At.Column)
      Text += ":" + std::to_string(At.Column);
    return Text;
  }
  void bold(StringRef Text) {
    OS.changeColor(raw_ostream::SAVEDCOLOR, /*Bold=*/true) << Text;
    OS.resetColor();
  }
  void section(StringRef Title) {
    OS << "  ";
    bold(Title);
    OS << '\n';
    Before = {};
  }
  /// What begins as the chain before it did is not written twice.
  void chain(llvm::ArrayRef<Step> Steps) {
    auto IsSame = [](const Step &A, const Step &B) { return A.At == B.At && A.Text == B.Text; };
    size_t Same = 0;
    while (Same < std::min(Steps.size(), Before.size()) && IsSame(Steps[Same], Before[Same]))
      ++Same;
    Before = Steps;
    if (Same >= SameSteps) {
      OS << "      ... " << Same << " steps as above\n";
      Steps = Steps.drop_front(Same);
    }
    for (size_t I = 0; I < Steps.size(); ++I) {
      if (Steps.size() > MostSteps && I == KeptSteps) {
        OS << "      ... " << Steps.size() - 2 * KeptSteps << " steps further\n";
        I = Steps.size() - KeptSteps;
      }
      const Step &S = Steps[I];
      OS << "      " << (S.At.File.empty() ? "fencelint" : place(S.At)) << ": note: " << printable(S.Text) << '\n';
    }
  }
  void more(size_t Shown, size_t All, StringRef What) {
    if (Shown < All)
      OS << "    and " << All - Shown << " more" << (What.empty() ? "" : " ") << What << '\n';
  }
  static std::string names(llvm::ArrayRef<std::string> Names);
  void title(const Explanation &E);
  void verdicts(const Explanation &E);
  void effects(const Explanation &E);
  void locks(const Explanation &E);
  void contexts(const Explanation &E);
  void unknown(const Explanation &E);
  void members(StringRef Title, llvm::ArrayRef<Member> List, bool ByModule);
};

} // namespace

/// "a, b, c and 3 more".
std::string Writer::names(llvm::ArrayRef<std::string> Names) {
  std::string Text = llvm::join(Names.take_front(MostNames), ", ");
  if (Names.size() > MostNames)
    Text += " and " + std::to_string(Names.size() - MostNames) + " more";
  return printable(Text);
}

static std::string alternatives(llvm::ArrayRef<std::string> When) {
  std::string Text = llvm::join(When.take_front(MostCases), ", or when ");
  if (When.size() > MostCases)
    Text += ", or in " + std::to_string(When.size() - MostCases) + " more cases";
  return Text;
}

void Writer::title(const Explanation &E) {
  if (!E.At.File.empty())
    bold(place(E.At) + ": ");
  bold(printable(E.Name));
  if (!E.Type.empty())
    OS << ": " << printable(E.Type);
  if (!E.Module.empty())
    OS << " (" << printable(E.Module) << ")";
  OS << '\n';
  if (!E.Described.empty())
    OS << "  " << printable(E.Described) << (E.Why.empty() ? "" : ": ") << printable(E.Why) << '\n';
  if (!E.IsKnown)
    OS << "  unknown: it has no body here and nothing describes it; a model with its name would say what it does\n";
}

void Writer::verdicts(const Explanation &E) {
  for (const MayRun &R : E.Runs) {
    OS << "  may run " << R.Context << ": ";
    switch (R.Is) {
    case MayRun::Yes:
      OS << "yes";
      break;
    case MayRun::AsFarAsKnown:
      OS << "yes, as far as is known";
      break;
    case MayRun::Depends:
      OS << "not when " << printable(alternatives(R.NotWhen));
      break;
    case MayRun::No:
      OS << "no";
      break;
    }
    OS << '\n';
  }
}

void Writer::effects(const Explanation &E) {
  if (E.Does.empty() && E.IsKnown && E.What == Explanation::Function)
    OS << "  does nothing that a context may forbid\n";
  if (!E.Does.empty())
    section("does");
  for (const MayDo &D : E.Does) {
    OS << "    " << D.Text << (D.OnLastReference ? " when it drops the last reference" : "");
    if (!D.When.empty())
      OS << (D.OnLastReference ? ", and when " : " when ") << printable(alternatives(D.When));
    if (!D.Flags.empty())
      OS << ", with flags " << names(D.Flags);
    if (E.What == Explanation::Slot && D.Functions)
      OS << ": " << D.Functions << " of " << E.Members.size() << " functions";
    if (!D.Modules.empty())
      OS << ", in " << names(D.Modules);
    if (D.Sure != Confidence::High)
      OS << " (" << confidenceName(D.Sure) << " confidence)";
    OS << '\n';
    chain(D.Steps);
  }
}

void Writer::locks(const Explanation &E) {
  if (E.Locks.empty())
    return;
  section("locks");
  size_t Shown = 0;
  for (const LockUse &L : E.Locks) {
    if (L.How == LockUse::Takes && Shown++ >= MostChains)
      continue;
    OS << "    "
       << (L.How == LockUse::Takes ? (L.Steps.size() > 1 ? "may take " : "takes ") : L.How == LockUse::Releases ? "returns with its caller's level given back: " : "returns with ")
       << printable(L.Lock) << (L.When.empty() ? "" : " when ") << printable(L.When) << '\n';
    chain(L.Steps);
  }
  more(std::min(Shown, MostChains), Shown, "further below");
}

void Writer::contexts(const Explanation &E) {
  if (E.What != Explanation::Function)
    return;
  section("called");
  OS << "    by name in " << E.Callers << (E.Callers == 1 ? " function\n" : " functions\n");
  for (const StoredIn &S : llvm::ArrayRef(E.Stored).take_front(MostChains))
    OS << "    through '" << printable(S.Slot) << "': " << (S.Contract.empty() ? "no contract is known" : printable(S.Contract)) << '\n';
  more(std::min(E.Stored.size(), MostChains), E.Stored.size(), "that it is stored in");
  for (const CalledIn &C : llvm::ArrayRef(E.Contexts).take_front(MostChains)) {
    OS << "    while " << printable(C.Context) << ", in " << C.Places.size() << (C.Places.size() == 1 ? " place" : " places");
    if (C.Sure != Confidence::High)
      OS << " (" << confidenceName(C.Sure) << " confidence)";
    OS << '\n';
    chain(C.Steps);
  }
  more(std::min(E.Contexts.size(), MostChains), E.Contexts.size(), "of other contexts");
  if (E.Contexts.empty())
    OS << "    in no context but its callers' own, as far as is known\n";
}

void Writer::unknown(const Explanation &E) {
  if (E.Unknown.empty())
    return;
  section("unknown, and would have to be described");
  for (const UnknownPart &U : llvm::ArrayRef(E.Unknown).take_front(MostChains)) {
    OS << "    '" << printable(U.Name) << "'"
       << (U.IsPointer ? ": nothing is known to be stored there\n" : ": no body here and nothing describes it\n");
    chain(U.Steps);
  }
  more(std::min(E.Unknown.size(), MostChains), E.Unknown.size(), "below it");
}

void Writer::members(StringRef Title, llvm::ArrayRef<Member> List, bool ByModule) {
  if (List.empty())
    return;
  section(Title);
  for (size_t I = 0; I < std::min(List.size(), MostMembers); ++I) {
    const Member &M = List[I];
    OS << "    ";
    if (ByModule && !M.Module.empty())
      OS << printable(M.Module) << ": ";
    OS << printable(M.Name) << (M.Does.empty() ? "" : ": ") << printable(M.Does) << '\n';
  }
  more(std::min(List.size(), MostMembers), List.size(), "");
}

void Writer::write(const Explanation &E) {
  title(E);
  if (!E.Contract.empty())
    OS << "  contract: " << printable(E.Contract) << '\n';
  else if (E.What == Explanation::Slot)
    OS << "  contract: none is known\n";
  verdicts(E);
  effects(E);
  locks(E);
  contexts(E);
  unknown(E);
  if (!E.Destructor.empty())
    OS << "  destroyed by '" << printable(E.Destructor) << "'\n";
  switch (E.What) {
  case Explanation::Function:
    members("a virtual call may run instead", E.Members, false);
    break;
  case Explanation::Slot:
    members("may hold", E.Members, true);
    break;
  case Explanation::Record:
    members("functions", E.Members, false);
    members("fields that hold functions", E.Slots, false);
    if (E.Members.empty() && E.Slots.empty())
      OS << "  holds no functions and has none\n";
  }
  if (E.LessSure)
    OS << "  " << E.LessSure << (E.LessSure == 1 ? " answer" : " answers")
       << " of less confidence left out; --min-confidence low shows " << (E.LessSure == 1 ? "it\n" : "them\n");
}

void Writer::others(llvm::ArrayRef<Member> Others) {
  if (Others.empty())
    return;
  OS << Others.size() << " more with that name; --in FILE chooses:\n";
  for (const Member &M : Others.take_front(MostMembers))
    OS << "  " << place(M.At) << ": " << printable(M.Name) << '\n';
  if (Others.size() > MostMembers)
    OS << "  and " << Others.size() - MostMembers << " more\n";
}

void writeText(const Explanations &X, const TextOptions &Options, raw_ostream &OS) {
  bool Before = OS.colors_enabled();
  OS.enable_colors(Options.Color);
  Writer W(Options, OS);
  for (const Explanation &E : X.All) {
    if (&E != &X.All.front())
      OS << '\n';
    W.write(E);
  }
  W.others(X.Others);
  OS.enable_colors(Before);
}

} // namespace fencelint
