//===- Sarif.cpp - a report as SARIF 2.1.0 ----------------------------------===//
//
// What code-scanning sites and editors read. A finding's chain is a code flow with one thread flow, because that is what
// viewers let a person step through; where one finding stands for many places, each place's chain is a code flow. Choices where the standard leaves one:
//  * files below the root are relative to SRCROOT, so that a report made in one checkout fits another;
//  * columns are counted in UTF-16 code units, as the standard wants by default, by looking at the source line;
//  * a rule's helpUri must be an absolute URI, so it is there only when the caller knows where the pages are served;
//  * nothing in the document tells when or where it was made: two runs give equal bytes.
// Specification: OASIS SARIF Version 2.1.0, sections 3.14 (run), 3.20 (invocation), 3.27 (result), 3.38 (thread flow location).
//
//===----------------------------------------------------------------------===//
#include "checks/report/Source.h"
#include "checks/report/Writers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"

namespace fencelint {
namespace {

using llvm::StringRef;

/// A path as a URI reference: everything but unreserved characters and the slashes is escaped.
std::string pathToUri(StringRef Path) {
  std::string Uri;
  for (unsigned char C : Path)
    if (llvm::isAlnum(C) || StringRef("-._~/+@,=").contains(C))
      Uri += C;
    else
      Uri += "%" + llvm::utohexstr(C, /*LowerCase=*/false, /*Width=*/2);
  return Uri;
}

/// "an allocation may reclaim" -> "An allocation may reclaim."
std::string asSentence(StringRef Text) {
  std::string Result = Text.str();
  if (!Result.empty())
    Result[0] = llvm::toUpper(Result[0]);
  return Result + ".";
}

/// The words of section 3.38.8 that say most nearly what a step is; our own name of the kind stands before them.
llvm::ArrayRef<const char *> standardKinds(Step::Kind What) {
  static const char *const Call[] = {"call"}, *const Implicit[] = {"implicit", "call"},
                           *const Release[] = {"release", "call"}, *const Enter[] = {"enter"},
                           *const Acquire[] = {"acquire"}, *const Danger[] = {"danger"};
  switch (What) {
  case Step::Enters:
    return Acquire;
  case Step::Registered:
  case Step::Contract:
    return Enter;
  case Step::Calls:
  case Step::CallsSlot:
  case Step::CallsVirtual:
    return Call;
  case Step::Destroys:
    return Implicit;
  case Step::DropsLast:
    return Release;
  case Step::Reaches:
    return Danger;
  }
  return {};
}

bool isCall(Step::Kind What) { return What >= Step::Calls && What <= Step::DropsLast; }

class SarifWriter {
public:
  SarifWriter(const DocumentOptions &Options, llvm::ArrayRef<RuleInfo> Rules, llvm::raw_ostream &OS)
      : Options(Options), Rules(Rules), J(OS, /*IndentSize=*/2) {}

