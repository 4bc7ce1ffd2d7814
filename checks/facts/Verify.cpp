//===- Verify.cpp - every index in range ---------------------------------------------===//
//
// The FlatBuffers verifier proves that offsets stay inside the buffer. It knows nothing of what the numbers mean: an entity's
// name may still be text 4 billion, a block's events may run past the end, a value may be its own operand. Readers follow all of
// these without looking, so they are looked at here, once.
//
//===----------------------------------------------------------------------===//
#include "checks/facts/Verify.h"
#include "checks/facts/FactsFile.h"
#include <algorithm>
#include <vector>

using namespace fencelint;
using K = facts::ValueKind;

namespace {

/// Readers recurse into values; extraction stops at half of this.
constexpr uint32_t MaxDepth = 200;

class Verifier {
public:
  explicit Verifier(const facts::Unit &U) : U(U) {}
  std::string run();

private:
  const facts::Unit &U;
  std::string Defect;
  uint32_t Texts = 0, Entities = 0;
  std::string Where;

  void require(bool Holds, const char *What) {
    if (!Holds && Defect.empty())
      Defect = Where + What;
  }
  void text(uint32_t Index) { require(Index < Texts, "text index out of range"); }
  void location(const facts::Location &L) { text(L.file()); }
  void entity(uint32_t Index, facts::EntityKind Kind) {
    require(Index < Entities, "entity index out of range");
    if (Index < Entities)
      require(U.entities()->Get(Index)->kind() == Kind, "entity of the wrong kind");
  }
  void table(uint32_t Index) { require(Index == None || Index < U.tables()->size(), "table index out of range"); }
  void slot(uint32_t Index) {
    require(Index < Entities, "entity index out of range");
    if (Index < Entities) {
      facts::EntityKind Kind = U.entities()->Get(Index)->kind();
      require(Kind == facts::EntityKind::Field || Kind == facts::EntityKind::Variable, "entity of the wrong kind");
    }
  }
  void entities();
  void relations();
  void function(const facts::Function &F);
  void values(const facts::Function &F);
  void events(const facts::Function &F);
  void blocks(const facts::Function &F);
  bool tables();
};

} // namespace

bool Verifier::tables() {
  auto Require = [&](const void *Part, const char *What) {
    if (!Part && Defect.empty())
      Defect = std::string(What) + " missing";
  };
  Require(U.tool(), "tool");
  Require(U.source(), "source");
  Require(U.language(), "language");
  Require(U.target(), "target");
  Require(U.definitions(), "definitions");
  Require(U.strings(), "strings");
  Require(U.entities(), "entities");
  Require(U.overrides(), "overrides");
  Require(U.type_arguments(), "type arguments");
  Require(U.destructors(), "destructors");
  Require(U.parameter_types(), "parameter types");
  Require(U.parameter_names(), "parameter names");
  Require(U.stores(), "stores");
  Require(U.tables(), "tables");
  Require(U.table_numbers(), "numbers of tables");
  Require(U.attributes(), "attributes");
  Require(U.functions(), "functions");
  return Defect.empty();
}

void Verifier::entities() {
  require(Texts > 0 && U.strings()->Get(0)->size() == 0, "text 0 is not the empty text");
  for (uint32_t I = 0; I < Entities && Defect.empty(); ++I) {
    const facts::Entity &E = *U.entities()->Get(I);
    Where = "entity " + std::to_string(I) + ": ";
    require(E.kind() <= facts::EntityKind::MAX, "unknown kind");
    text(E.usr());
    text(E.owner());
    text(E.name());
    text(E.type());
    location(E.location());
    if (E.parent() != None) {
      entity(E.parent(), facts::EntityKind::Record);
      require(E.parent() < I, "parent behind its member");
    }
  }
}

void Verifier::relations() {
  using facts::EntityKind;
  Where = "definition: ";
  for (const facts::Definition *D : *U.definitions())
    require(D->name() && D->value(), "name or value missing");
  Where = "override: ";
  for (const facts::Override *O : *U.overrides()) {
    entity(O->method(), EntityKind::Function);
    entity(O->overridden(), EntityKind::Function);
  }
  Where = "type argument: ";
  for (const facts::TypeArgument *T : *U.type_arguments()) {
    entity(T->record(), EntityKind::Record);
    entity(T->argument(), EntityKind::Record);
  }
  Where = "destructor: ";
  for (const facts::RecordDestructor *D : *U.destructors()) {
    entity(D->record(), EntityKind::Record);
    entity(D->destructor(), EntityKind::Function);
  }
  Where = "parameter type: ";
  for (const facts::ParameterType *T : *U.parameter_types()) {
    entity(T->function(), EntityKind::Function);
    text(T->type());
  }
  Where = "parameter name: ";
  for (const facts::ParameterName *N : *U.parameter_names()) {
    entity(N->function(), EntityKind::Function);
    text(N->name());
  }
  Where = "store: ";
  for (const facts::Store *S : *U.stores()) {
    slot(S->slot());
    entity(S->function(), EntityKind::Function);
    table(S->table());
    location(S->location());
  }
  Where = "table: ";
  for (const facts::Table *T : *U.tables())
    entity(T->record(), EntityKind::Record);
  Where = "number of a table: ";
  for (const facts::TableNumber *N : *U.table_numbers()) {
    table(N->table());
    entity(N->field(), EntityKind::Field);
  }
  Where = "attribute: ";
  for (const facts::Attribute *A : *U.attributes()) {
    require(A->entity() < Entities, "entity index out of range");
    text(A->text());
    location(A->location());
  }
}

