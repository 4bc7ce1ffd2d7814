//===- Machines.h - one program per kind of machine ------------------------------------===//
//
// Facts are no machine code, so units for any machine can be analysed anywhere. But what is built for different machines is never one program,
// though it may come from one source: a call of one does not enter the other's function of that name.
//
//===------------------------------------------------------------------------------------===//
#ifndef FENCELINT_MACHINES_H
#define FENCELINT_MACHINES_H

#include "checks/facts/FactsFile.h"
#include "checks/report/Finding.h"
#include <map>
#include <string>

namespace fencelint {

/// The units for each kind of machine, by its name; 32 and 64 bits of one kind are one, as a kernel contains both.
std::map<std::string, std::vector<FactsFile>> perMachine(const std::vector<FactsFile> &Files);

/// Drops what several programs say of one source in the same words.
void mergeEqual(Report &R);

} // namespace fencelint
#endif
