//===- Causes.cpp - many places, one cause ------------------------------------------===//
#include "checks/rules/Causes.h"
#include "llvm/ADT/STLExtras.h"
#include <map>

using namespace fencelint;

/// A call that this many places of one module get to in the wrong context is wrong itself; with fewer, each place is.
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

/// One finding of several that a person mends for the same reason. The surest and shortest chain is shown, the others are named.
static Finding join(const Program &P, std::vector<Judged> Same) {
  llvm::sort(Same, [](const Judged &A, const Judged &B) {
    return std::tuple(-int(A.Says.Sure), A.Says.Steps.size(), A.Says.At) < std::tuple(-int(B.Says.Sure), B.Says.Steps.size(), B.Says.At);
  });
  size_t Meets = std::min(meeting(Same), siteOf(P, Same.front()));
  Finding F = Same.front().Says;
  for (Judged &Other : llvm::drop_begin(Same))
    F.Also.push_back({Other.Says.At, Other.Says.Function, "the same in '" + Other.Says.Function + "': " + Other.Says.Message,
                      std::move(Other.Says.Steps)});
  llvm::sort(F.Also, [](const OtherPlace &A, const OtherPlace &B) { return A.At < B.At; });
  if (Meets >= F.Steps.size() || F.Steps[Meets].Function == F.Function)
    return F;
  const Step &There = F.Steps[Meets];
  Witness W = Same.front().Explained;
  W.Called = Meets + 1 < F.Steps.size() && F.Steps[Meets + 1].Function != There.Function ? F.Steps[Meets + 1].Function : F.Sink;
  W.Because = "where " + std::to_string(Same.size()) + " functions of this module get to it in atomic context, such as '" + F.Function + "' " +
              W.Because;
  F.Message = Same.front().By->say(P, *Same.front().Is, W);
  F.At = There.At;
  F.Function = There.Function;
  return F;
}

std::vector<Finding> fencelint::joinCauses(const Program &P, std::vector<Judged> All) {
  // A function that runs in a context from outside has its own contract to keep, so it is its own cause.
  std::map<std::tuple<std::string, uint32_t, FunctionId, std::string, FunctionId>, std::vector<Judged>> PerCause;
  for (Judged &J : All) {
    uint32_t Module = P.Functions[J.Is->Function].Module;
    FunctionId Root = J.Is->RootIndex == None ? None : J.Is->Function;
    PerCause[{J.Says.Rule, Module, J.Explained.Site, J.Says.Sink, Root}].push_back(std::move(J));
  }
  std::vector<Finding> Joined;
  for (auto &[Key, Same] : PerCause) {
    // Within one function the surest, then first, place speaks for the others.
    auto Whose = [](const Judged &J) { return std::tie(J.Says.At.File, J.Says.Function); };
    llvm::sort(Same, [&](const Judged &A, const Judged &B) {
      return std::tuple(Whose(A), -int(A.Says.Sure), A.Says.At) < std::tuple(Whose(B), -int(B.Says.Sure), B.Says.At);
    });
    Same.erase(std::unique(Same.begin(), Same.end(), [&](const Judged &A, const Judged &B) { return Whose(A) == Whose(B); }), Same.end());
    if (Same.size() >= ManyPlaces)
      Joined.push_back(join(P, std::move(Same)));
    else
      for (Judged &J : Same)
        Joined.push_back(std::move(J.Says));
  }
  return Joined;
}
