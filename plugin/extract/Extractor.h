//===- Extractor.h - a translation unit's AST becomes facts ----------------===//
#ifndef FENCELINT_EXTRACT_EXTRACTOR_H
#define FENCELINT_EXTRACT_EXTRACTOR_H

#include "checks/facts/facts_generated.h"
#include <memory>

namespace clang {
class ASTConsumer;
class ASTContext;
class CompilerInstance;
class PreprocessorOptions;
} // namespace clang

namespace fencelint {

/// A consumer that fills Out when the unit has been parsed. Out must outlive it. It reports nothing and changes nothing
/// in the AST, so it may run beside code generation.
std::unique_ptr<clang::ASTConsumer> makeExtractor(clang::CompilerInstance &CI, facts::UnitT &Out);
/// The same for a unit that is parsed already.
void extractUnit(clang::ASTContext &Context, const clang::PreprocessorOptions &CommandLine, facts::UnitT &Out);

} // namespace fencelint
#endif
