//===- Finding.h - a finding, as plain data --------------------------------===//
//
// A finding is a chain, and every step says why. Rules make findings, writers print them; nothing else passes between.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_REPORT_FINDING_H
#define FENCELINT_REPORT_FINDING_H

#include "checks/report/SourcePosition.h"
#include "checks/report/Statistics.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fencelint {

/// One step from where the context begins to the effect, in the order of execution.
struct Step {
  enum Kind : uint8_t {
    Enters,     ///< the context begins here: a lock, a section, an interrupts-off
    Registered, ///< a slot or a registration call gives the context
    Contract,   ///< an annotation or a promise gives the context
    Calls,      ///< direct call
    CallsSlot,  ///< through a function pointer in a field, variable or parameter
    CallsVirtual,
    Destroys,  ///< an implicit destructor or cleanup
    DropsLast, ///< the last counted reference goes
    Reaches,   ///< the effect, and who says so
  } What = Calls;
  SourcePosition At;
  std::string Function; ///< the function whose code this step is in
  std::string Text;     ///< the sentence, lower-case, no full stop
};
/// "enters", "registered", ... stable spelling for JSON and SARIF.
const char *stepKindName(Step::Kind Kind);

enum class Confidence : uint8_t { Low, Medium, High };
const char *confidenceName(Confidence C);

/// Somebody has said in the source that this is no mistake: a NOLINT comment or an annotation.
struct Suppression {
  std::string Justification; ///< why; may be empty
  SourcePosition At;         ///< where it is said
};

/// Another place that makes the same mistake, with its own chain.
struct OtherPlace {
  SourcePosition At;    ///< the call that leads to the effect
  std::string Function; ///< whose call that is
  std::string Text;     ///< one line: what is called and in which context
  std::vector<Step> Steps;
  std::vector<SourcePosition> Repeats = {}; ///< the same call again in the same function
  std::optional<Suppression> Suppressed = {};
};

struct Finding {
  std::string Rule;     ///< `sleep-in-atomic`
  SourcePosition At;    ///< where a person would look first: in the function that knows the context
  std::string Function; ///< qualified name of that function
  std::string Message;  ///< one line, lower-case, no full stop
  std::string Sink;     ///< name of the primitive the chain ends in: `mutex_lock`; empty when many calls of one section are meant
  std::vector<Step> Steps;
  std::vector<OtherPlace> Also; ///< when many places of one module make the same mistake: all but the one that Steps shows
  OtherPlace Shown;             ///< with Also: the place that Steps shows; its own Steps are empty
  std::vector<Finding>
      Repeats; ///< the same call again in the same function: nobody is told unless the first one is suppressed
  Confidence Sure = Confidence::High;
  std::string Fingerprint; ///< 16 hex digits; survives moved lines
  std::optional<Suppression> Suppressed;
};

enum class Severity : uint8_t { Note, Warning, Error };
/// "note", "warning", "error": also the levels of SARIF.
const char *severityName(Severity Level);

/// One row of Rules.def.
struct RuleInfo {
  const char *Id;
  Severity Level;
  bool OnByDefault;
  const char *Summary; ///< one sentence
};

/// 16 hex digits that name a finding across edits: made of the rule, the function that knows the context, the sink and the functions of
/// the chain, never of a file or a line. Findings that agree in all of these are told apart by Ordinal, counted in report order.
std::string fingerprint(llvm::StringRef Rule, llvm::StringRef Function, llvm::StringRef Sink,
                        llvm::ArrayRef<std::string> Chain, unsigned Ordinal = 0);

/// A unit or file that could not be worked on; the run goes on without it and exits 2.
struct Problem {
  std::string File;    ///< may be empty
  std::string Message; ///< first line is the error, further lines are its context
  unsigned Line = 0;   ///< 0: the whole file
};

/// What a person may want to know of the run, and no machine.
struct Note {
  SourcePosition At;   ///< a file alone, or nothing
  std::string Message; ///< one line
  auto operator<=>(const Note &) const = default;
};

/// All that a run has to say, each list sorted by file, line, column, rule.
struct Report {
  std::vector<Finding> Findings;   ///< what is to be mended; only these count for an exit code
  std::vector<Finding> Suppressed; ///< what the source says is none: Finding::Suppressed is set
  std::vector<Finding> Remarks;    ///< worth a line, no reason to fail
  std::vector<Problem> Problems;
  std::vector<Note> Notes; ///< in text only
  unsigned Units = 0; ///< translation units that were asked for
  unsigned UnitsAnalysed = 0;
  unsigned LessSure = 0; ///< findings left out that the next lower --min-confidence would show
  std::optional<SummaryStatistics> Summaries; ///< when somebody asked
};

/// Findings by file, line, column, rule, then by everything a reader can see; problems by file. The same report comes out whatever
/// order threads delivered it in.
void sortFindings(Report &R);
/// Sorts, then gives every finding its fingerprint, with ordinals where two would be equal.
void assignFingerprints(Report &R);

} // namespace fencelint
#endif
