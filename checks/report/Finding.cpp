//===- Finding.cpp - names, order and identity of findings -----------------===//
//
// A finding must keep its identity while people edit around it, or a baseline is worthless after the first commit. So a
// fingerprint holds names only: a moved line, a renamed directory or a reworded message leaves it as it was. The price:
// two findings that agree in rule, function, chain and sink differ by their order alone, and fixing the first one gives
// its fingerprint to the second.
//
//===----------------------------------------------------------------------===//
#include "checks/report/Finding.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"
#include <algorithm>
#include <map>
#include <tuple>

namespace fencelint {

const char *stepKindName(Step::Kind Kind) {
  switch (Kind) {
  case Step::Enters:
    return "enters";
  case Step::Registered:
    return "registered";
  case Step::Contract:
    return "contract";
  case Step::Calls:
    return "calls";
  case Step::CallsSlot:
    return "calls-slot";
  case Step::CallsVirtual:
    return "calls-virtual";
  case Step::Destroys:
    return "destroys";
  case Step::DropsLast:
    return "drops-last";
  case Step::Reaches:
    return "reaches";
  }
  return "calls";
}

const char *confidenceName(Confidence C) {
  switch (C) {
  case Confidence::Low:
    return "low";
  case Confidence::Medium:
    return "medium";
  case Confidence::High:
    return "high";
  }
  return "high";
}

const char *severityName(Severity Level) {
  return Level == Severity::Error ? "error" : Level == Severity::Warning ? "warning" : "note";
}

/// Adds a name as one element of the hashed text. Names of closures and unnamed types may hold a place,
/// `(lambda at /src/a.cpp:12:3)`: of that only the file's last component counts.
static void appendName(std::string &Text, llvm::StringRef Name) {
  while (!Name.empty()) {
    size_t At = Name.find(" at ");
    if (At == llvm::StringRef::npos)
      break;
    llvm::StringRef Place = Name.substr(At + 4).take_until([](char C) { return C == ')' || C == '\''; });
    Text += Name.take_front(At);
    Name = Name.substr(At + 4 + Place.size());
    Place = Place.substr(Place.find_last_of('/') + 1);
    Text += Place.take_until([](char C) { return C == ':'; });
  }
  Text += Name;
  Text += '\0';
}

std::string fingerprint(llvm::StringRef Rule, llvm::StringRef Function, llvm::StringRef Sink,
                        llvm::ArrayRef<std::string> Chain, unsigned Ordinal) {
  std::string Text;
  appendName(Text, Rule);
  appendName(Text, Function);
  appendName(Text, Sink);
  for (const std::string &Name : Chain)
    appendName(Text, Name);
  if (Ordinal)
    appendName(Text, "#" + std::to_string(Ordinal));
  return llvm::utohexstr(llvm::xxh3_64bits(Text), /*LowerCase=*/true, /*Width=*/16);
}

static bool comesBefore(const Finding &A, const Finding &B) {
  auto Key = [](const Finding &F) {
    return std::tie(F.At, F.Rule, F.Message, F.Sink, F.Function, F.Sure, F.Fingerprint);
  };
  if (Key(A) != Key(B))
    return Key(A) < Key(B);
  return std::lexicographical_compare(
      A.Steps.begin(), A.Steps.end(), B.Steps.begin(), B.Steps.end(), [](const Step &X, const Step &Y) {
        return std::tie(X.At, X.What, X.Function, X.Text) < std::tie(Y.At, Y.What, Y.Function, Y.Text);
      });
}

void sortFindings(Report &R) {
  for (std::vector<Finding> *Each : {&R.Findings, &R.Suppressed, &R.Remarks})
    llvm::sort(*Each, comesBefore);
  llvm::sort(R.Problems, [](const Problem &A, const Problem &B) {
    return std::tie(A.File, A.Line, A.Message) < std::tie(B.File, B.Line, B.Message);
  });
}

void assignFingerprints(Report &R) {
  std::vector<Finding *> All;
  for (std::vector<Finding> *Each : {&R.Findings, &R.Suppressed, &R.Remarks})
    for (Finding &F : *Each) {
      F.Fingerprint.clear();
      All.push_back(&F);
    }
  // In one order, so that a finding that gets suppressed leaves the names of the others alone.
  llvm::sort(All, [](const Finding *A, const Finding *B) { return comesBefore(*A, *B); });
  std::map<std::string, unsigned> Seen;
  for (Finding *F : All) {
    std::vector<std::string> Chain;
    // Of many places that share a cause, which one is shown may change: only what they share counts.
    // A section is named by its function alone.
    auto Shared = F->Also.empty() ? F->Steps.begin()
                                  : llvm::find_if(F->Steps, [&](const Step &S) { return S.Function == F->Function; });
    auto End = F->Sink.empty() && Shared != F->Steps.end() ? std::next(Shared) : F->Steps.end();
    for (const Step &S : llvm::make_range(Shared, End))
      if (!S.Function.empty() && (Chain.empty() || Chain.back() != S.Function))
        Chain.push_back(S.Function);
    unsigned Ordinal = Seen[fingerprint(F->Rule, F->Function, F->Sink, Chain)]++;
    F->Fingerprint = fingerprint(F->Rule, F->Function, F->Sink, Chain, Ordinal);
  }
  sortFindings(R);
}

} // namespace fencelint
