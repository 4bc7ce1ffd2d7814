//===- SelectUnits.h - what the user named, as commands --------------------===//
#ifndef FENCELINT_FRONTEND_SELECTUNITS_H
#define FENCELINT_FRONTEND_SELECTUNITS_H

#include "plugin/frontend/CompileCommands.h"

namespace fencelint {

class Request;

/// The commands of Database that compile one of Paths (a file), or something below one (a directory), in database order;
/// all when Paths is empty. A path that selects nothing is a Problem that names the nearest files.
std::vector<CompileCommand> selectUnits(const CompileDatabase &Database, const std::vector<std::string> &Paths,
                                        std::vector<Problem> &Problems);

/// What -p, `--`, --extra-arg and Paths say together.
llvm::Expected<std::vector<CompileCommand>> requestedUnits(const Request &R, const std::vector<std::string> &Paths,
                                                           std::vector<Problem> &Problems);

} // namespace fencelint
#endif
