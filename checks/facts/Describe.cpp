//===- Describe.cpp - facts for people ---------------------------------------------===//
//
// One line per event, in the words of the source language where it has them:
//
//   function foo(dev, flags) at /src/foo.c:12:5 internal
//     block 0
//       #0 call mutex_lock(&P0->lock) at 14:3
//       #1 call get(P1 | 3) at 15:7
//       -> block 2 if #1
//       -> block 1 unless #1
//
// `P0` is a parameter, `#1` the result of that call, `?` what nobody knows. Fields are written with `->` whether their base is
// an object or a pointer, because facts do not tell them apart.
//
//===----------------------------------------------------------------------===//
#include "checks/facts/FactsFile.h"
#include "llvm/ADT/DenseMap.h"

using namespace fencelint;
using K = facts::ValueKind;
using facts::EntityFlag;
using facts::EventFlag;

namespace {

class Describer {
public:
  Describer(const facts::Unit &U, llvm::raw_ostream &OS) : U(U), OS(OS) {}
  void unit();

private:
  const facts::Unit &U;
  llvm::raw_ostream &OS;
  const facts::Function *F = nullptr;
  uint32_t File = 0;                                                      ///< of the function
  llvm::DenseMap<std::pair<uint32_t, uint32_t>, uint32_t> ParameterNames; ///< function and index
  unsigned Budget = 0; ///< operands share operands: written out, a value may be far longer than its facts

  llvm::StringRef text(uint32_t I) const { return U.strings()->Get(I)->string_view(); }
  llvm::StringRef name(uint32_t Entity) const { return text(U.entities()->Get(Entity)->name()); }
  void place(const facts::Location &L, bool Short = false);
  void value(uint32_t I, bool Nested = false);
  void binary(const facts::Value &V, llvm::StringRef Operator, bool Nested);
  void local(uint32_t I);
  void arguments(const facts::Event &E);
  void event(uint32_t I);
  void edge(const facts::Edge &E);
  void function(const facts::Function &Function);
  void relations();
  void flags(uint32_t Flags);
};

} // namespace

void Describer::place(const facts::Location &L, bool Short) {
  if (L.line() == 0)
    return;
  OS << " at ";
  if (!Short || L.file() != File)
    OS << text(L.file()) << ":";
  OS << L.line() << ":" << L.column();
}

void Describer::local(uint32_t I) {
  OS << text(F->locals()->Get(I));
  uint32_t Same = 0;
  for (uint32_t Other = 0; Other < I; ++Other)
    Same += F->locals()->Get(Other) == F->locals()->Get(I);
  if (Same)
    OS << "." << Same + 1;
}

void Describer::binary(const facts::Value &V, llvm::StringRef Operator, bool Nested) {
  OS << (Nested ? "(" : "");
  value(V.a(), true);
  OS << " " << Operator << " ";
  value(V.b(), true);
  OS << (Nested ? ")" : "");
}

