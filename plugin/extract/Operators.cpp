//===- Operators.cpp - rvalues: constants, arithmetic, calls ----------------===//
//
// Constants are folded on the way up instead of asking clang to evaluate every expression, which costs more than the
// parse of a small function. Only what is a constant by its kind (sizeof, offsetof, constant expressions) is evaluated.
//
//===----------------------------------------------------------------------===//
#include "plugin/extract/Expressions.h"
#include "clang/AST/ASTContext.h"
#include "clang/Basic/Builtins.h"

using namespace clang;
using namespace fencelint;
using K = facts::ValueKind;

int64_t fencelint::numberOf(const llvm::APSInt &N) {
  if (N.getBitWidth() >= 64)
    return static_cast<int64_t>(N.extractBitsAsZExtValue(64, 0));
  return N.getExtValue();
}

/// Cuts a constant to the width of its type.
void Expressions::narrow(ValueId &Value, QualType T) const {
  std::optional<int64_t> N = V.number(Value);
  if (!N || !T->isIntegralOrEnumerationType())
    return;
  if (T->isBooleanType()) {
    Value = V.constant(*N != 0);
    return;
  }
  unsigned Width = Context.getIntWidth(T);
  if (Width >= 64)
    return;
  llvm::APSInt Bits(llvm::APInt(64, *N).trunc(Width), !T->isSignedIntegerOrEnumerationType());
  Value = V.constant(Bits.getExtValue());
}

ValueId Expressions::foldedConstant(const Expr *E) {
  Expr::EvalResult R;
  if (!E->isValueDependent() && E->EvaluateAsInt(R, Context))
    return V.constant(numberOf(R.Val.getInt()));
  return V.unknown();
}

ValueId Expressions::result(const Stmt *Call) {
  auto It = Results.find(Call);
  return It == Results.end() ? V.unknown() : V.leaf(K::Result, It->second);
}

bool Expressions::isEvent(const CallExpr *Call) const {
  const FunctionDecl *F = Call->getDirectCallee();
  if (!F) {
    // `p->~T()` where T is a number: no code.
    return !isa<CXXPseudoDestructorExpr>(Call->getCallee()->IgnoreParens());
  }
  if (const auto *C = dyn_cast<CXXConversionDecl>(F); C && C->getParent()->isLambda())
    return false;
  if (const auto *M = dyn_cast<CXXMethodDecl>(F); M && M->isTrivial())
    return false;
  unsigned Id = F->getBuiltinID();
  if (!Id)
    return true;
  if (Id == Builtin::BI__builtin_operator_new || Id == Builtin::BI__builtin_operator_delete)
    return true;
  if (Context.BuiltinInfo.isInStdNamespace(Id))
    return false;
  return Context.BuiltinInfo.isPredefinedLibFunction(Id) || Context.BuiltinInfo.isLibFunction(Id);
}

/// Of a call that returns a reference: the pointer.
ValueId Expressions::call(const CallExpr *E) {
  const FunctionDecl *F = E->getDirectCallee();
  if (F) {
    switch (F->getBuiltinID()) {
    case Builtin::BI__builtin_expect:
    case Builtin::BI__builtin_expect_with_probability:
    case Builtin::BI__builtin_assume_aligned:
      return value(E->getArg(0));
    case Builtin::BImove:
    case Builtin::BIforward:
    case Builtin::BImove_if_noexcept:
    case Builtin::BIas_const:
    case Builtin::BIaddressof:
    case Builtin::BI__addressof:
    case Builtin::BI__builtin_addressof:
    case Builtin::BI__builtin_launder:
      return argument(E->getArg(0));
    case Builtin::BI__builtin_constant_p: { // what is not constant here is the same by the way for everything
      ValueId Folded = foldedConstant(E);
      return V.kind(Folded) == K::Constant ? Folded : V.constant(0);
    }
    case Builtin::BI__builtin_object_size:
    case Builtin::BI__builtin_dynamic_object_size:
    case Builtin::BI__builtin_is_constant_evaluated:
      return foldedConstant(E);
    default:
      // `__builtin_ffsll(MASK)`: the position of a field in a register, known before the program runs.
      if (F->getBuiltinID() && Context.BuiltinInfo.isConstantEvaluated(F->getBuiltinID()) && E->getType()->isIntegerType())
        if (ValueId Folded = foldedConstant(E); V.kind(Folded) == K::Constant)
          return Folded;
      break;
    }
    if (const auto *C = dyn_cast<CXXConversionDecl>(F); C && C->getParent()->isLambda())
      if (const CXXMethodDecl *Body = C->getParent()->getLambdaCallOperator(); Body && !Body->isDependentContext())
        return V.leaf(K::Function, Entities.function(Body));
  }
  return result(E);
}

