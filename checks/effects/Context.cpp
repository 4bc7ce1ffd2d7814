//===- Context.cpp - levels, names and words for contexts ------------------===//
//
// Why names live here: model files, annotations and messages must spell a part the same way, so there is one list each.
// A message names every reason a reader may need, most physical first; levels below zero (a difference that gave the
// caller's level back) are no reason for anything and stay silent.
//
//===----------------------------------------------------------------------===//
#include "checks/effects/Context.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>

namespace fencelint {
namespace {

constexpr int DeepestLevel = 7;

constexpr llvm::StringLiteral PartNames[PartCount] = {"preempt-off", "irqs-off",   "bh-off", "rcu",
                                                      "signalling",  "no-reclaim", "no-fs",  "no-io",  "device-active"};

struct WhereName {
  llvm::StringLiteral Name;
  uint8_t Bit;
};
constexpr WhereName WhereNames[] = {
    {"softirq", InSoftirq},
    {"hardirq", InHardirq},
    {"nmi", InNmi},
    {"maybe-interrupt", MaybeInterrupt},
    {"in-fence-callback", InFenceCallback},
    {"no-allocation", NoAllocation},
    {"no-free", NoFree},
    {"never-sleeps", NoSleepPromise},
};

int8_t saturate(int Level) { return static_cast<int8_t>(std::clamp(Level, -DeepestLevel, DeepestLevel)); }

/// "a", "a and b", "a, b and c".
std::string listInWords(llvm::ArrayRef<llvm::StringRef> Words) {
  std::string Text;
  for (auto [I, Word] : llvm::enumerate(Words)) {
    if (I > 0)
      Text += I + 1 == Words.size() ? " and " : ", ";
    Text += Word;
  }
  return Text;
}

} // namespace

void Context::change(Part P, int By) { (*this)[P] = saturate((*this)[P] + By); }

Context Context::plus(const Context &Difference) const {
  Context Sum = *this;
  for (unsigned I = 0; I < PartCount; ++I)
    Sum.Levels[I] = saturate(Levels[I] + Difference.Levels[I]);
  Sum.Where |= Difference.Where;
  return Sum;
}

bool Context::isAtomic() const {
  return (*this)[Part::PreemptOff] > 0 || (*this)[Part::IrqsOff] > 0 || (*this)[Part::BhOff] > 0 ||
         (*this)[Part::Rcu] > 0 || isInterrupt() || (Where & NoSleepPromise);
}

std::string Context::describe() const {
  llvm::SmallVector<llvm::StringRef, 3> Disabled;
  if ((*this)[Part::PreemptOff] > 0)
    Disabled.push_back("preemption");
  if ((*this)[Part::IrqsOff] > 0)
    Disabled.push_back("interrupts");
  if ((*this)[Part::BhOff] > 0)
    Disabled.push_back("bottom halves");

  llvm::SmallVector<std::string, 4> Reasons;
  if (!Disabled.empty()) {
    // "preemption" is one thing, the other two are plural by themselves.
    bool IsOne = Disabled.size() == 1 && (*this)[Part::PreemptOff] > 0;
    Reasons.push_back(listInWords(Disabled) + (IsOne ? " is disabled" : " are disabled"));
  }
  if (Where & InNmi)
    Reasons.push_back("in a non-maskable interrupt");
  else if (Where & InHardirq)
    Reasons.push_back("in a hard interrupt");
  else if (Where & InSoftirq)
    Reasons.push_back("in a soft interrupt");
  else if (Where & MaybeInterrupt)
    Reasons.push_back("possibly in an interrupt");
  if ((*this)[Part::Rcu] > 0)
    Reasons.push_back("in an RCU read-side section");
  if (Where & InFenceCallback)
    Reasons.push_back("in a fence callback");
  if ((*this)[Part::Signalling] > 0)
    Reasons.push_back("in a fence signalling section");
  if ((*this)[Part::NoReclaim] > 0)
    Reasons.push_back("in a no-reclaim scope");
  if ((*this)[Part::NoFs] > 0)
    Reasons.push_back("in a no-fs scope");
  if ((*this)[Part::NoIo] > 0)
    Reasons.push_back("in a no-io scope");
  if (Where & NoSleepPromise)
    Reasons.push_back("declared nonblocking");
  else if (Where & NoAllocation)
    Reasons.push_back("allocating is forbidden");
  return Reasons.empty() ? "in a task" : llvm::join(Reasons, ", ");
}

std::optional<Part> parsePart(llvm::StringRef Name) {
  for (unsigned I = 0; I < PartCount; ++I)
    if (PartNames[I] == Name)
      return static_cast<Part>(I);
  return std::nullopt;
}

llvm::StringRef partName(Part P) { return PartNames[static_cast<unsigned>(P)]; }

std::optional<uint8_t> parseWhere(llvm::StringRef Name) {
  for (const WhereName &Known : WhereNames)
    if (Known.Name == Name)
      return Known.Bit;
  return std::nullopt;
}

} // namespace fencelint