void Describer::value(uint32_t I, bool Nested) {
  if (!Nested)
    Budget = 1000;
  if (I == None || Budget == 0) {
    OS << (I == None ? "nothing" : "...");
    return;
  }
  --Budget;
  const facts::Value &V = *F->values()->Get(I);
  auto Prefixed = [&](llvm::StringRef Prefix) {
    OS << Prefix;
    value(V.a(), true);
  };
  switch (V.kind()) {
  case K::Unknown:
    OS << "?";
    return;
  case K::Constant:
    OS << V.number();
    return;
  case K::Parameter:
    OS << "P" << V.a();
    return;
  case K::This:
    OS << "this";
    return;
  case K::Local:
    return local(V.a());
  case K::Global:
  case K::Function:
    OS << name(V.a());
    return;
  case K::Field: {
    value(V.a(), true);
    llvm::StringRef Name = name(V.b());
    OS << "->" << (Name.contains('.') ? Name.rsplit('.').second : Name);
    return;
  }
  case K::Element:
    value(V.a(), true);
    OS << "[";
    value(V.b(), true);
    OS << "]";
    return;
  case K::Dereference:
    return Prefixed("*");
  case K::AddressOf:
    return Prefixed("&");
  case K::Result:
    OS << "#" << V.a();
    return;
  case K::Not:
    return Prefixed("!");
  case K::BitNot:
    return Prefixed("~");
  case K::Negate:
    return Prefixed("-");
  case K::BitAnd:
    return binary(V, "&", Nested);
  case K::BitOr:
    return binary(V, "|", Nested);
  case K::Add:
    return binary(V, "+", Nested);
  case K::Subtract:
    return binary(V, "-", Nested);
  case K::ShiftLeft:
    return binary(V, "<<", Nested);
  case K::ShiftRight:
    return binary(V, ">>", Nested);
  case K::Divide:
    return binary(V, "/", Nested);
  case K::Remainder:
    return binary(V, "%", Nested);
  case K::Equal:
    return binary(V, "==", Nested);
  case K::Less:
    return binary(V, V.number() ? "<u" : "<", Nested);
  case K::LessEqual:
    return binary(V, V.number() ? "<=u" : "<=", Nested);
  case K::Choose:
    OS << "(";
    value(static_cast<uint32_t>(V.number()), true);
    OS << " ? ";
    value(V.a(), true);
    OS << " : ";
    value(V.b(), true);
    OS << ")";
    return;
  }
}

void Describer::arguments(const facts::Event &E) {
  OS << "(";
  for (uint32_t I = 0; I < E.argument_count(); ++I) {
    OS << (I ? ", " : "");
    value(F->arguments()->Get(E.first_argument() + I));
  }
  OS << ")";
}

void Describer::event(uint32_t I) {
  const facts::Event &E = *F->events()->Get(I);
  OS << "    #" << I << " ";
  auto Has = [&](EventFlag Flag) { return (E.flags() & static_cast<uint32_t>(Flag)) != 0; };
  switch (E.kind()) {
  case facts::EventKind::Call:
    OS << "call ";
    Budget = 1000;
    value(E.callee(), true);
    arguments(E);
    if (E.object() != None) {
      OS << " on ";
      value(E.object());
    }
    if (E.target() != None)
      OS << " of " << name(E.target());
    break;
  case facts::EventKind::Destroy:
    OS << "destroy ";
    if (E.object() != None) {
      value(E.object());
      OS << " by ";
    }
    Budget = 1000;
    value(E.callee(), true);
    if (E.argument_count())
      arguments(E);
    break;
  case facts::EventKind::Assign:
    value(E.target());
    OS << " = ";
    value(E.value());
    break;
  case facts::EventKind::Return:
    OS << "return ";
    value(E.value());
    break;
  case facts::EventKind::Macro:
    OS << "macro " << text(E.target());
    if (E.value() != None) {
      OS << " of ";
      value(E.value());
    }
    break;
  case facts::EventKind::Assembly:
    OS << "assembly";
    break;
  }
  OS << (Has(EventFlag::Dispatch) ? " virtual" : "") << (Has(EventFlag::Implicit) ? " implicit" : "")
     << (Has(EventFlag::Unwinding) ? " unwinding" : "") << (Has(EventFlag::Temporary) ? " temporary" : "")
     << (Has(EventFlag::Member) ? " member" : "") << (Has(EventFlag::Deleted) ? " deleted" : "")
     << (Has(EventFlag::Parameter) ? " parameter" : "");
  place(E.location(), /*Short=*/true);
  OS << "\n";
}

void Describer::edge(const facts::Edge &E) {
  OS << "    -> block " << E.to();
  if (E.guard() != None) {
    OS << (E.truth() ? " if " : " unless ");
    value(E.guard());
  }
  OS << (E.unwind() ? " unwinding\n" : "\n");
}

