//===- FactsFuzzer.cpp - hostile facts -------------------------------------===//
//
// Facts come out of caches and object files of strangers, and readers follow them without looking once they are verified. So whatever passes
// verification is printed, linked, solved and judged here, as the program would do it; nothing of that may read where it should not.
//
// Bytes changed at random are rarely a unit. So size and identifier are mostly put right again, and half of the changes are made to the unpacked
// unit: another number in an entity, a value, an event or an edge, another text, a function twice.
//
//===----------------------------------------------------------------------===//
#include "checks/Pipeline.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/raw_ostream.h"
#include <cstring>
#include <random>

using namespace fencelint;

extern "C" size_t LLVMFuzzerMutate(uint8_t *Data, size_t Size, size_t MaxSize);

static const ModelTable &models() {
  static const ModelTable *Table = [] {
    auto *New = new ModelTable;
    if (llvm::Error E = llvm::joinErrors(New->add(FENCELINT_SOURCE_DIR "/checks/models/data"), New->finish()))
      llvm::report_fatal_error(std::move(E));
    return New;
  }();
  return *Table;
}

namespace {

/// Changes one thing in a unit that stays a unit, though not always one that is verified.
class Change {
public:
  Change(facts::UnitT &U, unsigned Seed) : U(U), Random(Seed) {}
  void run();

private:
  facts::UnitT &U;
  std::minstd_rand Random;

  uint32_t below(size_t Limit) { return Limit ? Random() % Limit : 0; }
  /// Another small number, another row's, or one beside it, in one of the 32-bit words of one row.
  template <class Row> void number(std::vector<Row> &Rows) {
    if (Rows.empty())
      return;
    constexpr size_t Words = sizeof(Row) / 4;
    uint32_t Word = below(Words), Value;
    char *At = reinterpret_cast<char *>(&Rows[below(Rows.size())]) + Word * 4;
    std::memcpy(&Value, reinterpret_cast<char *>(&Rows[below(Rows.size())]) + Word * 4, 4);
    uint32_t Choices[] = {Value, Value + 1, Value - 1, below(8), below(64), 1u << below(32), None, below(U.entities.size())};
    std::memcpy(At, &Choices[below(std::size(Choices))], 4);
  }
  template <class Row> void copyRow(std::vector<Row> &Rows) {
    if (!Rows.empty())
      Rows.push_back(Rows[below(Rows.size())]);
  }
  void text();
  void function(facts::FunctionT &F);
};

} // namespace

void Change::text() {
  if (U.strings.size() < 2)
    return;
  std::string &Text = U.strings[1 + below(U.strings.size() - 1)];
  if (below(2)) {
    Text = U.strings[below(U.strings.size())];
    return;
  }
  size_t Size = Text.size();
  Text.resize(Size + 16);
  Text.resize(LLVMFuzzerMutate(reinterpret_cast<uint8_t *>(Text.data()), Size, Text.size()));
}

void Change::function(facts::FunctionT &F) {
  switch (below(8)) {
  case 0:
  case 1:
    return number(F.values);
  case 2:
  case 3:
    return number(F.events);
  case 4:
    return number(F.edges);
  case 5:
    return number(F.arguments);
  case 6:
    return number(F.blocks);
  case 7:
    F.entity = below(U.entities.size());
  }
}

void Change::run() {
  switch (below(16)) {
  case 0:
  case 1:
    return number(U.entities);
  case 2:
    return text();
  case 3:
    number(U.attributes);
    return copyRow(U.attributes);
  case 4:
    number(U.stores);
    number(U.tables);
    number(U.table_numbers);
    return copyRow(U.stores);
  case 5:
    number(U.overrides);
    return copyRow(U.overrides);
  case 6:
    number(U.type_arguments);
    number(U.destructors);
    return number(U.parameter_types);
  case 7:
    if (!U.functions.empty() && U.functions.size() < 64)
      U.functions.push_back(std::make_unique<facts::FunctionT>(*U.functions[below(U.functions.size())]));
    return;
  default:
    if (!U.functions.empty())
      function(*U.functions[below(U.functions.size())]);
  }
}

/// The changed unit in Data; 0 when it is none, or too big.
static size_t changeUnit(uint8_t *Data, size_t Size, size_t MaxSize, unsigned Seed) {
  llvm::StringRef Bytes(reinterpret_cast<const char *>(Data), Size);
  llvm::Expected<FactsFile> File = FactsFile::read(llvm::MemoryBuffer::getMemBufferCopy(Bytes, "input"));
  if (!File) {
    llvm::consumeError(File.takeError());
    return 0;
  }
  std::unique_ptr<facts::UnitT> Unit(File->units()[0]->UnPack());
  for (unsigned Times = 1 + Seed % 4; Times; --Times)
    Change(*Unit, Seed + Times).run();
  std::unique_ptr<llvm::MemoryBuffer> Packed = packUnit(*Unit);
  if (Packed->getBufferSize() > MaxSize)
    return 0;
  std::memcpy(Data, Packed->getBufferStart(), Packed->getBufferSize());
  return Packed->getBufferSize();
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *Data, size_t Size, size_t MaxSize, unsigned Seed) {
  if (Seed % 2)
    if (size_t Changed = changeUnit(Data, Size, MaxSize, Seed))
      return Changed;
  Size = LLVMFuzzerMutate(Data, Size, MaxSize);
  if (Size >= 12 && Seed % 16 != 0) {
    llvm::support::endian::write32le(Data, Size - 4);
    std::memcpy(Data + 8, facts::UnitIdentifier(), 4);
  }
  return Size;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  llvm::StringRef Bytes(reinterpret_cast<const char *>(Data), Size);
  llvm::Expected<FactsFile> File = FactsFile::read(llvm::MemoryBuffer::getMemBufferCopy(Bytes, "input"));
  if (!File) {
    llvm::consumeError(File.takeError());
    return 0;
  }
  for (const facts::Unit *Unit : File->units())
    describe(*Unit, llvm::nulls());
  std::vector<FactsFile> Files;
  Files.push_back(std::move(*File));
  PipelineOptions Options;
  Options.AtLeast = Confidence::Low;
  if (Size % 2) // some rules change what is linked
    for (const RuleInfo &Rule : allRules())
      Options.Rules.push_back(Rule.Id);
  checkUnits(std::move(Files), models(), Options);
  return 0;
}
