//===- Suppressions.cpp - findings that the source says are none ------------===//
//
// A mark counts at the finding's own place. One finding may speak for others, and a mark must not silence what nobody has looked at:
//  * of one call that a function makes again and again only the first is told; when that is suppressed, the next speaks;
//  * where many places share a cause, a mark at one of them takes out that place. The finding goes when all of them are taken out, or when
//    the mark stands at the cause.
//
//===----------------------------------------------------------------------===//
#include "checks/report/Suppressions.h"
#include "checks/report/Source.h"
#include "llvm/ADT/STLExtras.h"

using namespace fencelint;
using llvm::StringRef;

static constexpr llvm::StringLiteral Prefix = "fence-";

Suppressions::MarkedFile &Suppressions::fileOf(StringRef Path) {
  auto [At, IsNew] = Files.try_emplace(Path);
  MarkedFile &F = At->second;
  if (!IsNew)
    return F;
  if (auto Text = readSource(Path))
    if (std::vector<Mark> Marks = findMarks(Text->getBuffer()); !Marks.empty()) {
      for (Mark &M : Marks)
        F.Marks.push_back({std::move(M), false, {}});
      F.Text = std::move(Text);
    }
  return F;
}

void Suppressions::read(llvm::ArrayRef<std::string> Paths) {
  for (const std::string &Path : Paths)
    fileOf(Path);
}

/// The innermost mark that covers this place; one with a reason, if there is one. All that do have their use.
std::optional<Suppression> Suppressions::find(StringRef Rule, const SourcePosition &At) {
  if (At.File.empty() || At.Line == 0)
    return std::nullopt;
  MarkedFile &F = fileOf(At.File);
  F.HasFinding = true;
  const Mark *Best = nullptr;
  for (Use &U : llvm::reverse(F.Marks)) {
    if (!U.Is.covers({At.Line, At.Column}) || !U.Is.concerns(Rule))
      continue;
    U.Used = true;
    for (StringRef Id : U.Is.ids())
      if (isIdOf(Id, Rule))
        U.UsedIds.push_back(Id);
    if (!Best || (Best->Reason.empty() && !U.Is.Reason.empty()))
      Best = &U.Is;
  }
  if (!Best)
    return std::nullopt;
  return Suppression{Best->Reason.str(), {At.File, Best->At.first, Best->At.second}};
}

/// A place with repeats is suppressed when each of them is.
std::optional<Suppression> Suppressions::findAll(StringRef Rule, const OtherPlace &Place) {
  std::optional<Suppression> S = find(Rule, Place.At);
  for (const SourcePosition &Again : Place.Repeats)
    if (!find(Rule, Again))
      S.reset();
  return S;
}

void Suppressions::applyToPlaces(Finding &F) {
  F.Shown.Suppressed = findAll(F.Rule, F.Shown);
  for (OtherPlace &O : F.Also)
    O.Suppressed = findAll(F.Rule, O);
  if (!F.Shown.Suppressed || F.Suppressed)
    return;
  auto Open = llvm::find_if(F.Also, [](const OtherPlace &O) { return !O.Suppressed; });
  if (Open == F.Also.end()) {
    F.Suppressed = F.Shown.Suppressed;
    return;
  }
  // What is shown should be what is to be mended: another place's chain.
  std::swap(F.Shown, *Open);
  Open->Steps = std::move(F.Steps);
  F.Steps = std::move(F.Shown.Steps);
  F.Shown.Steps.clear();
  llvm::sort(F.Also, [](const OtherPlace &A, const OtherPlace &B) { return A.At < B.At; });
}

/// The first repeat that nobody suppressed, when it has to speak for itself now.
std::optional<Finding> Suppressions::applyToRepeats(Finding &F) {
  std::vector<Finding> Repeats = std::move(F.Repeats);
  F.Repeats.clear();
  std::optional<Finding> Next;
  for (Finding &Again : Repeats)
    if (!find(F.Rule, Again.At) && !Again.Suppressed && !Next)
      Next = std::move(Again);
  return F.Suppressed ? std::move(Next) : std::nullopt;
}