ValueId Expressions::unary(const UnaryOperator *E) {
  switch (E->getOpcode()) {
  case UO_AddrOf: {
    const Expr *Sub = E->getSubExpr()->IgnoreParens();
    if (E->getType()->isMemberPointerType()) {
      const auto *Ref = dyn_cast<DeclRefExpr>(Sub);
      const auto *Method = Ref ? dyn_cast<FunctionDecl>(Ref->getDecl()) : nullptr;
      return Method ? V.leaf(K::Function, Entities.function(Method)) : V.unknown();
    }
    return V.addressOf(place(Sub));
  }
  case UO_Deref:
    return V.dereference(value(E->getSubExpr()));
  case UO_LNot:
    return V.unary(K::Not, value(E->getSubExpr()));
  case UO_Not:
  case UO_Minus: {
    if (!E->getType()->isIntegralOrEnumerationType())
      return V.unknown();
    ValueId R = V.unary(E->getOpcode() == UO_Not ? K::BitNot : K::Negate, value(E->getSubExpr()));
    narrow(R, E->getType());
    return R;
  }
  case UO_PreInc:
  case UO_PreDec:
    return place(E->getSubExpr());
  case UO_PostInc: // its event stands before this use
    return V.binary(K::Subtract, place(E->getSubExpr()), V.constant(1));
  case UO_PostDec:
    return V.binary(K::Add, place(E->getSubExpr()), V.constant(1));
  case UO_Plus:
  case UO_Extension:
    return value(E->getSubExpr());
  case UO_Coawait:
  case UO_Real:
  case UO_Imag:
    return V.unknown();
  }
  return V.unknown();
}

ValueId Expressions::binary(const BinaryOperator *E) {
  BinaryOperatorKind Op = E->getOpcode();
  if (Op == BO_Comma)
    return value(E->getRHS());
  if (Op == BO_Assign)
    return value(E->getRHS());
  if (E->isCompoundAssignmentOp())
    return place(E->getLHS());
  if (E->isPtrMemOp())
    return V.unknown();
  if (Op == BO_LAnd || Op == BO_LOr) {
    ValueId L = value(E->getLHS());
    if (std::optional<int64_t> N = V.number(L); N && (*N != 0) == (Op == BO_LOr))
      return V.constant(Op == BO_LOr);
    ValueId R = value(E->getRHS());
    return Op == BO_LAnd ? V.choose(L, R, V.constant(0)) : V.choose(L, V.constant(1), R);
  }
  QualType T = E->getLHS()->getType();
  if (!T->isIntegralOrEnumerationType() && !T->isAnyPointerType() && !T->isMemberPointerType() && !T->isNullPtrType())
    return V.unknown();
  ValueId L = value(E->getLHS()), R = value(E->getRHS());
  bool IsUnsigned = T->isUnsignedIntegerOrEnumerationType() || T->isAnyPointerType();
  std::optional<int64_t> X = V.number(L), Y = V.number(R);
  ValueId Value;
  switch (Op) {
  case BO_EQ:
    return V.binary(K::Equal, L, R);
  case BO_NE:
    return V.unary(K::Not, V.binary(K::Equal, L, R));
  case BO_LT:
    return V.compare(K::Less, L, R, IsUnsigned);
  case BO_GT:
    return V.compare(K::Less, R, L, IsUnsigned);
  case BO_LE:
    return V.compare(K::LessEqual, L, R, IsUnsigned);
  case BO_GE:
    return V.compare(K::LessEqual, R, L, IsUnsigned);
  case BO_And:
    Value = V.binary(K::BitAnd, L, R);
    break;
  case BO_Or:
    Value = V.binary(K::BitOr, L, R);
    break;
  case BO_Add:
    Value = V.binary(K::Add, L, R);
    break;
  case BO_Sub:
    Value = V.binary(K::Subtract, L, R);
    break;
  case BO_Shl:
    Value = V.binary(K::ShiftLeft, L, R);
    break;
  case BO_Shr:
    Value =
        X && Y && IsUnsigned && *Y < 64 ? V.constant(static_cast<uint64_t>(*X) >> *Y) : V.binary(K::ShiftRight, L, R);
    break;
  case BO_Mul:
    Value = X && Y ? V.constant(static_cast<uint64_t>(*X) * static_cast<uint64_t>(*Y)) : V.unknown();
    break;
  case BO_Div:
  case BO_Rem:
    Value = V.binary(Op == BO_Div ? K::Divide : K::Remainder, L, R);
    break;
  case BO_Xor:
    if (!X || !Y)
      return V.unknown();
    Value = V.constant(*X ^ *Y);
    break;
  default:
    return V.unknown();
  }
  narrow(Value, E->getType());
  return Value;
}

