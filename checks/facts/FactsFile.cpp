//===- FactsFile.cpp - mapping, verifying, writing ----------------------------------===//
//
// Two walls before anyone follows an index: the FlatBuffers verifier (offsets stay inside the buffer) and ours (indices stay inside
// their tables, operands come before users). After that readers need no checks. Both run on every load and cost a few milliseconds per hundred
// megabytes, which is why they are not optional.
//
//===---------------------------------------------------------------------------------===//
#include "checks/facts/FactsFile.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"

using namespace fencelint;
using llvm::Error;
using llvm::Twine;

static Error bad(const Twine &Message) { return llvm::createStringError(llvm::inconvertibleErrorCode(), Message); }

namespace {

/// Checks one unit's indices. Says the first thing that is wrong.
class Verifying {
public:
  explicit Verifying(const facts::Unit &U) : U(U) {}
  Error run();

private:
  const facts::Unit &U;
  uint32_t Strings = 0, Entities = 0;

  Error index(const char *What, uint32_t Index, uint32_t Count, bool MayBeNone = false) {
    if (Index < Count || (MayBeNone && Index == None))
      return Error::success();
    return bad(Twine(What) + " " + Twine(Index) + " is out of range (" + Twine(Count) + ")");
  }
  Error text(const char *What, uint32_t Index) { return index(What, Index, Strings); }
  Error entity(const char *What, uint32_t Index, facts::EntityKind Kind) {
    if (Error E = index(What, Index, Entities))
      return E;
    if (U.entities()->Get(Index)->kind() != Kind)
      return bad(Twine(What) + " " + Twine(Index) + " is an entity of another kind");
    return Error::success();
  }
  Error verifyEntities();
  Error verifyRelations();
  Error verifyFunction(const facts::Function &F);
  Error verifyValues(const facts::Function &F);
  Error verifyEvents(const facts::Function &F);
  Error verifyBlocks(const facts::Function &F);
};

} // namespace

#define CHECK(...)                                                                                                               \
  if (Error Failed = __VA_ARGS__)                                                                                                \
  return Failed

Error Verifying::run() {
  if (!U.strings() || !U.entities() || !U.functions() || !U.overrides() || !U.type_arguments() || !U.destructors() ||
      !U.parameter_types() || !U.parameter_names() || !U.stores() || !U.attributes() || !U.source() || !U.tool())
    return bad("a required table is missing");
  Strings = U.strings()->size();
  Entities = U.entities()->size();
  if (Strings == 0)
    return bad("the string table is empty");
  CHECK(verifyEntities());
  CHECK(verifyRelations());
  for (const facts::Function *F : *U.functions())
    CHECK(verifyFunction(*F));
  return Error::success();
}

Error Verifying::verifyEntities() {
  for (const facts::Entity *E : *U.entities()) {
    if (E->kind() > facts::EntityKind::MAX)
      return bad("an entity of unknown kind");
    CHECK(text("usr", E->usr()));
    CHECK(text("owner", E->owner()));
    CHECK(text("name", E->name()));
    CHECK(text("type", E->type()));
    CHECK(text("file", E->location().file()));
    CHECK(index("parent", E->parent(), Entities, true));
  }
  return Error::success();
}

Error Verifying::verifyRelations() {
  using Kind = facts::EntityKind;
  for (const facts::Override *O : *U.overrides()) {
    CHECK(entity("overriding method", O->method(), Kind::Function));
    CHECK(entity("overridden method", O->overridden(), Kind::Function));
  }
  for (const facts::TypeArgument *T : *U.type_arguments()) {
    CHECK(index("record", T->record(), Entities));
    CHECK(index("type argument", T->argument(), Entities));
  }
  for (const facts::RecordDestructor *D : *U.destructors()) {
    CHECK(index("record", D->record(), Entities));
    CHECK(entity("destructor", D->destructor(), Kind::Function));
  }
  for (const facts::ParameterType *T : *U.parameter_types()) {
    CHECK(entity("function", T->function(), Kind::Function));
    CHECK(text("parameter type", T->type()));
  }
  for (const facts::ParameterName *T : *U.parameter_names()) {
    CHECK(entity("function", T->function(), Kind::Function));
    CHECK(text("parameter name", T->name()));
  }
  for (const facts::Store *S : *U.stores()) {
    CHECK(index("slot", S->slot(), Entities));
    CHECK(entity("stored function", S->function(), Kind::Function));
    CHECK(text("file", S->location().file()));
  }
  for (const facts::Attribute *A : *U.attributes()) {
    CHECK(index("annotated entity", A->entity(), Entities));
    CHECK(text("attribute", A->text()));
    CHECK(text("file", A->location().file()));
  }
  return Error::success();
}

Error Verifying::verifyFunction(const facts::Function &F) {
  CHECK(entity("function", F.entity(), facts::EntityKind::Function));
  if (!F.locals() || !F.values() || !F.arguments() || !F.events() || !F.edges() || !F.blocks())
    return bad("a function's table is missing");
  if (F.blocks()->size() == 0)
    return bad("a function without blocks");
  for (uint32_t Local : *F.locals())
    CHECK(text("local", Local));
  CHECK(verifyValues(F));
  for (uint32_t Argument : *F.arguments())
    CHECK(index("argument", Argument, F.values()->size()));
  CHECK(verifyEvents(F));
  return verifyBlocks(F);
}