  void write(const Report &R) {
    J.object([&] {
      J.attribute("$schema",
                  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json");
      J.attribute("version", "2.1.0");
      J.attributeArray("runs", [&] {
        J.object([&] {
          J.attributeObject("tool", [&] { J.attributeObject("driver", [&] { driver(); }); });
          if (!Options.Root.empty())
            J.attributeObject("originalUriBaseIds", [&] {
              J.attributeObject("SRCROOT", [&] {
                J.attribute("uri", "file://" + pathToUri(StringRef(Options.Root).rtrim('/')) + "/");
              });
            });
          J.attribute("columnKind", "utf16CodeUnits");
          J.attributeArray("invocations", [&] { J.object([&] { invocation(R); }); });
          J.attributeArray("results", [&] {
            for (const std::vector<Finding> *Each : {&R.Findings, &R.Suppressed, &R.Remarks})
              for (const Finding &F : *Each)
                J.object([&] { result(F); });
          });
          J.attributeObject("properties", [&] {
            J.attribute("unitsRequested", R.Units);
            J.attribute("unitsAnalysed", R.UnitsAnalysed);
          });
        });
      });
    });
  }

private:
  void text(StringRef Key, StringRef Value) { J.attribute(Key, llvm::json::fixUTF8(Value)); }
  void message(StringRef Key, StringRef Value) {
    J.attributeObject(Key, [&] { text("text", Value); });
  }

  void driver() {
    J.attribute("name", "fencelint");
    if (!Options.ToolVersion.empty()) {
      text("version", Options.ToolVersion);
      text("semanticVersion", Options.ToolVersion);
    }
    J.attributeArray("rules", [&] {
      for (const RuleInfo &Rule : Rules)
        J.object([&] {
          std::string Page = (StringRef("docs/rules/") + Rule.Id + ".md").str();
          J.attribute("id", Rule.Id);
          message("shortDescription", Rule.Summary);
          message("fullDescription", asSentence(Rule.Summary));
          if (!Options.HelpBase.empty())
            text("helpUri", Options.HelpBase + Rule.Id + ".md");
          message("help", "What it finds, why it is a bug, how to fix and how to silence it: " + Page);
          J.attributeObject("defaultConfiguration", [&] {
            J.attribute("enabled", Rule.OnByDefault);
            J.attribute("level", severityName(Rule.Level));
          });
          J.attributeObject("properties", [&] { text("page", Page); });
        });
    });
  }

  void invocation(const Report &R) {
    J.attribute("executionSuccessful", R.Problems.empty());
    J.attributeArray("toolExecutionNotifications", [&] {
      for (const Problem &P : R.Problems)
        J.object([&] {
          J.attribute("level", "error");
          message("message", StringRef(P.Message).trim('\n'));
          if (!P.File.empty())
            J.attributeArray("locations", [&] { location({P.File, P.Line, 0}, "", nullptr); });
        });
    });
  }

  void result(const Finding &F) {
    const RuleInfo *Rule = llvm::find_if(Rules, [&](const RuleInfo &R) { return F.Rule == R.Id; });
    text("ruleId", F.Rule);
    if (Rule != Rules.end())
      J.attribute("ruleIndex", Rule - Rules.begin());
    J.attribute("level", severityName(Rule == Rules.end() ? Severity::Warning : Rule->Level));
    message("message", F.Message);
    J.attributeArray("locations", [&] { location(F.At, F.Function, nullptr); });
    if (!F.Steps.empty())
      J.attributeArray("codeFlows", [&] {
        codeFlow(F.Steps);
        for (const OtherPlace &O : F.Also)
          if (counts(F, O))
            codeFlow(O.Steps);
      });
    if (llvm::any_of(F.Also, [&](const OtherPlace &O) { return counts(F, O); }))
      J.attributeArray("relatedLocations", [&] {
        for (const OtherPlace &O : F.Also)
          if (counts(F, O))
            location(O.At, O.Function, &O.Text);
      });
    // An empty list says that suppressions were looked for: all results of a run must agree on that (3.27.23).
    J.attributeArray("suppressions", [&] {
      if (F.Suppressed)
        J.object([&] { suppression(*F.Suppressed); });
    });
    if (!F.Fingerprint.empty())
      J.attributeObject("partialFingerprints", [&] { text("fencelint/v1", F.Fingerprint); });
    J.attribute("rank", F.Sure == Confidence::High ? 90.0 : F.Sure == Confidence::Medium ? 60.0 : 30.0);
    J.attributeObject("properties", [&] {
      J.attribute("confidence", confidenceName(F.Sure));
      text("function", F.Function);
      text("sink", F.Sink);
    });
  }

  /// The standard knows suppressed results only: a place that is suppressed for itself is left out.
  static bool counts(const Finding &F, const OtherPlace &O) { return F.Suppressed || !O.Suppressed; }

  void suppression(const Suppression &S) { // 3.35
    J.attribute("kind", "inSource");
    if (!S.Justification.empty())
      text("justification", S.Justification);
    J.attributeBegin("location");
    location(S.At, "", nullptr);
    J.attributeEnd();
  }

  void codeFlow(llvm::ArrayRef<Step> Steps) {
    J.object([&] {
      J.attributeArray("threadFlows", [&] { J.object([&] { J.attributeArray("locations", [&] { steps(Steps); }); }); });
    });
  }

  void steps(llvm::ArrayRef<Step> Steps) {
    int Order = 0, Depth = 0;
    for (const Step &S : Steps) {
      J.object([&] {
        J.attributeBegin("location");
        location(S.At, S.Function, &S.Text);
        J.attributeEnd();
        J.attributeArray("kinds", [&] {
          J.value(stepKindName(S.What));
          for (const char *Kind : standardKinds(S.What))
            J.value(Kind);
        });
        J.attribute("nestingLevel", Depth);
        J.attribute("executionOrder", ++Order);
        J.attribute("importance", S.What == Step::Calls ? "important" : "essential");
      });
      Depth += isCall(S.What);
    }
  }

  /// A location object. Parts that are not known are left out: an empty file name or line 0 would point at nonsense.
  void location(const SourcePosition &At, StringRef Function, const std::string *Text) {
    J.object([&] {
      if (!At.File.empty())
        J.attributeObject("physicalLocation", [&] { physicalLocation(At); });
      if (!Function.empty())
        J.attributeArray("logicalLocations", [&] {
          J.object([&] {
            text("fullyQualifiedName", Function);
            J.attribute("kind", "function");
          });
        });
      if (Text)
        message("message", *Text);
    });
  }

  void physicalLocation(const SourcePosition &At) {
    std::string Path = pathBelow(At.File, Options.Root);
    bool Absolute = llvm::sys::path::is_absolute(Path);
    J.attributeObject("artifactLocation", [&] {
      J.attribute("uri", Absolute ? "file://" + pathToUri(Path) : pathToUri(Path));
      if (!Absolute && !Options.Root.empty())
        J.attribute("uriBaseId", "SRCROOT");
    });
    if (At.Line)
      J.attributeObject("region", [&] {
        J.attribute("startLine", At.Line);
        if (unsigned Column = Lines.utf16Column(At))
          J.attribute("startColumn", Column);
      });
  }

  const DocumentOptions &Options;
  llvm::ArrayRef<RuleInfo> Rules;
  llvm::json::OStream J;
  SourceLines Lines;
};

} // namespace

void writeSarif(const Report &R, llvm::ArrayRef<RuleInfo> Rules, const DocumentOptions &Options,
                llvm::raw_ostream &OS) {
  SarifWriter(Options, Rules, OS).write(R);
  OS << '\n';
}

} // namespace fencelint