void Verifier::values(const facts::Function &F) {
  std::vector<uint32_t> Depths(F.values()->size());
  for (uint32_t I = 0; I < F.values()->size() && Defect.empty(); ++I) {
    const facts::Value &V = *F.values()->Get(I);
    auto Operand = [&](uint64_t Index) {
      require(Index < I, "value whose operand does not stand before it");
      if (Index < I)
        Depths[I] = std::max(Depths[I], Depths[Index] + 1);
      require(Depths[I] <= MaxDepth, "value nested too deeply");
    };
    switch (V.kind()) {
    case K::Unknown:
    case K::Constant:
    case K::This:
      break;
    case K::Parameter:
      require(V.a() < F.parameter_count(), "parameter index out of range");
      break;
    case K::Local:
      require(V.a() < F.locals()->size(), "local index out of range");
      break;
    case K::Global:
      entity(V.a(), facts::EntityKind::Variable);
      break;
    case K::Function:
      entity(V.a(), facts::EntityKind::Function);
      break;
    case K::Field:
      Operand(V.a());
      entity(V.b(), facts::EntityKind::Field);
      break;
    case K::Result:
      require(V.a() < F.events()->size() && F.events()->Get(V.a())->kind() == facts::EventKind::Call,
              "result of something that is no call");
      break;
    case K::Dereference:
    case K::AddressOf:
    case K::Not:
    case K::BitNot:
    case K::Negate:
      Operand(V.a());
      break;
    case K::Element:
    case K::BitAnd:
    case K::BitOr:
    case K::Add:
    case K::Subtract:
    case K::ShiftLeft:
    case K::ShiftRight:
    case K::Divide:
    case K::Remainder:
    case K::Equal:
    case K::Less:
    case K::LessEqual:
      Operand(V.a());
      Operand(V.b());
      break;
    case K::Choose:
      Operand(static_cast<uint64_t>(V.number()));
      Operand(V.a());
      Operand(V.b());
      break;
    default:
      require(false, "value of unknown kind");
    }
  }
}

void Verifier::events(const facts::Function &F) {
  uint32_t Values = F.values()->size();
  auto Value = [&](uint32_t Index) { require(Index < Values, "value index out of range"); };
  auto Optional = [&](uint32_t Index) { require(Index == None || Index < Values, "value index out of range"); };
  for (uint32_t A : *F.arguments())
    Value(A);
  for (const facts::Event *E : *F.events()) {
    location(E->location());
    uint64_t End = static_cast<uint64_t>(E->first_argument()) + E->argument_count();
    require(E->argument_count() == 0 || End <= F.arguments()->size(), "arguments out of range");
    Optional(E->object());
    switch (E->kind()) {
    case facts::EventKind::Call:
      if (E->target() != None)
        entity(E->target(), facts::EntityKind::Record);
      Value(E->callee());
      break;
    case facts::EventKind::Destroy:
      Value(E->callee());
      break;
    case facts::EventKind::Assign:
      Value(E->target());
      Value(E->value());
      break;
    case facts::EventKind::Return:
      Optional(E->value());
      break;
    case facts::EventKind::Macro:
      text(E->target());
      Optional(E->value());
      break;
    case facts::EventKind::Assembly:
      break;
    default:
      require(false, "event of unknown kind");
    }
  }
}

void Verifier::blocks(const facts::Function &F) {
  require(F.blocks()->size() > 0, "no entry block");
  uint64_t Events = 0, Edges = 0;
  for (const facts::Block *B : *F.blocks()) {
    require(B->first_event() == Events && B->first_edge() == Edges, "blocks do not follow each other");
    Events += B->event_count();
    Edges += B->edge_count();
  }
  require(Events == F.events()->size() && Edges == F.edges()->size(), "blocks do not cover the events and edges");
  for (const facts::Edge *E : *F.edges()) {
    require(E->to() < F.blocks()->size(), "edge to a block that is not there");
    require(E->guard() == None || E->guard() < F.values()->size(), "value index out of range");
  }
}

void Verifier::function(const facts::Function &F) {
  entity(F.entity(), facts::EntityKind::Function);
  require(F.parameter_count() <= 65535, "more parameters than a function can have");
  require(F.locals() && F.values() && F.arguments() && F.events() && F.edges() && F.blocks(), "a table is missing");
  if (!Defect.empty())
    return;
  // The FlatBuffers verifier looks at where a vector starts, not at where its elements do.
  bool Aligned = reinterpret_cast<uintptr_t>(F.values()->Data()) % alignof(facts::Value) == 0;
  require(Aligned || F.values()->size() == 0, "values not aligned");
  if (!Defect.empty())
    return;
  for (uint32_t Name : *F.locals())
    text(Name);
  values(F);
  events(F);
  blocks(F);
}

std::string Verifier::run() {
  if (!tables())
    return Defect;
  Texts = U.strings()->size();
  Entities = U.entities()->size();
  entities();
  if (Defect.empty())
    relations();
  for (uint32_t I = 0; I < U.functions()->size() && Defect.empty(); ++I) {
    Where = "function " + std::to_string(I) + ": ";
    function(*U.functions()->Get(I));
  }
  return Defect;
}

std::string fencelint::findDefect(const facts::Unit &Unit) { return Verifier(Unit).run(); }
