//===- EntityNames.cpp - names people and models use ------------------------===//
//
// Clang's own qualified names carry template arguments and inline namespaces, which no model wants to spell, and call
// every unnamed struct `(anonymous struct at FILE:LINE)`, which moves with each edit. Here an unnamed record takes the
// name of its typedef or of the record around it, so that `struct s { union { struct { int x; }; }; }` has a field `s.x`.
//
//===----------------------------------------------------------------------===//
#include "plugin/extract/EntityNames.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/Support/Path.h"

using namespace clang;

namespace {

std::string placeName(llvm::StringRef What, const Decl *D) {
  const SourceManager &SM = D->getASTContext().getSourceManager();
  SourceLocation Loc = SM.getExpansionLoc(D->getLocation());
  return (What + " at " + llvm::sys::path::filename(SM.getFilename(Loc)) + ":" +
          llvm::Twine(SM.getExpansionLineNumber(Loc)))
      .str();
}

/// The record's own name, "" when it has none and lives inside another record.
std::string recordName(const RecordDecl *R) {
  if (R->getIdentifier())
    return R->getName().str();
  if (const TypedefNameDecl *T = R->getTypedefNameForAnonDecl())
    return T->getName().str();
  if (const auto *C = dyn_cast<CXXRecordDecl>(R); C && C->isLambda())
    return placeName("lambda", R);
  if (isa<RecordDecl>(R->getDeclContext()))
    return "";
  return placeName(R->isUnion() ? "union" : "struct", R);
}

std::string ownName(const NamedDecl *D) {
  if (const auto *C = dyn_cast<CXXConstructorDecl>(D))
    return recordName(C->getParent());
  if (const auto *C = dyn_cast<CXXDestructorDecl>(D))
    return ("~" + llvm::Twine(recordName(C->getParent()))).str();
  if (const auto *R = dyn_cast<RecordDecl>(D))
    return recordName(R);
  if (const auto *N = dyn_cast<NamespaceDecl>(D))
    return N->isAnonymousNamespace() ? "(anonymous namespace)" : N->isInline() ? "" : N->getName().str();
  if (const auto *E = dyn_cast<EnumDecl>(D); E && !E->getIdentifier())
    return "";
  if (const IdentifierInfo *I = D->getIdentifier())
    return I->getName().str();
  if (const auto *F = dyn_cast<FieldDecl>(D)) {
    if (const auto *C = dyn_cast<CXXRecordDecl>(F->getParent()); C && C->isLambda())
      for (const LambdaCapture &Capture : C->captures()) {
        llvm::DenseMap<const ValueDecl *, FieldDecl *> Captured;
        FieldDecl *This = nullptr;
        C->getCaptureFields(Captured, This);
        if (This == F)
          return "this";
        if (Capture.capturesVariable() && Captured.lookup(Capture.getCapturedVar()) == F)
          return Capture.getCapturedVar()->getNameAsString();
      }
    return ("(field " + llvm::Twine(F->getFieldIndex()) + ")").str();
  }
  if (isa<CXXDeductionGuideDecl>(D))
    return "";
  if (D->getDeclName().getNameKind() == DeclarationName::CXXConversionFunctionName)
    return ("operator " + llvm::Twine(cast<CXXConversionDecl>(D)->getConversionType().getAsString(
                              PrintingPolicy(D->getASTContext().getLangOpts()))))
        .str();
  return D->getNameAsString();
}

} // namespace

std::string fencelint::entityName(const NamedDecl *D) {
  if (isPlainC(D))
    return D->getName().str();
  llvm::SmallVector<std::string, 6> Parts{ownName(D)};
  for (const DeclContext *Context = D->getDeclContext(); Context; Context = Context->getParent())
    if (const auto *Outer = dyn_cast<NamedDecl>(Context))
      Parts.push_back(ownName(Outer));
  std::string Name;
  bool FieldNext = isa<FieldDecl>(D);
  for (size_t I = Parts.size(); I-- > 0;) {
    if (Parts[I].empty())
      continue;
    if (!Name.empty())
      Name += I == 0 && FieldNext ? "." : "::";
    Name += Parts[I];
  }
  return Name;
}

bool fencelint::isPlainC(const NamedDecl *D) {
  const auto *F = dyn_cast<FunctionDecl>(D);
  return F && F->getIdentifier() && F->getDeclContext()->getRedeclContext()->isNamespace() && F->isExternC();
}

bool fencelint::isInternal(const NamedDecl *D) {
  const ASTContext &Context = D->getASTContext();
  if (isa<FieldDecl, RecordDecl>(D) && !Context.getLangOpts().CPlusPlus) {
    // C has no linkage for types: one defined in a source file is that file's own, one in a header is shared.
    const SourceManager &SM = Context.getSourceManager();
    return SM.isInMainFile(SM.getExpansionLoc(D->getLocation()));
  }
  if (const auto *F = dyn_cast<FieldDecl>(D))
    return !F->getParent()->isExternallyVisible();
  // A build makes several programs: each has a main of its own, which nobody else calls.
  if (const auto *F = dyn_cast<FunctionDecl>(D); F && F->isMain())
    return true;
  return !D->isExternallyVisible();
}

std::string fencelint::typedefName(QualType T) {
  while (T->isArrayType() && !T->getAs<TypedefType>())
    T = QualType(T->getArrayElementTypeNoTypeQual(), 0);
  for (int Depth = 0; Depth < 2; ++Depth) {
    if (const auto *Typedef = T->getAs<TypedefType>())
      return entityName(Typedef->getDecl());
    if (!T->isPointerType() || !T->getPointeeType()->isFunctionType())
      return "";
    T = T->getPointeeType();
  }
  return "";
}
