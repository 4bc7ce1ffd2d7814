//===- Uses.h - what a body does with its variables -------------------------===//
//
// One walk over a body before its events are written. It tells which locals keep their first value (and so can be
// replaced by it), which objects constructors build, and which expressions are never evaluated.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_EXTRACT_USES_H
#define FENCELINT_EXTRACT_USES_H

#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace fencelint {

/// What an expression of class type initialises.
struct Target {
  enum Kind : uint8_t { None, Variable, Member, This, New, Throw, Subobject } What = None;
  const void *Of = nullptr;            ///< VarDecl; FieldDecl of Member and Subobject; CXXNewExpr; CXXThrowExpr
  const clang::Expr *Parent = nullptr; ///< Subobject: the aggregate's initialiser
};

class Uses {
public:
  explicit Uses(const clang::FunctionDecl *F);

  /// Assigned after its initialisation, or its address is taken.
  bool changes(const clang::VarDecl *V) const { return Changed.contains(V); }
  bool isWritten(const clang::Decl *FieldOrGlobal) const { return Written.contains(FieldOrGlobal); }
  bool WritesElements = false, WritesThroughPointers = false, HasTry = false;

  Target target(const clang::Expr *E) const { return Targets.lookup(E); }
  bool isUnevaluated(const clang::Stmt *S) const { return Unevaluated.contains(S); }
  /// The condition under which a temporary was made, null when always; Truth tells its side.
  struct Condition {
    const clang::Expr *If = nullptr;
    bool Truth = true;
  };
  Condition conditionOf(const clang::CXXBindTemporaryExpr *T) const { return Conditions.lookup(T); }
  /// A temporary that its callee destroys as a by-value parameter, or that was elided.
  bool isGivenAway(const clang::CXXBindTemporaryExpr *T) const { return GivenAway.contains(T); }
  /// The position of a macro use that left `do { } while (0)`, by the loop's condition.
  clang::SourceLocation emptyMacro(const clang::Stmt *Condition) const { return EmptyMacros.lookup(Condition); }

private:
  llvm::DenseSet<const clang::VarDecl *> Changed;
  llvm::DenseSet<const clang::Decl *> Written;
  llvm::DenseSet<const clang::Stmt *> Unevaluated;
  llvm::DenseMap<const clang::Expr *, Target> Targets;
  llvm::DenseMap<const clang::CXXBindTemporaryExpr *, Condition> Conditions;
  llvm::DenseSet<const clang::CXXBindTemporaryExpr *> GivenAway;
  llvm::DenseMap<const clang::Stmt *, clang::SourceLocation> EmptyMacros;
  Condition Current;

  void walk(const clang::Stmt *S);
  void walkChildren(const clang::Stmt *S);
  void walkUnder(Condition C, const clang::Stmt *S);
  void read(const clang::Expr *E);
  void walkInitList(const clang::InitListExpr *L);
  void walkDo(const clang::DoStmt *D);
  void noteWrite(const clang::Expr *E);
  void markUnevaluated(const clang::Stmt *S);
  void giveAway(const clang::Expr *Argument);
  void setTarget(const clang::Expr *E, Target T);
};

/// Whether a body without code stands here: `;`, `{}`, `(void)0`.
bool isEmptyStatement(const clang::Stmt *S);
/// The condition of an assertion that is compiled out and still has to be valid code: `(void)sizeof(condition)`. Null for anything else.
const clang::Expr *claimWithoutCode(const clang::Stmt *S);
/// `({ int bad = !!(condition); if (bad) warn(); bad; })`: it acts on a condition and gives it back.
bool actsOnItsResult(const clang::StmtExpr *E, const Uses &Used);

} // namespace fencelint
#endif