void Suppressions::apply(std::vector<Finding> &Findings) {
  std::vector<Finding> CameToLight;
  for (Finding &F : Findings) {
    std::optional<Suppression> S = find(F.Rule, F.At);
    if (!F.Suppressed) // an annotation may have
      F.Suppressed = std::move(S);
    if (!F.Also.empty())
      applyToPlaces(F);
    else if (std::optional<Finding> Next = applyToRepeats(F))
      CameToLight.push_back(std::move(*Next));
  }
  llvm::move(CameToLight, std::back_inserter(Findings));
}

bool Suppressions::isOurs(StringRef Id) const {
  return Id.starts_with(Prefix) || llvm::any_of(Known, [&](const RuleInfo &R) { return Id == R.Id; });
}

bool Suppressions::namesOurs(const Mark &M) const {
  return M.HasList && llvm::any_of(M.ids(), [&](StringRef Id) { return isOurs(Id); });
}

/// Every rule of that name that one could expect to run did.
bool Suppressions::hasRun(StringRef Id, llvm::ArrayRef<std::string> Ran) const {
  return llvm::all_of(Known, [&](const RuleInfo &R) {
    return !isIdOf(Id, R.Id) || llvm::is_contained(Ran, R.Id) || R.Id == UnusedSuppression ||
           (!R.OnByDefault && Id.contains('*'));
  });
}

std::vector<StringRef> Suppressions::paths() const {
  std::vector<StringRef> Paths;
  for (const auto &File : Files)
    if (!File.second.Marks.empty())
      Paths.push_back(File.first());
  llvm::sort(Paths);
  return Paths;
}

std::vector<Finding> Suppressions::unused(llvm::ArrayRef<std::string> Ran) const {
  std::vector<Finding> Unused;
  for (StringRef Path : paths())
    for (const Use &U : Files.find(Path)->second.Marks) {
      std::vector<StringRef> Ids = U.Is.ids();
      bool IsAskedFor = llvm::any_of(
          Ids, [](StringRef Id) { return Id == UnusedSuppression || Id == (Prefix + UnusedSuppression).str(); });
      if (U.Is.What == Mark::End || !U.Is.Matched || IsAskedFor)
        continue;
      for (StringRef Id : Ids) {
        if (!isOurs(Id) || llvm::is_contained(U.UsedIds, Id))
          continue;
        bool Exists = llvm::any_of(Known, [&](const RuleInfo &R) { return isIdOf(Id, R.Id); });
        if (Exists && !hasRun(Id, Ran))
          continue;
        Finding F;
        F.Rule = UnusedSuppression;
        F.At = {Path.str(), U.Is.At.first, U.Is.At.second};
        F.Message = ("'" + Id + (Exists ? "' suppresses nothing here" : "' is no rule and suppresses nothing")).str();
        F.Sink = Id.str();
        Unused.push_back(std::move(F));
      }
    }
  return Unused;
}

std::vector<Problem> Suppressions::problems(bool RequireReasons) const {
  std::vector<Problem> Problems;
  for (StringRef Path : paths()) {
    const MarkedFile &F = Files.find(Path)->second;
    for (const Use &U : F.Marks) {
      const Mark &M = U.Is;
      bool Concerns =
          namesOurs(M) || (F.HasFinding && llvm::any_of(Known, [&](const RuleInfo &R) { return M.concerns(R.Id); }));
      auto Complain = [&](const llvm::Twine &Text) {
        Problems.push_back({Path.str(), ("'" + M.Spelled + "' " + Text).str(), M.At.first});
      };
      if (!M.Matched && Concerns)
        Complain(M.What == Mark::Begin ? "is never closed" : "closes no open block with this list");
      if (RequireReasons && M.What != Mark::End && M.Matched && M.Reason.empty() && (U.Used || namesOurs(M)))
        Complain("gives no reason; write '" + M.Spelled + ": why'");
    }
  }
  return Problems;
}