void Describer::flags(uint32_t Flags) {
  static constexpr const char *Names[] = {"internal", "virtual",    "pure",         "final",  "constructor",
                                          "move",     "destructor", "lambda",       "method", "noexcept",
                                          "noreturn", "coroutine",  "system-header", nullptr, "weak"};
  for (size_t I = 0; I < std::size(Names); ++I)
    if (Names[I] && Flags & (1u << I))
      OS << " " << Names[I];
}

void Describer::function(const facts::Function &Function) {
  F = &Function;
  const facts::Entity &E = *U.entities()->Get(F->entity());
  File = E.location().file();
  OS << "\nfunction " << text(E.name()) << "(";
  for (uint32_t I = 0; I < F->parameter_count(); ++I) {
    auto Name = ParameterNames.find({F->entity(), I});
    OS << (I ? ", " : "") << (Name == ParameterNames.end() ? "" : text(Name->second));
  }
  OS << ")";
  place(E.location());
  flags(E.flags());
  OS << "\n";
  for (uint32_t B = 0; B < F->blocks()->size(); ++B) {
    const facts::Block &Block = *F->blocks()->Get(B);
    OS << "  block " << B << "\n";
    for (uint32_t I = 0; I < Block.event_count(); ++I)
      event(Block.first_event() + I);
    for (uint32_t I = 0; I < Block.edge_count(); ++I)
      edge(*F->edges()->Get(Block.first_edge() + I));
  }
}

void Describer::relations() {
  for (const facts::Entity *E : *U.entities())
    if (E->kind() != facts::EntityKind::Function && text(E->type()) != "")
      OS << (E->kind() == facts::EntityKind::Field ? "field " : "variable ") << text(E->name()) << " is a "
         << text(E->type()) << "\n";
  for (const facts::Override *O : *U.overrides())
    OS << "override " << name(O->method()) << " of " << name(O->overridden()) << "\n";
  for (const facts::TypeArgument *T : *U.type_arguments())
    OS << "type argument " << T->index() << " of " << name(T->record()) << " is " << name(T->argument()) << "\n";
  for (const facts::RecordDestructor *D : *U.destructors())
    OS << "destructor of " << name(D->record()) << " is " << name(D->destructor()) << "\n";
  for (const facts::ParameterType *T : *U.parameter_types())
    OS << "parameter " << T->index() << " of " << name(T->function()) << " is a " << text(T->type()) << "\n";
  for (const facts::Store *S : *U.stores()) {
    OS << "store " << name(S->slot()) << " = " << name(S->function());
    if (S->table() != None)
      OS << " in table " << S->table();
    place(S->location());
    OS << "\n";
  }
  for (const facts::TableNumber *N : *U.table_numbers()) {
    if (N->table() == None)
      OS << "set " << name(N->field());
    else if (N->known())
      OS << "number " << name(N->field()) << " = " << N->number() << " in table " << N->table();
    else
      OS << "something in " << name(N->field()) << " in table " << N->table();
    OS << "\n";
  }
  for (const facts::Attribute *A : *U.attributes()) {
    OS << "attribute of ";
    if (A->parameter() != None)
      OS << "parameter " << A->parameter() << " of ";
    OS << name(A->entity()) << ": " << text(A->text());
    place(A->location());
    OS << "\n";
  }
}

void Describer::unit() {
  auto Text = [](const flatbuffers::String *S) { return llvm::StringRef(S->string_view()); };
  OS << "unit " << Text(U.source()) << "\n"
     << "language " << Text(U.language()) << ", target " << Text(U.target()) << ", written by " << Text(U.tool())
     << "\n";
  for (const facts::Definition *D : *U.definitions())
    OS << "define " << Text(D->name()) << " as " << Text(D->value()) << "\n";
  relations();
  for (const facts::ParameterName *P : *U.parameter_names())
    if (P->index() <= 65535)
      ParameterNames[{P->function(), P->index()}] = P->name();
  for (const facts::Function *Function : *U.functions())
    function(*Function);
}

void fencelint::describe(const facts::Unit &Unit, llvm::raw_ostream &OS) { Describer(Unit, OS).unit(); }
