//===- Expressions.h - expressions become values ----------------------------===//
#ifndef FENCELINT_EXTRACT_EXPRESSIONS_H
#define FENCELINT_EXTRACT_EXPRESSIONS_H

#include "plugin/extract/EntityTable.h"
#include "plugin/extract/Skeleton.h"
#include "plugin/extract/Uses.h"

namespace fencelint {

class Expressions {
public:
  Expressions(clang::ASTContext &Context, EntityTable &Entities, Skeleton &Out, const Uses &Used,
              const clang::FunctionDecl *F);

  /// What E evaluates to. A call must have its event already; otherwise it is unknown.
  ValueId value(const clang::Expr *E);
  /// The object that a glvalue names.
  ValueId place(const clang::Expr *E);
  /// What is passed: a reference is a pointer to its object.
  ValueId argument(const clang::Expr *E) { return E->isGLValue() ? V.addressOf(place(E)) : value(E); }
  /// The local's place; references: the pointer that they are.
  ValueId local(const clang::VarDecl *D);
  /// The object that a variable names: the local or what stands for it, a parameter, a capture, a global; references followed.
  ValueId variable(const clang::VarDecl *D);
  /// A variable without a name.
  ValueId temporary(const clang::Expr *For);
  /// A pointer to the object that a constructor call, a closure or an aggregate initialises.
  ValueId constructed(const clang::Expr *E);
  /// Gives a new local its initial value. False when the value stands for the local from now on, and no event is needed.
  bool initialize(const clang::VarDecl *D, ValueId Initial);
  /// Parameter I, or the local that stands for it when the body changes it.
  bool isLocalCopy(const clang::ParmVarDecl *P) const;
  void narrow(ValueId &Value, clang::QualType T) const;

  void setResult(const clang::Stmt *Call, uint32_t Event) { Results[Call] = Event; }
  /// The source takes the object that a call makes, or is given as `void *`, for what Pointer points to.
  void noteObject(uint32_t Call, clang::QualType Pointer);
  /// The value of a new-expression is that of its allocation, or of the place it was given.
  void setPointer(const clang::Stmt *New, ValueId Pointer) { Pointers[New] = Pointer; }
  bool hasPointer(const clang::Stmt *New) const { return Pointers.contains(New); }
  ValueId pointer(const clang::Stmt *New) const { return Pointers.lookup(New); }
  bool isEvent(const clang::CallExpr *Call) const;

private:
  clang::ASTContext &Context;
  EntityTable &Entities;
  Skeleton &Out;
  ValueTable &V;
  const Uses &Used;
  const clang::FunctionDecl *Function;
  llvm::DenseMap<const clang::ValueDecl *, clang::FieldDecl *> Captures;
  clang::FieldDecl *ThisCapture = nullptr;
  llvm::DenseMap<const clang::Decl *, uint32_t> Locals;
  llvm::DenseSet<uint32_t> Objects; ///< locals that are records or arrays: places, whose own content is not read
  llvm::DenseMap<const clang::Expr *, ValueId> Temporaries;
  llvm::DenseMap<const clang::VarDecl *, ValueId> Substitutes;
  llvm::DenseMap<const clang::Stmt *, uint32_t> Results;
  llvm::DenseMap<const clang::Stmt *, ValueId> Pointers;

  uint32_t addLocal(llvm::StringRef Name, bool IsObject);
  ValueId declaration(const clang::DeclRefExpr *E);
  ValueId member(const clang::MemberExpr *E);
  ValueId self();
  ValueId result(const clang::Stmt *Call);
  ValueId conversion(const clang::CastExpr *E);
  ValueId unary(const clang::UnaryOperator *E);
  ValueId binary(const clang::BinaryOperator *E);
  ValueId call(const clang::CallExpr *E);
  ValueId foldedConstant(const clang::Expr *E);
  ValueId last(const clang::StmtExpr *E, bool WantPlace);
  bool isStable(ValueId Id, bool AddressOnly);
};

/// The lowest 64 bits, extended as the type says.
int64_t numberOf(const llvm::APSInt &N);

/// The condition as a guard: `!x` is x with the truth flipped.
std::pair<ValueId, bool> asGuard(const ValueTable &V, ValueId Condition);

} // namespace fencelint
#endif
