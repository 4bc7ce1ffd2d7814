//===- Causes.cpp - many places, one cause ------------------------------------------===//
#include "checks/rules/Causes.h"
#include "llvm/ADT/STLExtras.h"
#include <map>

using namespace fencelint;

/// A call that this many places of one module get to in the wrong context is wrong itself, and a section that makes this many wrong calls; with
/// fewer, each place is.
static constexpr size_t ManyPlaces = 4;

/// Index into A of the first step from which on all chains agree; its size when they agree in none.
static size_t meeting(llvm::ArrayRef<Judged> Same) {
  const std::vector<Step> &A = Same.front().Says.Steps;
  size_t Shared = A.size();
  for (const Judged &J : Same) {
    const std::vector<Step> &B = J.Says.Steps;
    size_t N = 0;
    while (N < Shared && N < B.size() && A[A.size() - 1 - N].At == B[B.size() - 1 - N].At)
      ++N;
    Shared = N;
  }
  return A.size() - Shared;
}

/// The last step in the function whose call does the harm.
static size_t siteOf(const Program &P, const Judged &J) {
  const std::vector<Step> &Steps = J.Says.Steps;
  for (size_t I = Steps.size(); I-- > 0;)
    if (J.Explained.Site != None && Steps[I].Function == P.symbolOf(J.Explained.Site).Name)
      return I;
  return Steps.size();
}

/// Runs in a context from outside.
static bool isRoot(const Judged &J) { return J.Is->RootIndex != None; }

/// In a section that its function begins itself.
static bool beginsSection(const Judged &J) {
  return !isRoot(J) && J.Is->Entered.Event != None && J.Says.Steps.front().What == Step::Enters;
}

/// A finding of its own as one place of many, without its steps.
static OtherPlace placeOf(const Finding &F) {
  OtherPlace Place{F.At, F.Function, "the same in '" + F.Function + "': " + F.Message, {}};
  for (const Finding &Again : F.Repeats)
    Place.Repeats.push_back(Again.At);
  return Place;
}

/// One finding of several that a person mends for the same reason. One chain is shown, the others are named: the surest; among
/// these a root's, whose context nobody doubts, or else the shortest.
static Finding join(const Program &P, std::vector<Judged> Same) {
  llvm::sort(Same, [](const Judged &A, const Judged &B) {
    return std::tuple(-int(A.Says.Sure), !isRoot(A), A.Says.Steps.size(), A.Says.At) <
           std::tuple(-int(B.Says.Sure), !isRoot(B), B.Says.Steps.size(), B.Says.At);
  });
  const Judged &Shown = Same.front();
  size_t Meets = std::min(meeting(Same), siteOf(P, Shown));
  Finding F = Shown.Says;
  F.Shown = placeOf(Shown.Says);
  F.Repeats.clear();
  for (const Judged &J : Same)
    F.Sure = std::max(F.Sure, P.confidenceOf(*J.Is, /*IsOneOfMany=*/true));
  for (Judged &Other : llvm::drop_begin(Same)) {
    F.Also.push_back(placeOf(Other.Says));
    F.Also.back().Steps = std::move(Other.Says.Steps);
  }
  llvm::sort(F.Also, [](const OtherPlace &A, const OtherPlace &B) { return A.At < B.At; });
  Witness W = Shown.Explained;
  W.Because = "where " + std::to_string(Same.size()) + " functions of this module get to it in atomic context" +
              (isRoot(Shown) ? "; " : ", such as '" + F.Function + "' ") + W.Because;
  Violation Anywhere = *Shown.Is;
  Anywhere.RootIndex = None;
  bool CallsThemselves = Meets >= F.Steps.size() || F.Steps[Meets].Function == F.Function; // the place of one of them is as good as any
  if (CallsThemselves) {
    F.Message = Shown.By->say(P, Anywhere, W);
    return F;
  }
  const Step &There = F.Steps[Meets];
  W.Called = Meets + 1 < F.Steps.size() && F.Steps[Meets + 1].Function != There.Function ? F.Steps[Meets + 1].Function : F.Sink;
  F.Message = Shown.By->say(P, Anywhere, W);
  F.At = There.At;
  F.Function = There.Function;
  return F;
}

