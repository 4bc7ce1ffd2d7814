//===- FactsInput.h - facts out of whatever carries them -------------------===//
//
// Facts travel as facts files or in the section `.fencelint` of what a compiler made: objects, archives of them (thin ones too), what
// `ld -r` joined, kernel modules, programs that kept the section. The user names any of these or a directory; this is where they become
// FactsFiles. Nothing an input is stops the others: what is broken is a defect, what is whole and holds no facts is named as such.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_FACTS_FACTSINPUT_H
#define FENCELINT_FACTS_FACTSINPUT_H

#include "checks/facts/FactsFile.h"
#include <string>

namespace fencelint {

struct FactsDefect {
  std::string File; ///< `lib.a(driver.o)` for a member of an archive
  std::string Message;
};

struct FactsInput {
  std::vector<FactsFile> Files;
  std::vector<FactsDefect> Defects;
  std::vector<std::string> WithoutFacts; ///< objects, members of archives, or whole archives
};

/// Reads each of Paths: a file of any kind above, or a directory with everything below that is named like one.
FactsInput readFacts(llvm::ArrayRef<std::string> Paths);

/// By its first bytes or its name: something that readFacts can look into and that is no source.
bool mayHoldFacts(llvm::StringRef Path);

/// Leaves out the units that another version of fencelint wrote than Tool, which is `fencelint 0.1.0`; a defect for each file.
void dropOtherTools(FactsInput &Input, llvm::StringRef Tool);

} // namespace fencelint
#endif
