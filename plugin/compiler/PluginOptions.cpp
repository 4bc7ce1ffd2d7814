//===- PluginOptions.cpp - -fplugin-arg-fencelint-NAME=VALUE ---------------===//
#include "plugin/compiler/PluginOptions.h"
#include "checks/models/Spelling.h"
#include "plugin/compiler/UnitCheck.h"
#include "llvm/ADT/StringExtras.h"

namespace fencelint {
namespace {

using llvm::StringRef;

llvm::Error setModel(PluginOptions &Options, StringRef Value) {
  for (StringRef Path : llvm::split(Value, ','))
    if (!Path.empty())
      Options.Models.push_back(Path.str());
  return llvm::Error::success();
}

llvm::Error setConfidence(PluginOptions &Options, StringRef Value) {
  return parseConfidence(Value).moveInto(Options.AtLeast);
}

llvm::Error setFacts(PluginOptions &Options, StringRef Value) {
  Options.FactsPath = Value.str();
  return llvm::Error::success();
}

/// Yes when Value is If, no when it is Otherwise.
llvm::Error choose(bool &Out, StringRef Name, StringRef Value, StringRef If, StringRef Otherwise) {
  if (Value != If && Value != Otherwise)
    return llvm::createStringError(Name + "=" + Value + ": expected " + If + " or " + Otherwise);
  Out = Value == If;
  return llvm::Error::success();
}

llvm::Error setReport(PluginOptions &Options, StringRef Value) { return choose(Options.Reports, "report", Value, "unit", "none"); }
llvm::Error setSection(PluginOptions &Options, StringRef Value) { return choose(Options.Embeds, "section", Value, "facts", "none"); }

struct Row {
  StringRef Name;
  llvm::Error (*Set)(PluginOptions &, StringRef Value); ///< null: a list of rules
};
const Row Rows[] = {{"facts", setFacts},     {"min-confidence", setConfidence}, {"model", setModel},  {"report", setReport},
                    {"rules", nullptr},      {"section", setSection},           {"without", nullptr}};

llvm::Error unknownOption(StringRef Name) {
  llvm::SmallVector<StringRef, 8> Names;
  for (const Row &R : Rows)
    Names.push_back(R.Name);
  return llvm::createStringError("unknown option '" + Name + "'" + didYouMean(Name, Names) + "\nthe options are " +
                                 llvm::join(Names, ", ") + "; each is given as -fplugin-arg-fencelint-NAME=VALUE");
}

} // namespace

llvm::Expected<PluginOptions> parsePluginOptions(llvm::ArrayRef<std::string> Words, llvm::ArrayRef<RuleInfo> Known) {
  PluginOptions Options;
  std::vector<std::string> Lists;
  for (StringRef Word : Words) {
    auto [Name, Value] = Word.split('=');
    const Row *R = llvm::find_if(Rows, [&](const Row &R) { return R.Name == Name; });
    if (R == std::end(Rows))
      return unknownOption(Name);
    if (Value.empty())
      return llvm::createStringError("option '" + Name + "' needs a value: -fplugin-arg-fencelint-" + Name + "=VALUE");
    if (R->Set) {
      if (llvm::Error E = R->Set(Options, Value))
        return E;
      continue;
    }
    for (StringRef Rule : llvm::split(Value, ','))
      Lists.push_back(Name == "without" ? ("-" + Rule).str() : Rule.str());
  }
  if (llvm::Error E = selectRules(Lists, Known).moveInto(Options.Rules))
    return E;
  return Options;
}

} // namespace fencelint
