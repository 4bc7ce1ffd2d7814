//===- MarkFix.h - an unused NOLINT comment is taken out -------------------===//
//
// What an unused suppression needs is mechanical: its id goes, and the comment with the last of its ids. The checks know where marks stand, not
// what is a comment (checks/report/Marks.h); here clang's lexer is at hand, so that nothing but a comment is ever edited.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_COMPILER_MARKFIX_H
#define FENCELINT_COMPILER_MARKFIX_H

#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/LangOptions.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

namespace fencelint {

/// The edits that take Ids out of the mark at this place, and out of the other end of its block. None where that would take a person: no mark is
/// there, an id may be misspelled, or the comment says more than the mark, goes over several lines or has code behind it.
llvm::SmallVector<clang::FixItHint, 2> fixUnusedMark(const clang::SourceManager &Sources,
                                                     const clang::LangOptions &Language, clang::SourceLocation At,
                                                     llvm::ArrayRef<llvm::StringRef> Ids);

} // namespace fencelint
#endif
