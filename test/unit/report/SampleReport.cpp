//===- SampleReport.cpp - one report that has everything in it -------------===//
//
// The writers' tests need a report with every kind of step, every confidence, positions that are missing or outside the
// root, names that are not UTF-8, and problems; no real analysis gives all of that at once. So this program builds it by
// hand and prints it: sample-report text|color|json|sarif ROOT [HELP-BASE].
//
//===----------------------------------------------------------------------===//
#include "checks/report/Writers.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

using namespace fencelint;

static const RuleInfo Rules[] = {
    {"alloc-in-atomic", Severity::Warning, true, "an allocation that may reclaim is reachable in atomic context"},
    {"sleep-in-atomic", Severity::Warning, true, "a call that may sleep is reachable in atomic context"},
    {"unknown-callee", Severity::Note, false, "the proof of an atomic context rests on a function nobody described"},
};

static Report sample(const std::string &Root) {
  const std::string Driver = Root + "/./drv/driver.c";
  Report R;
  R.Units = 3;
  R.UnitsAnalysed = 1;

  Finding Sleep;
  Sleep.Rule = "sleep-in-atomic";
  Sleep.At = {Driver, 6, 2};
  Sleep.Function = "drv_submit";
  Sleep.Message = "'drv_flush' may sleep, but preemption is disabled here";
  Sleep.Sink = "mutex_lock";
  Sleep.Steps = {
      {Step::Enters, {Driver, 5, 2}, "drv_submit", "preemption disabled by 'spin_lock' here"},
      {Step::Registered, {"/elsewhere/a b#1.h", 3, 1}, "drv_init", "registered by 'request_irq' here"},
      {Step::Contract,
       {"", 0, 0},
       "",
       "'dma_fence_ops.release' is called with interrupts off (linux/dma-fence.yaml:9)"},
      {Step::Calls, {Driver, 6, 2}, "drv_submit", "'drv_submit' calls 'drv_flush'"},
      {Step::CallsSlot, {Driver, 7, 0}, "drv_flush", "'drv_flush' calls 'drv_ops.kick'"},
      {Step::CallsVirtual, {Driver, 8, 1}, "drv::kick", "'drv::kick' calls 'drv::wait'"},
      {Step::Destroys, {Driver, 9, 1}, "drv::wait", "'guard' is destroyed"},
      {Step::DropsLast, {Driver, 10, 1}, "drv::~guard", "the last reference goes here"},
      {Step::Reaches, {Driver, 11, 1}, "drv::release", "'mutex_lock' sleeps (linux/mutex.yaml:7)"},
  };
  Sleep.Also = {{{Driver, 3, 2}, "drv_flip", "the same in 'drv_flip'", {Sleep.Steps.begin(), Sleep.Steps.begin() + 1}}};
  R.Findings.push_back(Sleep);

  Finding Unknown;
  Unknown.Rule = "unknown-callee";
  Unknown.At = {Driver, 4, 11};
  Unknown.Function = "drv_\xff";
  Unknown.Message = "'drv_\xff' is not known\x1b[31m";
  Unknown.Sink = "drv_\xff";
  Unknown.Sure = Confidence::Low;
  R.Findings.push_back(Unknown);

  Finding Unlisted = Unknown;
  Unlisted.Rule = "rule-of-tomorrow";
  Unlisted.At = {Root + "/drv/gone.c", 0, 0};
  Unlisted.Message = "no position, and no row in the table of rules";
  Unlisted.Sure = Confidence::Medium;
  R.Findings.push_back(Unlisted);

  R.Problems.push_back({Root + "/drv/broken.c", "1 error in the source\nexpected ';' after expression\n"});
  R.Problems.push_back({"", "no space left on device"});
  assignFingerprints(R);
  return R;
}

int main(int Count, char **Arguments) {
  if (Count < 3) {
    llvm::errs() << "usage: sample-report text|color|json|sarif ROOT [HELP-BASE]\n";
    return 2;
  }
  llvm::StringRef Format = Arguments[1];
  DocumentOptions Document{Arguments[2], "0.1.0", Count > 3 ? Arguments[3] : ""};
  TextOptions Text{Format == "color", Arguments[2], /*ShowSource=*/true, /*ClosingLine=*/true, /*Problems=*/true};
  Report R = sample(Arguments[2]);
  if (Format == "json")
    writeJson(R, Rules, Document, llvm::outs());
  else if (Format == "sarif")
    writeSarif(R, Rules, Document, llvm::outs());
  else
    writeText(R, Text, llvm::outs());
  return 0;
}
