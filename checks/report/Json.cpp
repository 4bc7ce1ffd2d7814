//===- Json.cpp - a report for programs -------------------------------------===//
//
// SARIF is for tools that already speak it; this is for the ten-line script. Flat, complete, and versioned: a field may be
// added without notice, but none changes its meaning or goes away while "version" stays the same.
//
//===----------------------------------------------------------------------===//
#include "checks/report/JsonSteps.h"
#include "checks/report/Writers.h"
#include "llvm/ADT/STLExtras.h"

namespace fencelint {
namespace {

constexpr int SchemaVersion = 1;

class JsonWriter {
public:
  JsonWriter(const DocumentOptions &Options, llvm::ArrayRef<RuleInfo> Rules, llvm::raw_ostream &OS)
      : Options(Options), Rules(Rules), J(OS, /*IndentSize=*/2), Out(J, Options.Root) {}

  void write(const Report &R) {
    J.object([&] {
      J.attribute("version", SchemaVersion);
      J.attributeObject("tool", [&] {
        J.attribute("name", "fencelint");
        text("version", Options.ToolVersion);
      });
      text("root", Options.Root);
      J.attributeObject("units", [&] {
        J.attribute("requested", R.Units);
        J.attribute("analysed", R.UnitsAnalysed);
      });
      J.attributeArray("rules", [&] {
        for (const RuleInfo &Rule : Rules)
          J.object([&] {
            J.attribute("id", Rule.Id);
            J.attribute("level", severityName(Rule.Level));
            J.attribute("default", Rule.OnByDefault);
            J.attribute("summary", Rule.Summary);
          });
      });
      findings("findings", R.Findings);
      J.attribute("lessSure", R.LessSure);
      findings("suppressed", R.Suppressed);
      findings("remarks", R.Remarks);
      J.attributeArray("problems", [&] {
        for (const Problem &P : R.Problems)
          J.object([&] { write(P); });
      });
      if (R.Summaries)
        J.attributeObject("summaries", [&] { write(*R.Summaries); });
    });
  }

private:
  void text(const char *Key, llvm::StringRef Value) { Out.text(Key, Value); }
  void place(const SourcePosition &At) { Out.place(At); }
  void steps(const char *Name, llvm::ArrayRef<Step> Steps) { Out.steps(Name, Steps); }
  void write(const Problem &P) { Out.problem(P); }

  void findings(const char *Key, llvm::ArrayRef<Finding> Findings) {
    J.attributeArray(Key, [&] {
      for (const Finding &F : Findings)
        J.object([&] { write(F); });
    });
  }

  void write(const Finding &F) {
    text("rule", F.Rule);
    const RuleInfo *Rule = llvm::find_if(Rules, [&](const RuleInfo &R) { return F.Rule == R.Id; });
    J.attribute("level", severityName(Rule == Rules.end() ? Severity::Warning : Rule->Level));
    place(F.At);
    text("function", F.Function);
    text("message", F.Message);
    text("sink", F.Sink);
    J.attribute("confidence", confidenceName(F.Sure));
    text("fingerprint", F.Fingerprint);
    steps("steps", F.Steps);
    // Where the whole finding is suppressed, no place is on its own account.
    places("also", F, [&](const OtherPlace &O) { return !O.Suppressed || F.Suppressed; });
    places("alsoSuppressed", F, [&](const OtherPlace &O) { return O.Suppressed && !F.Suppressed; });
    suppression(F.Suppressed);
  }

  void write(const SummaryStatistics &S) {
    J.attribute("functions", S.Functions);
    J.attribute("summarized", S.Effects.count());
    J.attribute("withEffects", S.WithEffects);
    J.attribute("full", S.Full);
    distribution("effects", S.Effects);
    distribution("exits", S.Exits);
    distribution("conditions", S.Conditions);
    distribution("bytes", S.Bytes);
    J.attributeArray("largest", [&] {
      for (const SummaryStatistics::Large &L : S.Largest)
        J.object([&] {
          place(L.At);
          text("function", L.Function);
          J.attribute("effects", L.Effects);
          J.attribute("exits", L.Exits);
          J.attribute("bytes", L.Bytes);
        });
    });
  }

  void distribution(const char *Key, const Distribution &Values) {
    J.attributeObject(Key, [&] {
      J.attribute("median", Values.atMost(50));
      J.attribute("p90", Values.atMost(90));
      J.attribute("p99", Values.atMost(99));
      J.attribute("max", Values.atMost(100));
      J.attribute("total", Values.total());
    });
  }

  void places(const char *Key, const Finding &F, llvm::function_ref<bool(const OtherPlace &)> Wanted) {
    if (llvm::none_of(F.Also, Wanted))
      return;
    J.attributeArray(Key, [&] {
      for (const OtherPlace &O : llvm::make_filter_range(F.Also, Wanted))
        J.object([&] {
          place(O.At);
          text("function", O.Function);
          text("text", O.Text);
          steps("steps", O.Steps);
          if (!F.Suppressed)
            suppression(O.Suppressed);
        });
    });
  }

  void suppression(const std::optional<Suppression> &S) {
    if (S)
      J.attributeObject("suppression", [&] {
        J.attribute("kind", "in-source");
        text("justification", S->Justification);
        place(S->At);
      });
  }

  const DocumentOptions &Options;
  llvm::ArrayRef<RuleInfo> Rules;
  llvm::json::OStream J;
  JsonSteps Out;
};

} // namespace

void writeJson(const Report &R, llvm::ArrayRef<RuleInfo> Rules, const DocumentOptions &Options, llvm::raw_ostream &OS) {
  JsonWriter(Options, Rules, OS).write(R);
  OS << '\n';
}

} // namespace fencelint
