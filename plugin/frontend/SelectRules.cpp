//===- SelectRules.cpp - what --rules means --------------------------------===//
#include "plugin/frontend/SelectRules.h"
#include "checks/models/Spelling.h"
#include "plugin/frontend/CommandLine.h"
#include "llvm/ADT/STLExtras.h"

namespace fencelint {

llvm::Error unknownRule(llvm::StringRef Id, llvm::ArrayRef<RuleInfo> Known) {
  llvm::SmallVector<llvm::StringRef, 32> Ids;
  for (const RuleInfo &Rule : Known)
    Ids.push_back(Rule.Id);
  return inputError("'" + Id + "' is not a rule" + didYouMean(Id, Ids) + "\n'fencelint rules' lists them");
}

llvm::Expected<RuleSelection> selectRules(llvm::ArrayRef<std::string> Given, llvm::ArrayRef<RuleInfo> Known) {
  RuleSelection Selection;
  bool OnlyWithout = true;
  for (llvm::StringRef List : Given) {
    llvm::SmallVector<llvm::StringRef, 8> Words;
    List.split(Words, ',');
    for (llvm::StringRef Word : Words) {
      Word = Word.trim();
      bool Off = Word.consume_front("-");
      if (Word.empty())
        continue;
      bool All = Word == "all";
      if (!All && llvm::none_of(Known, [&](const RuleInfo &Rule) { return Word == Rule.Id; }))
        return unknownRule(Word, Known);
      OnlyWithout &= Off;
      for (const RuleInfo &Rule : Known) {
        if (!All && Word != Rule.Id)
          continue;
        llvm::erase(Selection.Run, Rule.Id);
        llvm::erase(Selection.Without, Rule.Id);
        (Off ? Selection.Without : Selection.Run).push_back(Rule.Id);
      }
    }
  }
  bool AnyLeft = OnlyWithout ? llvm::any_of(Known, [&](const RuleInfo &Rule) {
    return Rule.OnByDefault && !llvm::is_contained(Selection.Without, Rule.Id);
  }) : !Selection.Run.empty();
  if (!AnyLeft)
    return inputError("--rules leaves no rule to run");
  return Selection;
}

} // namespace fencelint
