//===- EntityNames.h - what a declaration is called in facts ---------------===//
#ifndef FENCELINT_EXTRACT_ENTITYNAMES_H
#define FENCELINT_EXTRACT_ENTITYNAMES_H

#include "clang/AST/Type.h"
#include <string>

namespace clang {
class ASTContext;
class NamedDecl;
} // namespace clang

namespace fencelint {

/// Qualified, without template arguments and inline namespaces: `std::vector::push_back`, `drm_gem_object.funcs`,
/// `ns::Class::~Class`, `open::lambda at driver.cpp:12`.
std::string entityName(const clang::NamedDecl *D);

/// A function of C linkage inside a namespace: for the linker, and for us, it is the one without.
bool isPlainC(const clang::NamedDecl *D);

/// True when another unit cannot mean this declaration by the same name.
bool isInternal(const clang::NamedDecl *D);

/// The typedef a field, variable or parameter was declared with, "" when there is none. A pointer to a function
/// typedef counts as that typedef.
std::string typedefName(clang::QualType T);

} // namespace fencelint
#endif
