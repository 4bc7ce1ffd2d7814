//===- Events.h - what happens in a block ------------------------------------===//
#ifndef FENCELINT_EXTRACT_EVENTS_H
#define FENCELINT_EXTRACT_EVENTS_H

#include "plugin/extract/Expressions.h"
#include "clang/Analysis/CFG.h"

namespace fencelint {

/// Writes the events of one function, in the order in which it is given elements and statements.
class Events {
public:
  Events(clang::ASTContext &Context, EntityTable &Entities, Skeleton &Out, Expressions &Values, const Uses &Used,
         const clang::FunctionDecl *F)
      : Context(Context), Entities(Entities), Out(Out), Values(Values), V(Out.Values), Used(Used), Function(F) {}

  void setBlock(uint32_t Index) { Block = Index; }
  void element(const clang::CFGElement &E);
  /// The event of S itself; its operands had their turn.
  void statement(const clang::Stmt *S);
  /// S and everything in it, in order, without regard to branches.
  void walk(const clang::Stmt *S);

  /// Parameters that the body changes start with what they were given.
  void enterParameters();
  /// By-value parameters die when the function is left.
  void leaveParameters();
  /// Before the initialisation of a local static: the guard's acquisition, None when it needs none.
  ValueId acquireGuard(const clang::VarDecl *D);
  void destroyLocal(const clang::VarDecl *D, clang::SourceLocation At, facts::EventFlag Extra);
  /// In a constructor that an exception leaves: the members and bases end, in reverse.
  void destroyBuilt(clang::SourceLocation At);
  void assembly(const clang::GCCAsmStmt *S);

private:
  clang::ASTContext &Context;
  EntityTable &Entities;
  Skeleton &Out;
  Expressions &Values;
  ValueTable &V;
  const Uses &Used;
  const clang::FunctionDecl *Function;
  uint32_t Block = 0;
  clang::SourceLocation DefaultAt; ///< the call whose default arguments are being written
  llvm::DenseMap<const clang::CXXBindTemporaryExpr *, clang::SourceLocation> Defaulted;

  uint32_t add(const facts::Event &E);
  uint32_t addCall(uint32_t Flags, ValueId Callee, ValueId Object, llvm::ArrayRef<ValueId> Arguments,
                   clang::SourceLocation At);
  uint32_t callRuntime(llvm::StringRef Name, llvm::ArrayRef<ValueId> Arguments, clang::SourceLocation At,
                       bool NoReturn = false);
  void assign(ValueId Place, ValueId Value, clang::SourceLocation At);
  void initialize(ValueId Place, const clang::Expr *Init);
  void leaveOut(ValueId Member, clang::SourceLocation At);
  void destroy(const clang::CXXDestructorDecl *D, ValueId Object, uint32_t Flags, clang::SourceLocation At);
  const clang::CXXDestructorDecl *destructorOf(clang::QualType T) const;
  void macro(clang::SourceLocation At, ValueId Taken = None);

  void call(const clang::CallExpr *E);
  void silentCall(const clang::CallExpr *E);
  void construct(const clang::CXXConstructExpr *E);
  void constructInherited(const clang::CXXInheritedCtorInitExpr *E);
  void capture(const clang::LambdaExpr *E);
  void allocate(const clang::CXXNewExpr *E);
  void deallocate(const clang::CXXDeleteExpr *E);
  void throwException(const clang::CXXThrowExpr *E);
  void allocateException(const clang::CXXThrowExpr *E);
  void declare(const clang::VarDecl *D);
  void finishStatic(const clang::VarDecl *D);
  void initializer(const clang::CXXCtorInitializer *I);
  void modify(const clang::Expr *Place, clang::BinaryOperatorKind Op, ValueId Operand, clang::SourceLocation At);
  void defaultArguments(llvm::ArrayRef<const clang::Expr *> Arguments, clang::SourceLocation At);
  /// Where the source says it: a default argument stands in its call.
  facts::Location location(clang::SourceLocation At);
};

} // namespace fencelint
#endif
