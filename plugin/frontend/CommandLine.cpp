//===- CommandLine.cpp - words become options, or an error that helps ------===//
#include "plugin/frontend/CommandLine.h"
#include "checks/models/Spelling.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

namespace fencelint {
namespace {

using namespace llvm::opt;
using llvm::StringRef;

#define OPTTABLE_STR_TABLE_CODE
#include "plugin/frontend/Options.inc"
#undef OPTTABLE_STR_TABLE_CODE

enum Visible : unsigned {
  CheckVis = (1 << 2),
  FactsVis = (1 << 3),
  RulesVis = (1 << 4),
  ModelsVis = (1 << 5),
  LinkVis = (1 << 6),
  ExplainVis = (1 << 7),
  SummarizeVis = (1 << 8),
  VerifyVis = (1 << 9),
};

#define OPTTABLE_PREFIXES_TABLE_CODE
#include "plugin/frontend/Options.inc"
#undef OPTTABLE_PREFIXES_TABLE_CODE

constexpr OptTable::Info Rows[] = {
#define OPTION(...) LLVM_CONSTRUCT_OPT_INFO(__VA_ARGS__),
#include "plugin/frontend/Options.inc"
#undef OPTION
};

class Options : public GenericOptTable {
public:
  Options() : GenericOptTable(OptionStrTable, OptionPrefixesTable, Rows) {}
};

const Options &options() {
  static const Options Table;
  return Table;
}

} // namespace

unsigned checkOptions() { return CheckVis; }
unsigned linkOptions() { return LinkVis; }
unsigned explainOptions() { return ExplainVis; }
unsigned summarizeOptions() { return SummarizeVis; }
unsigned verifyOptions() { return VerifyVis; }
unsigned factsOptions() { return FactsVis; }
unsigned rulesOptions() { return RulesVis; }
unsigned modelsOptions() { return ModelsVis; }

llvm::Error inputError(const llvm::Twine &Message) { return llvm::createStringError(Message); }

int reportError(llvm::Error E) {
  llvm::handleAllErrors(std::move(E), [](const llvm::ErrorInfoBase &Info) {
    llvm::SmallVector<StringRef, 4> Lines;
    std::string Text = Info.message();
    StringRef(Text).trim('\n').split(Lines, '\n');
    for (size_t I = 0; I < Lines.size(); ++I)
      llvm::errs() << (I ? "fencelint: note: " : "fencelint: error: ") << Lines[I].ltrim() << '\n';
  });
  return 2;
}

llvm::Expected<Request> Request::parse(const Command &C, llvm::ArrayRef<const char *> Words) {
  Request R;
  const auto *DashDash = llvm::find_if(Words, [](const char *W) { return StringRef(W) == "--"; });
  if (DashDash != Words.end())
    R.ClangArguments.emplace(DashDash + 1, Words.end());
  unsigned MissingIndex = 0, MissingCount = 0;
  R.Args = options().ParseArgs(Words.take_front(DashDash - Words.begin()), MissingIndex, MissingCount, Visibility(C.Visibility));
  if (MissingCount)
    return inputError(llvm::Twine("option '") + R.Args.getArgString(MissingIndex) + "' needs a value; see 'fencelint help " + C.Name + "'");
  for (const Arg *A : R.Args.filtered(OPT_UNKNOWN)) {
    StringRef Spelling = A->getSpelling();
    std::string Near;
    bool IsNear = options().findNearest(Spelling, Near, Visibility(C.Visibility)) <= std::max<size_t>(2, Spelling.size() / 4);
    return inputError("unknown option '" + A->getAsString(R.Args) + "' of 'fencelint " + C.Name + "'" +
                      (IsNear ? "; did you mean '" + Near + "'?" : std::string("; see 'fencelint help ") + C.Name + "'"));
  }
  R.Operands = R.Args.getAllArgValues(OPT_INPUT);
  return R;
}

llvm::Expected<unsigned> Request::number(OptionId Id, unsigned Default, unsigned Least) const {
  const Arg *A = Args.getLastArg(Id);
  if (!A)
    return Default;
  unsigned Value = 0;
  if (StringRef(A->getValue()).getAsInteger(10, Value) || Value < Least)
    return inputError("'" + A->getAsString(Args) + "': a number of at least " + llvm::Twine(Least) + " is needed");
  return Value;
}

llvm::Expected<unsigned> Request::choice(OptionId Id, llvm::ArrayRef<StringRef> Choices, unsigned Default) const {
  const Arg *A = Args.getLastArg(Id);
  if (!A)
    return Default;
  for (unsigned I = 0; I < Choices.size(); ++I)
    if (Choices[I] == A->getValue())
      return I;
  return inputError("'" + A->getAsString(Args) + "': expected " + llvm::join(Choices, ", ") + didYouMean(A->getValue(), Choices));
}

void printCommandHelp(const Command &C, llvm::raw_ostream &OS) {
  options().printHelp(OS, (llvm::Twine("fencelint ") + C.Name + " " + C.Usage).str().c_str(), C.Summary, /*ShowHidden=*/false,
                      /*ShowAllAliases=*/false, Visibility(C.Visibility));
  OS << "\nEXAMPLES:\n" << C.Examples;
}

} // namespace fencelint
