//===- Machines.cpp - one program per kind of machine ---------------------------------===//
#include "checks/Machines.h"
#include "llvm/TargetParser/Triple.h"
#include <algorithm>
#include <set>

using namespace fencelint;

static std::string kindOf(const facts::Unit &U) {
  llvm::StringRef Prefix = llvm::Triple::getArchTypePrefix(llvm::Triple(U.target()->str()).getArch());
  return Prefix == "arm" ? "aarch64" : Prefix.str();
}

std::map<std::string, std::vector<FactsFile>> fencelint::perMachine(const std::vector<FactsFile> &Files) {
  std::map<std::string, std::vector<FactsFile>> Programs;
  for (const FactsFile &File : Files) {
    std::set<std::string> Kinds;
    for (const facts::Unit *U : File.units())
      Kinds.insert(kindOf(*U));
    for (const std::string &Kind : Kinds) {
      FactsFile Part = File;
      if (Kinds.size() > 1)
        Part.keepOnly([&](const facts::Unit &U) { return kindOf(U) == Kind; });
      Programs[Kind].push_back(std::move(Part));
    }
  }
  return Programs;
}

void fencelint::mergeEqual(Report &R) {
  sortFindings(R);
  auto Key = [](const Finding &F) { return std::tie(F.At, F.Rule, F.Function, F.Message, F.Sink); };
  auto Same = [&](const Finding &A, const Finding &B) { return Key(A) == Key(B); };
  R.Findings.erase(std::unique(R.Findings.begin(), R.Findings.end(), Same), R.Findings.end());
  auto Told = [](const Problem &A, const Problem &B) { return A.File == B.File && A.Line == B.Line && A.Message == B.Message; };
  R.Problems.erase(std::unique(R.Problems.begin(), R.Problems.end(), Told), R.Problems.end());
}