/// One finding of several calls in one section, which a person mends where the section begins or ends.
static Finding joinSection(const Program &P, std::vector<Judged> Same) {
  llvm::sort(Same, [](const Judged &A, const Judged &B) {
    return std::tuple(-int(A.Says.Sure), A.Says.At) < std::tuple(-int(B.Says.Sure), B.Says.At);
  });
  const Judged &Shown = Same.front();
  Finding F = Shown.Says;
  F.Shown = placeOf(Shown.Says);
  F.Repeats.clear();
  for (Judged &Other : llvm::drop_begin(Same)) {
    F.Also.push_back(placeOf(Other.Says));
    F.Also.back().Text = Other.Says.Message;
    F.Also.back().Steps = std::move(Other.Says.Steps);
  }
  llvm::sort(F.Also, [](const OtherPlace &A, const OtherPlace &B) { return A.At < B.At; });
  // Which of the calls is shown may change, so none is named.
  F.At = F.Steps.front().At;
  Witness W = Shown.Explained;
  W.Calls = Same.size();
  F.Message = Shown.By->say(P, *Shown.Is, W);
  F.Sink.clear();
  return F;
}

/// Within one function the surest, then first, place speaks for the others.
static void keepOnePerFunction(std::vector<Judged> &Same) {
  auto Whose = [](const Judged &J) { return std::tie(J.Says.At.File, J.Says.Function); };
  llvm::sort(Same, [&](const Judged &A, const Judged &B) {
    return std::tuple(Whose(A), -int(A.Says.Sure), A.Says.At) < std::tuple(Whose(B), -int(B.Says.Sure), B.Says.At);
  });
  size_t Kept = 0;
  for (size_t I = 0; I < Same.size(); ++I) {
    if (I && Whose(Same[I]) == Whose(Same[Kept - 1]))
      Same[Kept - 1].Says.Repeats.push_back(std::move(Same[I].Says));
    else if (Kept++ != I)
      Same[Kept - 1] = std::move(Same[I]);
  }
  Same.erase(Same.begin() + Kept, Same.end());
}

/// The function that does the harm: the last of the module, whose call leaves it; or, where the places themselves call out of it, the one that all of them
/// call. A header's function is none, nor a primitive, for which each place is its own mistake.
static FunctionId culprit(const Program &P, const Judged &J) {
  const ProgramFunction &Here = P.Functions[J.Is->Function];
  FunctionId Called = J.Is->Effect.Next;
  if (J.Explained.Site != J.Is->Function || isRoot(J) || Called == None)
    return J.Explained.Site;
  const ProgramFunction &There = P.Functions[Called];
  return There.Body && There.Module && There.Module != Here.Module && There.CopiesIn.empty() ? Called : J.Explained.Site;
}

std::vector<Finding> fencelint::joinCauses(const Program &P, std::vector<Judged> All) {
  struct Cause {
    std::vector<Judged> Places;                   ///< where the module itself makes the context
    std::map<FunctionId, std::vector<Judged>> Roots;
  };
  std::map<std::tuple<std::string, uint32_t, FunctionId, std::string, FunctionId>, Cause> Causes;
  for (Judged &J : All) {
    Cause &C =
        Causes[{J.Says.Rule, P.Functions[J.Is->Function].Module, culprit(P, J), J.Says.Sink, J.Is->Effect.Audited}];
    (isRoot(J) ? C.Roots[J.Is->Function] : C.Places).push_back(std::move(J));
  }
  std::vector<Finding> Joined;
  std::map<std::tuple<std::string, std::string, FunctionId, uint32_t, FunctionId>, std::vector<Judged>> Sections;
  auto Alone = [&](std::vector<Judged> &Each) {
    for (Judged &J : Each)
      if (beginsSection(J))
        Sections[{J.Says.Rule, effectPhrase(J.Is->Effect.Kind).str(), J.Is->Function, J.Is->Entered.Event, J.Is->Effect.Audited}].push_back(
            std::move(J));
      else
        Joined.push_back(std::move(J.Says));
  };
  for (auto &[Key, C] : Causes) {
    keepOnePerFunction(C.Places);
    bool Many = C.Places.size() >= ManyPlaces;
    for (auto &[Root, Reached] : C.Roots) {
      keepOnePerFunction(Reached);
      if (Many)
        llvm::move(Reached, std::back_inserter(C.Places));
      else // it has its own contract to keep, so it is its own cause
        Alone(Reached);
    }
    if (Many)
      Joined.push_back(join(P, std::move(C.Places)));
    else
      Alone(C.Places);
  }
  for (auto &[Key, Section] : Sections)
    if (Section.size() >= ManyPlaces)
      Joined.push_back(joinSection(P, std::move(Section)));
    else
      for (Judged &J : Section)
        Joined.push_back(std::move(J.Says));
  return Joined;
}