ValueId Expressions::conversion(const CastExpr *E) {
  const Expr *Sub = E->getSubExpr();
  switch (E->getCastKind()) {
  case CK_LValueToRValue:
  case CK_LValueToRValueBitCast:
    return place(Sub);
  case CK_ArrayToPointerDecay:
  case CK_FunctionToPointerDecay:
    return V.addressOf(place(Sub));
  case CK_NullToPointer:
  case CK_NullToMemberPointer:
    return V.constant(0);
  case CK_Dynamic:
  case CK_FloatingToIntegral:
  case CK_FloatingToBoolean:
  case CK_FloatingCast:
  case CK_IntegralToFloating:
    return V.unknown();
  case CK_BuiltinFnToFnPtr:
    return place(Sub);
  default:
    break;
  }
  ValueId R = argument(Sub);
  if (E->getCastKind() == CK_BitCast && Sub->getType()->isVoidPointerType() && V.kind(R) == K::Result)
    noteObject(V[R].a(), E->getType());
  narrow(R, E->getType());
  return R;
}

void Expressions::noteObject(uint32_t Call, QualType Pointer) {
  const RecordDecl *R = Pointer->isPointerType() ? Pointer->getPointeeType()->getAsRecordDecl() : nullptr;
  facts::Event &E = Out.Events[Call];
  if (R && E.kind() == facts::EventKind::Call && E.target() == None)
    E = {E.kind(),  E.flags(),          E.callee(),         E.object(),  Entities.record(R),
         E.value(), E.first_argument(), E.argument_count(), E.location()};
}

