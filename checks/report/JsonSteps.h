//===- JsonSteps.h - places and steps, spelled alike in every document ------===//
#ifndef FENCELINT_REPORT_JSONSTEPS_H
#define FENCELINT_REPORT_JSONSTEPS_H

#include "checks/report/Finding.h"
#include "llvm/Support/JSON.h"
#include <string>

namespace fencelint {

class JsonSteps {
public:
  /// Files below Root are named relative to it.
  JsonSteps(llvm::json::OStream &J, const std::string &Root) : J(J), Root(Root) {}
  void text(const char *Key, llvm::StringRef Value) { J.attribute(Key, llvm::json::fixUTF8(Value)); }
  void place(const SourcePosition &At);
  void steps(const char *Name, llvm::ArrayRef<Step> Steps);
  void problem(const Problem &P);

private:
  llvm::json::OStream &J;
  const std::string &Root;
};

} // namespace fencelint
#endif
