//===- PluginOptions.h - -fplugin-arg-fencelint-NAME=VALUE -----------------===//
#ifndef FENCELINT_COMPILER_PLUGINOPTIONS_H
#define FENCELINT_COMPILER_PLUGINOPTIONS_H

#include "checks/report/Finding.h"
#include "plugin/frontend/SelectRules.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace fencelint {

struct PluginOptions {
  RuleSelection Rules;
  Confidence AtLeast = Confidence::Medium;
  std::vector<std::string> Models; ///< besides the shipped ones
  std::string FactsPath;           ///< a file, or a directory that gets one file per unit; empty: none
  bool Reports = true;             ///< the unit's findings are told
  bool Embeds = true;              ///< the unit's facts go into the object
};

/// Words are NAME=VALUE, as clang hands them on. A repeated list adds up; of the others the last one counts.
llvm::Expected<PluginOptions> parsePluginOptions(llvm::ArrayRef<std::string> Words, llvm::ArrayRef<RuleInfo> Known);

} // namespace fencelint
#endif