ValueId Expressions::value(const Expr *E) {
  if (E->isGLValue())
    return place(E);
  switch (E->getStmtClass()) {
  case Stmt::ParenExprClass:
    return value(cast<ParenExpr>(E)->getSubExpr());
  case Stmt::IntegerLiteralClass: {
    const llvm::APInt &N = cast<IntegerLiteral>(E)->getValue();
    return V.constant(numberOf(llvm::APSInt(N, E->getType()->isUnsignedIntegerType())));
  }
  case Stmt::CharacterLiteralClass:
    return V.constant(cast<CharacterLiteral>(E)->getValue());
  case Stmt::CXXBoolLiteralExprClass:
    return V.constant(cast<CXXBoolLiteralExpr>(E)->getValue());
  case Stmt::CXXNullPtrLiteralExprClass:
  case Stmt::GNUNullExprClass:
    return V.constant(0);
  case Stmt::ImplicitValueInitExprClass:
  case Stmt::CXXScalarValueInitExprClass:
    return E->getType()->isScalarType() ? V.constant(0) : V.unknown();
  case Stmt::DeclRefExprClass:
    return declaration(cast<DeclRefExpr>(E));
  case Stmt::MemberExprClass:
    return member(cast<MemberExpr>(E));
  case Stmt::CXXThisExprClass:
    return self();
  case Stmt::ConstantExprClass: {
    const auto *C = cast<ConstantExpr>(E);
    if (C->hasAPValueResult() && C->getResultAPValueKind() == APValue::Int)
      return V.constant(numberOf(C->getResultAsAPSInt()));
    return value(C->getSubExpr());
  }
  case Stmt::ExprWithCleanupsClass:
    return value(cast<ExprWithCleanups>(E)->getSubExpr());
  case Stmt::CXXBindTemporaryExprClass:
    return value(cast<CXXBindTemporaryExpr>(E)->getSubExpr());
  case Stmt::CXXDefaultArgExprClass:
    return argument(cast<CXXDefaultArgExpr>(E)->getExpr());
  case Stmt::CXXDefaultInitExprClass:
    return argument(cast<CXXDefaultInitExpr>(E)->getExpr());
  case Stmt::SubstNonTypeTemplateParmExprClass:
    return argument(cast<SubstNonTypeTemplateParmExpr>(E)->getReplacement());
  case Stmt::GenericSelectionExprClass:
    return value(cast<GenericSelectionExpr>(E)->getResultExpr());
  case Stmt::ChooseExprClass:
    return value(cast<ChooseExpr>(E)->getChosenSubExpr());
  case Stmt::OpaqueValueExprClass:
    if (const Expr *Source = cast<OpaqueValueExpr>(E)->getSourceExpr())
      return value(Source);
    return V.unknown();
  case Stmt::UnaryOperatorClass:
    return unary(cast<UnaryOperator>(E));
  case Stmt::BinaryOperatorClass:
  case Stmt::CompoundAssignOperatorClass:
    return binary(cast<BinaryOperator>(E));
  case Stmt::CXXRewrittenBinaryOperatorClass:
    return value(cast<CXXRewrittenBinaryOperator>(E)->getSemanticForm());
  case Stmt::ConditionalOperatorClass: {
    const auto *C = cast<ConditionalOperator>(E);
    ValueId Condition = value(C->getCond());
    if (std::optional<int64_t> N = V.number(Condition))
      return value(*N ? C->getTrueExpr() : C->getFalseExpr());
    ValueId True = value(C->getTrueExpr());
    return V.choose(Condition, True, value(C->getFalseExpr()));
  }
  case Stmt::BinaryConditionalOperatorClass: {
    const auto *C = cast<BinaryConditionalOperator>(E);
    ValueId Common = value(C->getCommon());
    return V.choose(Common, Common, value(C->getFalseExpr()));
  }
  case Stmt::StmtExprClass:
    return last(cast<StmtExpr>(E), false);
  case Stmt::InitListExprClass: {
    const auto *L = cast<InitListExpr>(E);
    if (L->getType()->isScalarType() || L->isTransparent())
      return L->getNumInits() == 1 ? argument(L->getInit(0)) : V.constant(0);
    return V.dereference(constructed(E));
  }
  case Stmt::CXXConstructExprClass:
  case Stmt::CXXTemporaryObjectExprClass: {
    const auto *C = cast<CXXConstructExpr>(E);
    bool Copies = C->getNumArgs() == 1 && C->getConstructor()->isCopyOrMoveConstructor();
    if (Copies && (C->isElidable() || C->getConstructor()->isTrivial()))
      return place(C->getArg(0));
    return V.dereference(constructed(E));
  }
  case Stmt::LambdaExprClass:
    return V.dereference(constructed(E));
  case Stmt::CXXNewExprClass:
    if (auto It = Pointers.find(E); It != Pointers.end())
      return It->second;
    return V.unknown();
  case Stmt::UnaryExprOrTypeTraitExprClass: {
    const auto *T = cast<UnaryExprOrTypeTraitExpr>(E);
    if (T->getKind() == UETT_SizeOf && T->getTypeOfArgument()->isVariableArrayType())
      return V.unknown();
    return foldedConstant(E);
  }
  case Stmt::OffsetOfExprClass:
  case Stmt::TypeTraitExprClass:
  case Stmt::ArrayTypeTraitExprClass:
  case Stmt::CXXNoexceptExprClass:
  case Stmt::SizeOfPackExprClass:
  case Stmt::RequiresExprClass:
  case Stmt::ConceptSpecializationExprClass:
    return foldedConstant(E);
  default:
    break;
  }
  if (const auto *C = dyn_cast<CastExpr>(E))
    return conversion(C);
  if (const auto *C = dyn_cast<CallExpr>(E))
    return call(C);
  if (const auto *C = dyn_cast<CoroutineSuspendExpr>(E); C && C->getResumeExpr())
    return value(C->getResumeExpr());
  return V.unknown();
}
