//===- ListRules.cpp - fencelint rules -------------------------------------===//
#include "checks/Pipeline.h"
#include "plugin/frontend/CommandLine.h"
#include "plugin/frontend/Commands.h"
#include "plugin/frontend/DataFiles.h"
#include "plugin/frontend/SelectRules.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

namespace fencelint {

static int printPage(llvm::StringRef Id) {
  if (llvm::none_of(allRules(), [&](const RuleInfo &Rule) { return Id == Rule.Id; }))
    return reportError(unknownRule(Id, allRules()));
  std::string Path = rulePages() + "/" + Id.str() + ".md";
  auto Page = llvm::MemoryBuffer::getFile(Path);
  if (!Page)
    return reportError(inputError(llvm::Twine(Path) + ": cannot read the rule's page: " + llvm::StringRef(Page.getError().message()).lower()));
  llvm::outs() << (*Page)->getBuffer();
  return 0;
}

int runListRules(const Request &R) {
  if (R.Operands.size() > 1)
    return reportError(inputError("one rule at a time"));
  if (!R.Operands.empty())
    return printPage(R.Operands.front());
  size_t Width = 0;
  for (const RuleInfo &Rule : allRules())
    Width = std::max(Width, llvm::StringRef(Rule.Id).size());
  for (const RuleInfo &Rule : allRules())
    llvm::outs() << llvm::format("%-*s  %-3s  ", static_cast<int>(Width), Rule.Id, Rule.OnByDefault ? "on" : "off") << Rule.Summary << '\n';
  return 0;
}

} // namespace fencelint
