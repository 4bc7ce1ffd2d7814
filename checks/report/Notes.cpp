//===- Notes.cpp - what is said under a finding's own line -----------------===//
#include "checks/report/Notes.h"

namespace fencelint {

/// Other places of one finding that are written out; all are in JSON and SARIF.
static constexpr size_t MostAlso = 5;

std::vector<Note> notesOf(const Finding &F) {
  std::vector<Note> Notes;
  for (const Step &S : F.Steps)
    Notes.push_back({S.At, S.Text});
  std::vector<const OtherPlace *> Also;
  for (const OtherPlace &O : F.Also)
    if (!O.Suppressed || F.Suppressed)
      Also.push_back(&O);
  for (size_t I = 0; I < Also.size(); ++I) {
    if (I == MostAlso) {
      Notes.push_back({Also[I]->At, "and in " + std::to_string(Also.size() - I) + " more places"});
      break;
    }
    Notes.push_back({Also[I]->At, Also[I]->Text});
  }
  if (F.Suppressed) {
    const std::string &Why = F.Suppressed->Justification;
    Notes.push_back({F.Suppressed->At, "suppressed here" + (Why.empty() ? "" : ": " + Why)});
  }
  return Notes;
}

} // namespace fencelint
