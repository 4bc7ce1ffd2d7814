//===- ObjectSection.cpp - a unit's facts ride inside its object -----------===//
#include "plugin/compiler/ObjectSection.h"
#include "clang/Basic/CodeGenOptions.h"
#include "clang/Frontend/CompilerInstance.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/TargetParser/Triple.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

namespace fencelint {
namespace {

constexpr llvm::StringLiteral SectionName = ".fencelint";

/// Runs after everything else, so that no optimisation sees the data.
class EmbedFacts : public llvm::PassInfoMixin<EmbedFacts> {
public:
  explicit EmbedFacts(std::shared_ptr<SectionContent> Content) : Content(std::move(Content)) {}
  static bool isRequired() { return true; } // also for functions marked optnone, and at -O0

  llvm::PreservedAnalyses run(llvm::Module &M, llvm::ModuleAnalysisManager &) {
    bool IsThere = llvm::any_of(M.globals(), [](const llvm::GlobalVariable &G) { return G.getSection() == SectionName; });
    if (Content->Bytes.empty() || IsThere || !M.getTargetTriple().isOSBinFormatELF())
      return llvm::PreservedAnalyses::all();
    // Units are read in place: each begins where a 64-bit number may. The end is filled, so that the next one's begin is too.
    std::string Bytes = std::exchange(Content->Bytes, {});
    Bytes.resize(llvm::alignTo(Bytes.size(), 8));
    llvm::embedBufferInModule(M, llvm::MemoryBufferRef(Bytes, SectionName), SectionName, llvm::Align(8));
    for (llvm::GlobalVariable &G : M.globals())
      if (G.getSection() == SectionName) {
        llvm::GlobalVariable::SanitizerMetadata Plain; // no red zones in a file format
        Plain.NoAddress = Plain.NoHWAddress = true;
        G.setSanitizerMetadata(Plain);
      }
    return llvm::PreservedAnalyses::all();
  }

private:
  std::shared_ptr<SectionContent> Content;
};

} // namespace

std::shared_ptr<SectionContent> addFactsSection(clang::CompilerInstance &CI) {
  auto Content = std::make_shared<SectionContent>();
  CI.getCodeGenOpts().PassBuilderCallbacks.push_back([Content](llvm::PassBuilder &Builder) {
    Builder.registerOptimizerLastEPCallback([Content](llvm::ModulePassManager &Passes, llvm::OptimizationLevel,
                                                      llvm::ThinOrFullLTOPhase) { Passes.addPass(EmbedFacts(Content)); });
  });
  return Content;
}

} // namespace fencelint