Error Verifying::verifyValues(const facts::Function &F) {
  using K = facts::ValueKind;
  for (uint32_t I = 0; I < F.values()->size(); ++I) {
    const facts::Value &V = *F.values()->Get(I);
    switch (V.kind()) {
    case K::Unknown:
    case K::Constant:
    case K::Parameter:
    case K::This:
      break;
    case K::Local:
      CHECK(index("local", V.a(), F.locals()->size()));
      break;
    case K::Global:
      CHECK(entity("variable", V.a(), facts::EntityKind::Variable));
      break;
    case K::Function:
      CHECK(entity("function value", V.a(), facts::EntityKind::Function));
      break;
    case K::Field:
      CHECK(index("operand", V.a(), I));
      CHECK(entity("field", V.b(), facts::EntityKind::Field));
      break;
    case K::Result:
      CHECK(index("result of event", V.a(), F.events()->size()));
      break;
    case K::Dereference:
    case K::AddressOf:
    case K::Not:
    case K::BitNot:
    case K::Negate:
      CHECK(index("operand", V.a(), I));
      break;
    case K::Choose:
      if (V.number() < 0 || V.number() >= I)
        return bad("a condition that is out of range");
      [[fallthrough]];
    case K::Element:
    case K::BitAnd:
    case K::BitOr:
    case K::Add:
    case K::Subtract:
    case K::ShiftLeft:
    case K::ShiftRight:
    case K::Equal:
    case K::Less:
    case K::LessEqual:
      CHECK(index("operand", V.a(), I));
      CHECK(index("operand", V.b(), I));
      break;
    default:
      return bad("a value of unknown kind " + Twine(static_cast<unsigned>(V.kind())));
    }
  }
  return Error::success();
}

Error Verifying::verifyEvents(const facts::Function &F) {
  using K = facts::EventKind;
  uint32_t Values = F.values()->size();
  for (const facts::Event *E : *F.events()) {
    CHECK(text("file", E->location().file()));
    switch (E->kind()) {
    case K::Call:
    case K::Destroy:
      CHECK(index("callee", E->callee(), Values));
      CHECK(index("object", E->object(), Values, true));
      if (uint64_t(E->first_argument()) + E->argument_count() > F.arguments()->size())
        return bad("arguments of a call are out of range");
      break;
    case K::Assign:
      CHECK(index("target", E->target(), Values));
      CHECK(index("value", E->value(), Values, true));
      break;
    case K::Return:
      CHECK(index("value", E->value(), Values, true));
      break;
    case K::Macro:
      CHECK(text("macro", E->target()));
      break;
    case K::Assembly:
      break;
    default:
      return bad("an event of unknown kind " + Twine(static_cast<unsigned>(E->kind())));
    }
  }
  return Error::success();
}

Error Verifying::verifyBlocks(const facts::Function &F) {
  for (const facts::Block *B : *F.blocks())
    if (uint64_t(B->first_event()) + B->event_count() > F.events()->size() ||
        uint64_t(B->first_edge()) + B->edge_count() > F.edges()->size())
      return bad("a block's events or edges are out of range");
  for (const facts::Edge *E : *F.edges()) {
    CHECK(index("edge to block", E->to(), F.blocks()->size()));
    CHECK(index("guard", E->guard(), F.values()->size(), true));
  }
  return Error::success();
}

llvm::Expected<FactsFile> FactsFile::open(llvm::StringRef Path) {
  auto Buffer = llvm::MemoryBuffer::getFile(Path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return bad("cannot read facts: " + Buffer.getError().message());
  return read(std::move(*Buffer));
}

llvm::Expected<FactsFile> FactsFile::read(std::unique_ptr<llvm::MemoryBuffer> Buffer) {
  FactsFile File;
  const auto *Data = reinterpret_cast<const uint8_t *>(Buffer->getBufferStart());
  uint64_t Size = Buffer->getBufferSize();
  if (Size == 0)
    return bad("the facts file is empty; make it again");
  for (uint64_t At = 0; At < Size;) {
    std::string Where = "unit at byte " + std::to_string(At) + ": ";
    if (Size - At < 16)
      return bad(Where + "the file ends in the middle of a unit; make it again");
    uint64_t Length = flatbuffers::ReadScalar<uint32_t>(Data + At) + sizeof(uint32_t);
    if (!flatbuffers::BufferHasIdentifier(Data + At, facts::UnitIdentifier(), true))
      return bad(Where + "this is not a facts file (no FLNT mark)");
    if (Length > Size - At)
      return bad(Where + "the file ends in the middle of a unit; make it again");
    flatbuffers::Verifier Verifier(Data + At, Length, /*max_depth=*/16, /*max_tables=*/100000000);
    if (!facts::VerifySizePrefixedUnitBuffer(Verifier))
      return bad(Where + "damaged; make the facts again");
    const facts::Unit *U = facts::GetSizePrefixedUnit(Data + At);
    if (U->version() != FactsVersion)
      return bad(Where + "written in version " + std::to_string(U->version()) + " of the format, this tool reads version " +
                 std::to_string(FactsVersion) + "; make the facts again");
    if (Error E = Verifying(*U).run())
      return bad(Where + "damaged (" + llvm::toString(std::move(E)) + "); make the facts again");
    File.Units.push_back(U);
    At += Length;
  }
  File.Buffer = std::move(Buffer);
  return File;
}

Error fencelint::writeUnit(const facts::UnitT &Unit, llvm::StringRef Path) {
  flatbuffers::FlatBufferBuilder Builder(1 << 16);
  facts::FinishSizePrefixedUnitBuffer(Builder, facts::Unit::Pack(Builder, &Unit));
  return llvm::writeToOutput(Path, [&](llvm::raw_ostream &OS) {
    OS.write(reinterpret_cast<const char *>(Builder.GetBufferPointer()), Builder.GetSize());
    return Error::success();
  });
}
