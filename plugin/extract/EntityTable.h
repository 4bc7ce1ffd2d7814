//===- EntityTable.h - declarations, texts and places as indices -----------===//
//
// Facts name things by index. This table gives out the indices, in order of first use, so that a unit holds what its
// events mention and nothing else; what was mentioned is also what has to be extracted next (`Discovered`).
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_EXTRACT_ENTITYTABLE_H
#define FENCELINT_EXTRACT_ENTITYTABLE_H

#include "checks/facts/FactsFile.h"
#include "clang/AST/Type.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"
#include <vector>

namespace clang {
class ASTContext;
class Decl;
class FieldDecl;
class FunctionDecl;
class NamedDecl;
class RecordDecl;
class VarDecl;
} // namespace clang

namespace fencelint {

class EntityTable {
public:
  EntityTable(clang::ASTContext &Context, facts::UnitT &Out);

  uint32_t text(llvm::StringRef Text);
  /// Where the expansion is, when in a macro.
  facts::Location location(clang::SourceLocation Loc);
  /// Absolute, without `.` and `..`.
  llvm::StringRef path(clang::FileID File);

  uint32_t function(const clang::FunctionDecl *F);
  uint32_t variable(const clang::VarDecl *V);
  uint32_t field(const clang::FieldDecl *F);
  uint32_t record(const clang::RecordDecl *R);
  /// A function of the language runtime that no header declares.
  uint32_t runtimeFunction(llvm::StringRef Name, bool NoReturn = false);
  void addFlag(uint32_t Entity, facts::EntityFlag Flag);
  /// The function is extracted: Location is its definition's.
  void define(uint32_t Entity, clang::SourceLocation Loc);

  /// D is used, though nothing names it: its definition matters.
  void mention(const clang::Decl *D);
  /// Everything mentioned, in order, each once (canonical declarations).
  std::vector<const clang::Decl *> Discovered;
  /// The declaration behind an entity, null for a function of the language runtime.
  const clang::Decl *declaration(uint32_t Entity) const;
  /// The entity of a discovered declaration, None when it was mentioned only.
  uint32_t find(const clang::Decl *D) const;

private:
  clang::ASTContext &Context;
  const clang::SourceManager &Sources;
  facts::UnitT &Out;
  llvm::StringMap<uint32_t> Texts;
  llvm::DenseMap<clang::FileID, uint32_t> Paths;
  llvm::DenseMap<const clang::Decl *, uint32_t> Entities;
  llvm::DenseSet<const clang::Decl *> Mentioned;
  llvm::StringMap<uint32_t> Keys; ///< usr, owner, kind
  llvm::DenseSet<uint32_t> Runtime;
  std::vector<const clang::Decl *> Declarations; ///< by entity
  llvm::DenseMap<const clang::Type *, uint32_t> FunctionTypes;

  uint32_t add(const clang::NamedDecl *D, facts::EntityKind Kind, uint32_t Flags, uint32_t Parent, uint32_t Type);
  void replace(uint32_t Entity, uint32_t Flags, const facts::Location &At);
  uint32_t flagsOf(const clang::FunctionDecl *F);
};

} // namespace fencelint
#endif
