//===- Commands.h - the subcommands ----------------------------------------===//
//
// Each returns the exit code: 0 clean or answered, 1 findings, 2 could not do the work or a part of it.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_FRONTEND_COMMANDS_H
#define FENCELINT_FRONTEND_COMMANDS_H

namespace fencelint {

class Request;

int runCheck(const Request &R);
int runLink(const Request &R);
int runExplain(const Request &R);
int runSummarize(const Request &R);
int runFacts(const Request &R);
int runListRules(const Request &R);
int runListModels(const Request &R);
int runVerifyModels(const Request &R);

} // namespace fencelint
#endif
