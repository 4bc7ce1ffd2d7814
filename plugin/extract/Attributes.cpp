//===- Attributes.cpp - annotations, function effects, capabilities -----------===//
//
// Three spellings arrive as one kind of text: annotate("fence:...") on declarations and types, clang's function effects,
// which are part of a type, and the thread-safety attributes. What is said on a typedef of functions is said of every
// field and parameter declared with it. Whether a text makes sense is judged where models are read, not here.
//
//===----------------------------------------------------------------------===//
#include "plugin/extract/Attributes.h"
#include "plugin/extract/EntityTable.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/SmallSet.h"

using namespace clang;
using namespace fencelint;

namespace {

class AttributeWriter {
public:
  AttributeWriter(ASTContext &Context, EntityTable &Entities, facts::UnitT &Out, uint32_t Entity)
      : Context(Context), Entities(Entities), Out(Out), Entity(Entity) {}
  void declaration(const Decl *D, uint32_t Parameter);
  void type(QualType T, uint32_t Parameter, SourceLocation At);

private:
  ASTContext &Context;
  EntityTable &Entities;
  facts::UnitT &Out;
  uint32_t Entity;
  llvm::SmallSet<std::pair<uint32_t, uint32_t>, 8> Seen; ///< parameter, text

  void add(uint32_t Parameter, llvm::StringRef Text, SourceLocation At);
  void capability(llvm::StringRef Word, const Expr *const *Begin, const Expr *const *End, SourceLocation At);
  void tryCapability(llvm::StringRef Word, const Expr *Success, const Expr *const *Begin, const Expr *const *End,
                     SourceLocation At);
  static std::string operand(const Expr *E);
};

} // namespace

void AttributeWriter::add(uint32_t Parameter, llvm::StringRef Text, SourceLocation At) {
  uint32_t Id = Entities.text(Text);
  if (Seen.insert({Parameter, Id}).second)
    Out.attributes.emplace_back(Entity, Parameter, Id, Entities.location(At));
}

/// `:argN` for a parameter, `:this`; "" for anything else.
std::string AttributeWriter::operand(const Expr *E) {
  E = E->IgnoreParenCasts();
  if (const auto *U = dyn_cast<UnaryOperator>(E); U && (U->getOpcode() == UO_AddrOf || U->getOpcode() == UO_Deref))
    E = U->getSubExpr()->IgnoreParenCasts();
  if (isa<CXXThisExpr>(E))
    return ":this";
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    if (const auto *P = dyn_cast<ParmVarDecl>(Ref->getDecl()))
      return (":arg" + llvm::Twine(P->getFunctionScopeIndex())).str();
  return "";
}

void AttributeWriter::capability(llvm::StringRef Word, const Expr *const *Begin, const Expr *const *End,
                                 SourceLocation At) {
  std::string Text = ("clang:" + Word).str();
  for (auto It = Begin; It != End; ++It)
    Text += operand(*It);
  add(None, Text, At);
}

void AttributeWriter::tryCapability(llvm::StringRef Word, const Expr *Success, const Expr *const *Begin,
                                    const Expr *const *End, SourceLocation At) {
  Expr::EvalResult R;
  bool OnZero =
      Success && !Success->isValueDependent() && Success->EvaluateAsInt(R, Context) && R.Val.getInt().isZero();
  capability((Word + (OnZero ? ":0" : ":1")).str(), Begin, End, At);
}

void AttributeWriter::declaration(const Decl *D, uint32_t Parameter) {
  if (!D->hasAttrs())
    return;
  for (const Attr *A : D->attrs()) {
    SourceLocation At = A->getLocation();
    if (const auto *Annotation = dyn_cast<AnnotateAttr>(A)) {
      if (Annotation->getAnnotation().starts_with("fence:"))
        add(Parameter, Annotation->getAnnotation(), At);
    } else if (Parameter != None) {
      continue;
    } else if (const auto *C = dyn_cast<AcquireCapabilityAttr>(A)) {
      capability(C->isShared() ? "acquire_shared_capability" : "acquire_capability", C->args_begin(), C->args_end(),
                 At);
    } else if (const auto *C = dyn_cast<TryAcquireCapabilityAttr>(A)) {
      tryCapability(C->isShared() ? "try_acquire_shared_capability" : "try_acquire_capability", C->getSuccessValue(),
                    C->args_begin(), C->args_end(), At);
    } else if (const auto *C = dyn_cast<ReleaseCapabilityAttr>(A)) {
      capability(C->isGeneric()  ? "release_generic_capability"
                 : C->isShared() ? "release_shared_capability"
                                 : "release_capability",
                 C->args_begin(), C->args_end(), At);
    } else if (const auto *C = dyn_cast<RequiresCapabilityAttr>(A)) {
      capability(C->isShared() ? "requires_shared_capability" : "requires_capability", C->args_begin(), C->args_end(),
                 At);
    }
  }
}

void AttributeWriter::type(QualType T, uint32_t Parameter, SourceLocation At) {
  for (const FunctionEffectWithCondition Effect : FunctionEffectsRef::get(T)) {
    std::string Text = ("clang:" + Effect.Effect.name()).str();
    if (const Expr *Condition = Effect.Cond.getCondition()) {
      bool Holds = false;
      if (Condition->isValueDependent())
        continue;
      if (Condition->EvaluateAsBooleanCondition(Holds, Context) && !Holds)
        Text += ":false";
    }
    add(Parameter, Text, At);
  }
  while (!T.isNull()) {
    if (const auto *Attributed = dyn_cast<AttributedType>(T)) {
      if (const auto *A = dyn_cast_or_null<AnnotateTypeAttr>(Attributed->getAttr()))
        if (A->getAnnotation().starts_with("fence:"))
          add(Parameter, A->getAnnotation(), A->getLocation());
      T = Attributed->getModifiedType();
    } else if (const auto *Typedef = dyn_cast<TypedefType>(T)) {
      declaration(Typedef->getDecl(), Parameter);
      T = Typedef->desugar();
    } else if (T->isAnyPointerType() || T->isReferenceType() || T->isMemberPointerType()) {
      QualType Pointee = T->getPointeeType();
      if (!Pointee->isFunctionType())
        break;
      QualType Next = T.getSingleStepDesugaredType(Context);
      T = Next == T ? Pointee : Next;
    } else {
      QualType Next = T.getSingleStepDesugaredType(Context);
      if (Next == T)
        break;
      T = Next;
    }
  }
}

void fencelint::extractAttributes(ASTContext &Context, EntityTable &Entities, facts::UnitT &Out, const NamedDecl *D,
                                  uint32_t Entity) {
  AttributeWriter Writer(Context, Entities, Out, Entity);
  const auto *F = dyn_cast<FunctionDecl>(D);
  for (const Decl *Redeclared : D->redecls()) {
    Writer.declaration(Redeclared, None);
    if (const auto *Again = dyn_cast<FunctionDecl>(Redeclared))
      for (const ParmVarDecl *P : Again->parameters()) {
        Writer.declaration(P, P->getFunctionScopeIndex());
        Writer.type(P->getType(), P->getFunctionScopeIndex(), P->getLocation());
      }
    if (F) {
      QualType T = cast<FunctionDecl>(Redeclared)->getType();
      Writer.type(T, None, Redeclared->getLocation());
    }
  }
  if (const auto *V = dyn_cast<ValueDecl>(D); V && !F)
    Writer.type(V->getType(), None, V->getLocation());
}
