//===- DataFiles.h - what is installed beside the program ------------------===//
//
// Shipped models and rule pages live in share/fencelint beside bin/ and lib/ (also beside lib/TRIPLET/); in a build tree, in the
// source tree it was made from.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_FRONTEND_DATAFILES_H
#define FENCELINT_FRONTEND_DATAFILES_H

#include "checks/models/ModelTable.h"
#include "checks/report/Finding.h"
#include <optional>
#include <string>

namespace fencelint {

class Request;

/// Call one of these once: the program with argv[0], a library that another program has loaded the second.
void setProgramPath(const char *Argv0);
void setLibraryPath();
const char *version();
std::string clangVersion();

/// The directory of shipped models (`models`, and `models-rt`: what differs with PREEMPT_RT) or rule pages (`rules`).
std::string shippedModels();
std::string shippedRtModels();
std::string rulePages();

/// What --model and --no-shipped-models ask for. A file that cannot be used becomes a Problem; the rest is loaded.
ModelTable loadModels(const Request &R, std::vector<Problem> &Problems);
/// The same with what PREEMPT_RT makes of it, where --rt asks for that.
std::optional<ModelTable> loadRtModels(const Request &R, std::vector<Problem> &Problems);
/// The same, said in words: the shipped ones or not, and further files or directories.
ModelTable loadModels(bool WithShipped, llvm::ArrayRef<std::string> More, std::vector<Problem> &Problems);

} // namespace fencelint
#endif
