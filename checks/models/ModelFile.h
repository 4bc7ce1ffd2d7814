//===- ModelFile.h - one YAML file becomes models --------------------------===//
//
// Reading stops at nothing but broken YAML: a person who wrote a file wants all its defects at once. What a single file
// cannot decide (constants and contexts of other files) is listed for ModelTable::finish().
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_MODELS_MODELFILE_H
#define FENCELINT_MODELS_MODELFILE_H

#include "checks/models/Model.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace fencelint {

/// A position in the file it is listed with.
struct ModelPlace {
  unsigned Line = 0, Column = 0;
};

/// What of a file waits for the other files.
struct ModelReferences {
  struct Constant {
    std::string Name;
    int64_t Value;
    ModelPlace At;
  };
  /// A name in a condition. Points into a `When` of the file's models: those may be moved, never copied or resized.
  struct ConstantUse {
    Condition *In;
    std::string Name;
    ModelPlace At;
  };
  struct ContextUse {
    std::string Name;
    ModelPlace At;
  };
  std::vector<Constant> Constants;
  std::vector<ConstantUse> ConstantUses;
  std::vector<ContextUse> ContextUses;
};

struct ParsedModelFile {
  ModelFile File;
  ModelReferences References;
  std::vector<std::string> Defects; ///< `PATH:LINE:COLUMN: message`
};

/// Reads Path. `Shown` is what the models' origins say, usually Path relative to the directory that was asked for.
/// Models that could be understood are there even when others have defects.
ParsedModelFile readModelFile(llvm::StringRef Path, llvm::StringRef Shown);
/// The same for text in memory.
ParsedModelFile parseModelFile(llvm::StringRef Text, llvm::StringRef Path, llvm::StringRef Shown);

} // namespace fencelint
#endif
