//===- ModelTable.h - everything that was described, ready for look-up -----===//
//
// Look-ups happen once per entity of a program, so the table is built for them: exact names in a hash map, prefixes sorted by
// length. Two entries for one name are an error that names both places; silence would let a typo in one file win.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_MODELS_MODELTABLE_H
#define FENCELINT_MODELS_MODELTABLE_H

#include "checks/models/ModelFile.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <deque>
#include <optional>

namespace fencelint {

class ModelTable {
public:
  ModelTable() = default;
  ModelTable(ModelTable &&) = default; // look-ups point into Files, which a copy would not own
  ModelTable &operator=(ModelTable &&) = default;

  /// Reads a model file, or every `*.yaml` below a directory in sorted order. Every defect of every file is in the
  /// error, one line each: `linux/mutex.yaml:12:5: unknown sentence 'slepes'; did you mean 'sleeps'?`.
  /// Call `finish()` after the last one.
  llvm::Error add(llvm::StringRef Path);
  /// Checks what needs all files: duplicates, contexts that slots name, constants used in conditions.
  llvm::Error finish();

  /// The entry for a function declared in File, or null: exact name first, then the longest prefix (`name*`), then one of a derived file.
  const FunctionModel *function(llvm::StringRef QualifiedName, llvm::StringRef File) const;
  /// What a call of it does whose first argument is the result of the function that the entry names (`given:`), or null.
  const FunctionModel *given(llvm::StringRef QualifiedName) const;
  const SlotModel *field(llvm::StringRef RecordDotField) const;
  const SlotModel *typedefSlot(llvm::StringRef Name) const;
  const SlotModel *parameter(llvm::StringRef Function, unsigned Index) const;
  const SlotModel *method(llvm::StringRef QualifiedName) const;
  /// `task` is built in, and neutral.
  const ContextModel *context(llvm::StringRef Name) const;
  /// The value of a name in a `constants:` section, for conditions in annotations.
  std::optional<int64_t> constant(llvm::StringRef Name) const;

  /// In the order they were read; for `fencelint models`.
  const std::deque<ModelFile> &files() const { return Files; }
  /// The command-line macro whose value names the program a unit belongs to (a kernel module); empty when no model says.
  llvm::StringRef moduleDefinition() const { return ModuleDefinition; }
  /// The beginning of the names of variables that hold what other programs may call; empty when no model says.
  llvm::StringRef exportMark() const { return ExportMark; }

private:
  void addFile(llvm::StringRef Path, llvm::StringRef Shown, std::vector<std::string> &Defects);
  void defineConstants(std::vector<std::string> &Defects);
  void resolveConstants(std::vector<std::string> &Defects);
  void indexFunctions(std::vector<std::string> &Defects);
  void indexSlots(std::vector<std::string> &Defects);
  void indexContexts(std::vector<std::string> &Defects);
  std::string chooseOne(std::string ModelFile::*Word, llvm::StringRef Key, std::vector<std::string> &Defects) const;

  std::deque<ModelFile> Files;
  std::deque<ModelReferences> References; // one for each of Files
  llvm::StringMap<int64_t> Constants;
  llvm::StringMap<std::vector<const FunctionModel *>> Exact;
  std::vector<const FunctionModel *> Prefixes; // longest first
  llvm::StringMap<const FunctionModel *> Derived; // asked last
  llvm::StringMap<const FunctionModel *> Given;
  llvm::StringMap<const SlotModel *> Slots[4];
  llvm::StringMap<const ContextModel *> Contexts;
  std::string ModuleDefinition, ExportMark;
};

} // namespace fencelint
#endif
