//===- ExplanationJson.cpp - an answer for programs --------------------------===//
//
// Everything, where the text shows the first few. Versioned as reports are: fields may be added, none changes its meaning.
//
//===----------------------------------------------------------------------===//
#include "checks/report/JsonSteps.h"
#include "checks/report/Writers.h"

namespace fencelint {
namespace {

constexpr int SchemaVersion = 1;

class Writer {
public:
  Writer(const DocumentOptions &Options, llvm::raw_ostream &OS) : J(OS, /*IndentSize=*/2), Out(J, Options.Root), Options(Options) {}
  void write(const Explanations &X);

private:
  llvm::json::OStream J;
  JsonSteps Out;
  const DocumentOptions &Options;

  void words(const char *Name, llvm::ArrayRef<std::string> Words) {
    J.attributeArray(Name, [&] {
      for (const std::string &W : Words)
        J.value(llvm::json::fixUTF8(W));
    });
  }
  template <typename T, typename Fn> void list(const char *Name, const std::vector<T> &All, Fn Each) {
    J.attributeArray(Name, [&] {
      for (const T &One : All)
        J.object([&] { Each(One); });
    });
  }
  void members(const char *Name, const std::vector<Member> &All) {
    list(Name, All, [&](const Member &M) {
      Out.text("name", M.Name);
      Out.text("module", M.Module);
      Out.place(M.At);
      Out.text("does", M.Does);
    });
  }
  void write(const Explanation &E);
  void answers(const Explanation &E);
};

} // namespace

void Writer::answers(const Explanation &E) {
  list("may-run", E.Runs, [&](const MayRun &R) {
    J.attribute("in", R.In);
    J.attribute("verdict", verdictName(R.Is));
    words("not-when", R.NotWhen);
  });
  list("does", E.Does, [&](const MayDo &D) {
    J.attribute("effect", D.Effect);
    Out.text("text", D.Text);
    J.attribute("on-last-reference", D.OnLastReference);
    words("when", D.When);
    words("flags", D.Flags);
    words("modules", D.Modules);
    if (E.What == Explanation::Slot)
      J.attribute("functions", D.Functions);
    J.attribute("confidence", confidenceName(D.Sure));
    Out.steps("steps", D.Steps);
  });
  if (E.What != Explanation::Function)
    return;
  list("locks", E.Locks, [&](const LockUse &L) {
    J.attribute("how", lockUseName(L.How));
    Out.text("lock", L.Lock);
    Out.text("when", L.When);
    Out.steps("steps", L.Steps);
  });
  J.attribute("callers", E.Callers);
  list("stored-in", E.Stored, [&](const StoredIn &S) {
    Out.text("slot", S.Slot);
    Out.text("contract", S.Contract);
  });
  list("contexts", E.Contexts, [&](const CalledIn &C) {
    Out.text("context", C.Context);
    J.attribute("atomic", C.IsAtomic);
    J.attribute("confidence", confidenceName(C.Sure));
    Out.steps("steps", C.Steps);
    list("places", C.Places, [&](const OtherPlace &P) {
      Out.place(P.At);
      Out.text("function", P.Function);
      Out.text("text", P.Text);
    });
  });
  list("unknown", E.Unknown, [&](const UnknownPart &U) {
    Out.text("name", U.Name);
    J.attribute("pointer", U.IsPointer);
    Out.steps("steps", U.Steps);
  });
}

void Writer::write(const Explanation &E) {
  static const char *const Kinds[] = {"function", "slot", "record"};
  J.attribute("kind", Kinds[E.What]);
  Out.text("name", E.Name);
  Out.text("type", E.Type);
  Out.text("module", E.Module);
  Out.place(E.At);
  J.attribute("known", E.IsKnown);
  Out.text("described", E.Described);
  Out.text("why", E.Why);
  if (E.What == Explanation::Slot)
    Out.text("contract", E.Contract);
  if (E.What != Explanation::Record)
    answers(E);
  if (E.What == Explanation::Record)
    Out.text("destructor", E.Destructor);
  members("members", E.Members);
  if (E.What == Explanation::Record)
    members("slots", E.Slots);
  J.attribute("less-sure", E.LessSure);
}

void Writer::write(const Explanations &X) {
  J.object([&] {
    J.attribute("version", SchemaVersion);
    J.attributeObject("tool", [&] {
      J.attribute("name", "fencelint");
      Out.text("version", Options.ToolVersion);
    });
    Out.text("root", Options.Root);
    Out.text("asked", X.Asked);
    J.attribute("units", X.Units);
    list("explanations", X.All, [&](const Explanation &E) { write(E); });
    members("others", X.Others);
    words("near", X.Near);
    list("problems", X.Problems, [&](const Problem &P) { Out.problem(P); });
  });
}

void writeJson(const Explanations &X, const DocumentOptions &Options, llvm::raw_ostream &OS) {
  Writer(Options, OS).write(X);
  OS << '\n';
}

} // namespace fencelint
