//===- ModelText.cpp - a model entry, back in the words of a model file ----===//
#include "checks/models/ModelText.h"
#include "llvm/ADT/StringExtras.h"

namespace fencelint {
namespace {

std::string text(const Subject &S) {
  switch (S.What) {
  case Subject::Argument:
    return "arg" + std::to_string(S.Index) + (S.Name.empty() ? "" : "." + S.Name);
  case Subject::This:
    return S.Name.empty() ? "this" : "this." + S.Name;
  case Subject::Result:
    return "result";
  case Subject::Global:
    return "global " + S.Name;
  }
  return "";
}

std::string number(int64_t N) { return N > 255 ? "0x" + llvm::utohexstr(N, /*LowerCase=*/true) : std::to_string(N); }

std::string text(const Condition &C) {
  std::string Of = text(C.Of), N = number(C.Number);
  switch (C.How) {
  case Condition::Equal:
    return Of + " == " + N;
  case Condition::NotEqual:
    return Of + " != " + N;
  case Condition::Less:
    return Of + " < " + N;
  case Condition::GreaterEqual:
    return Of + " >= " + N;
  case Condition::AnyBit:
    return Of + " & 0x" + llvm::utohexstr(C.Number, /*LowerCase=*/true);
  case Condition::NoBit:
    return "not " + Of + " & 0x" + llvm::utohexstr(C.Number, /*LowerCase=*/true);
  case Condition::IsError:
    return Of + " is error";
  case Condition::NotError:
    return Of + " not error";
  case Condition::IsMapped:
    return Of + " is mapped";
  case Condition::NotActive:
    return Of + " not active";
  }
  return "";
}

const char *text(EffectKind Kind) {
  switch (Kind) {
  case EffectKind::Sleep:
    return "sleeps";
  case EffectKind::SleepOutsideIrq:
    return "sleeps outside interrupts";
  case EffectKind::SleepOnRt:
    return "sleeps on rt";
  case EffectKind::Reclaim:
    return "reclaims";
  case EffectKind::Allocate:
    return "allocates";
  case EffectKind::Free:
    return "frees";
  case EffectKind::WaitFence:
    return "waits for fence";
  case EffectKind::WaitWork:
    return "waits for work";
  case EffectKind::WaitIrq:
    return "waits for irq";
  case EffectKind::SleepingLock: // made from `sleeps` with `takes sleeping`
    return "sleeps";
  case EffectKind::WaitGracePeriod:
    return "waits for grace period";
  case EffectKind::UserAccess:
    return "touches user memory";
  case EffectKind::SignalFence:
    return "signals fence";
  case EffectKind::Unknown:
  case EffectKind::Asked: // no sentence says this
    return "does something unknown";
  }
  return "";
}

std::string change(const Action &A) {
  if (A.Lock == LockKind::None)
    return std::string(A.By > 0 ? "enters " : "leaves ") + (A.Changed ? partName(*A.Changed).str() : "");
  const char *Kind = A.Lock == LockKind::Sleeping ? "sleeping " : A.Lock == LockKind::Raw ? "raw " : "spinning ";
  return std::string(A.By > 0 ? "takes " : "releases ") + Kind + text(A.On);
}

std::string clause(const Action &A) {
  static const char *const Questions[] = {"preempt-off", "irqs-off", "interrupt", "atomic", "task"};
  switch (A.What) {
  case Action::Effect:
    return text(A.Kind);
  case Action::ChangeContext:
    return change(A);
  case Action::BlocksOnLast:
    return "may block on last reference";
  case Action::CountsDown:
    return "counts down";
  case Action::Calls:
    return "calls " + text(A.On);
  case Action::Answers:
    return std::string("answers ") + Questions[A.Asked];
  case Action::Empties:
    return "empties " + text(A.On);
  case Action::Zeroes:
    return "zeroes " + text(A.On);
  case Action::DestroysTypeArgument:
    return (A.Counted ? "counted destroys type-argument " : "destroys type-argument ") + std::to_string(A.TypeArgument);
  case Action::Returns:
    return "returns " + (A.On.What == Subject::Result ? number(A.Number) : text(A.On));
  case Action::TestsBit:
    return "tests bit arg0 of arg1";
  case Action::Repeats:
    return "repeats its result";
  case Action::GivesMapped:
    return "gives mapped memory";
  case Action::NeverReturns:
    return "never returns";
  case Action::Warns:
    return "warns";
  case Action::Activates:
    return "activates " + text(A.On);
  case Action::KeepsActive:
    return "keeps active " + text(A.On);
  case Action::Deactivates:
    return "deactivates " + text(A.On);
  case Action::AsksForReference:
    return "asks for reference " + text(A.On);
  case Action::TakesReference:
    return "takes reference " + text(A.On);
  case Action::HoldsReference:
    return "holds another reference " + text(A.On);
  }
  return "";
}

} // namespace

std::string sentenceOf(const Action &A) {
  std::string All = clause(A);
  for (size_t I = 0; I < A.When.size(); ++I)
    All += (I ? " and " : " when ") + text(A.When[I]);
  return All;
}

std::string describeActions(const std::vector<Action> &Does) {
  if (Does.empty())
    return "nothing";
  std::string All;
  for (const Action &A : Does)
    All += (All.empty() ? "" : "; ") + sentenceOf(A);
  return All;
}

std::string describeParts(const Context &C) {
  static const char *const Places[] = {"softirq", "hardirq", "nmi", "maybe-interrupt", "in-fence-callback", "no-allocation"};
  std::vector<std::string> Words;
  for (unsigned P = 0; P < PartCount; ++P)
    if (C[static_cast<Part>(P)] > 0)
      Words.push_back(partName(static_cast<Part>(P)).str());
  for (const char *Place : Places)
    if (std::optional<uint8_t> Bit = parseWhere(Place); Bit && (C.Where & *Bit))
      Words.push_back(Place);
  return Words.empty() ? "task" : llvm::join(Words, ", ");
}

} // namespace fencelint
