//===- Program.h - the whole program, one graph ------------------------------===//
//
// What the rules see. The linker fills symbols and functions, the flow fills where function pointers lead, the solver fills summaries and
// violations. Afterwards nothing changes any more.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_LINK_PROGRAM_H
#define FENCELINT_LINK_PROGRAM_H

#include "checks/facts/FactsFile.h"
#include "checks/link/FieldsInCode.h"
#include "checks/link/Setters.h"
#include "checks/link/Summary.h"
#include "checks/link/TableNumbers.h"
#include "checks/models/Annotation.h"
#include "checks/models/ModelTable.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"
#include <memory>
#include <string>
#include <vector>

namespace fencelint {

/// A place in the source without the strings: 12 bytes, many millions of them.
struct Place {
  uint32_t Unit = 0;           ///< Program::Units index, whose strings name the file
  facts::Location At{};
};

/// A function, variable, field or class, named once for all units.
struct Symbol {
  facts::EntityKind Kind;
  uint32_t Flags = 0;               ///< facts::EntityFlag
  llvm::StringRef Usr, Owner, Name; ///< into the facts
  llvm::StringRef Type;
  SymbolId Parent = None;
  Place Declared;
  FunctionId Function = None;       ///< index into Program::Functions when it is one

  bool is(facts::EntityFlag F) const { return Flags & static_cast<uint32_t>(F); }
};

/// A promise or contract that comes from the source: the words of an attribute.
struct Declared {
  Annotation Says;
  Place At;
  llvm::StringRef Text;
};

/// A context that somebody calls a function in.
struct Root {
  FunctionId Function;
  Context In;
  std::string Because;    ///< what to say of the function: "is stored in 'ops.release': ..."
  Step::Kind How;         ///< Registered or Contract
  SourcePosition At;      ///< where it was stored, registered or declared
  std::string Where;      ///< function or place that stored it
  Confidence Sure = Confidence::High;
  bool IsPromise = false; ///< nonblocking and the like: what does more breaks a contract
};

/// The matrix forbids an effect that a context reaches. Rules turn these into findings.
struct Violation {
  FunctionId Function;
  uint32_t Event;             ///< the call in Function whose callee has the effect
  EffectFact Effect;          ///< as in a summary of Function, with its witness
  Context In;                 ///< at the effect, as far as it is known
  HeldPart Entered;           ///< what made it atomic, when that was in Function
  uint32_t RootIndex = None;  ///< Program::Roots, when the context comes from outside
};

struct ProgramFunction {
  SymbolId Symbol = None;
  const facts::Function *Body = nullptr;
  uint32_t Unit = 0;                   ///< of Body
  uint32_t Module = 0;                 ///< of Body; 0 for what a header defines
  llvm::SmallVector<uint32_t, 1> CopiesIn; ///< other modules that the same source is built into
  const FunctionModel *Model = nullptr;///< description that replaces the body
  FunctionId WhenGiven = None;         ///< the same function where Model->Given of that one is what made the first argument
  std::unique_ptr<FunctionModel> Own;  ///< the description made from annotations
  const Declared *Audited = nullptr;   ///< where and why a person has read it
  Context Promised;                    ///< what it declares of itself; neutral when nothing
  std::vector<FunctionId> Overriders;  ///< all, transitively
  struct Summary Summary;
  std::unique_ptr<struct Summary> Verified; ///< not null: what its body does, beside a description that replaces it (`fencelint models verify`)
  std::vector<EffectFact> BodyEffects; ///< of a body whose callers are told what annotations say instead
  std::vector<Violation> Violations;   ///< in its own body
  bool HidesContext = false;           ///< audited, and it returns in another context than it was called in
  bool HasCallers = false;             ///< somebody in the program calls it directly

  /// Its body tells its effects: nothing describes it, or somebody audited it. Then its callers see nothing else of it.
  bool isWalked() const { return Body && (!Model || (Audited && Model->Does.empty())); }
  /// Its callers are told what its annotations say; its body is checked all the same.
  bool isOnlyChecked() const { return Body && (Own || Verified) && !Audited; }
  /// What its body does.
  llvm::ArrayRef<EffectFact> effects() const { return isOnlyChecked() ? BodyEffects : Summary.Effects; }
};

/// Where a call through a value may lead.
struct Targets {
  llvm::SmallVector<FunctionId, 4> Functions;
  llvm::SmallVector<uint32_t, 4> Times;  ///< how often each was stored: one table of operations each
  const SlotModel *Slot = nullptr;
  const ContextModel *Contract = nullptr;
  Context Promised;            ///< contract and promises: effects that it forbids are reported at what is stored
};

/// What is known of the memory of a record's objects; the later, the more it takes to free.
enum class Memory : uint8_t { Unknown, NeverMapped, MaybeMapped };

struct LoadedUnit {
  const facts::Unit *Facts;
  std::vector<SymbolId> Symbols;   ///< local entity -> program symbol
  uint32_t Module = 0;
};

struct Program {
  const ModelTable *Models = nullptr;
  std::vector<FactsFile> Files;
  std::vector<LoadedUnit> Units;
  std::vector<Symbol> Symbols;
  std::vector<ProgramFunction> Functions;
  std::vector<std::string> Modules{""};              ///< names; 0: shared
  llvm::DenseSet<std::pair<uint32_t, uint32_t>> ModuleCalls; ///< (caller, callee) modules
  llvm::DenseMap<SymbolId, std::vector<Declared>> Annotations;
  llvm::DenseMap<std::pair<SymbolId, uint32_t>, std::vector<Declared>> ParameterAnnotations;
  llvm::DenseMap<std::pair<SymbolId, uint32_t>, llvm::StringRef> ParameterTypes;
  llvm::DenseMap<std::pair<SymbolId, uint32_t>, llvm::StringRef> ParameterNames;
  llvm::DenseMap<std::pair<SymbolId, uint32_t>, SymbolId> TypeArguments; ///< (record, index) -> record
  llvm::DenseMap<SymbolId, SymbolId> Destructors;
  llvm::DenseMap<std::pair<SymbolId, uint32_t>, uint32_t> Tables; ///< (record, module) -> tables of operations, set or not
  llvm::DenseMap<std::pair<SymbolId, uint32_t>, uint64_t> OwnBits; ///< (field, unit): all that it names when it sets an object up
  llvm::DenseMap<SymbolId, uint64_t> NamedBits;      ///< by any unit
  FieldsInCode Fields;                               ///< what code does to them
  TableNumbers Beside;                               ///< what stands beside a function in its tables
  Setters Sets;                                      ///< for whose objects a field is ever set
  llvm::DenseSet<std::pair<SymbolId, uint32_t>> Fills; ///< (field, unit): that unit stores a function of its own there
  llvm::DenseSet<SymbolId> PassedAround;             ///< records whose objects are made on the stack and carry functions to who is given them
  llvm::DenseMap<SymbolId, Memory> Made;             ///< record -> how its objects come to be (Memory.h)
  llvm::DenseMap<uint64_t, Targets> PointsTo;        ///< by Holder (Flow.h): fields, variables, parameters, results, locals
  ExprTable Exprs;
  std::vector<Root> Roots;
  std::vector<Violation> Violations;                 ///< at roots
  std::vector<Problem> Problems;                     ///< annotations that make no sense
  std::vector<Note> Notes;                           ///< functions that two units define differently
  bool CallbacksMayAllocate = true;                  ///< off: any fence callback that allocates breaks its contract
  std::vector<FunctionId> Asked;                     ///< functions whose callers' contexts are followed: violations of kind Asked
  bool OnRt = false;                                 ///< as PREEMPT_RT has it: whatever allocates takes a lock that sleeps
  bool OnlyRt = false;                               ///< and nothing but what that forbids is followed
  bool FollowUnknown = false;                        ///< keep unknown callees as an effect (rule unknown-callee)
  bool IsOpen = false;                               ///< other programs may fill its tables of operations: what a pointer leads to is unknown

  const Symbol &symbolOf(FunctionId F) const { return Symbols[Functions[F].Symbol]; }
  SymbolId global(uint32_t Unit, uint32_t Entity) const { return Units[Unit].Symbols[Entity]; }
  llvm::StringRef text(uint32_t Unit, uint32_t Index) const {
    return Units[Unit].Facts->strings()->Get(Index)->string_view();
  }
  /// The function that a call in F's body names; None for a call through a value, or when E is no call.
  FunctionId named(FunctionId F, const facts::Event &E) const;
  SourcePosition position(Place P) const;
  SourcePosition position(FunctionId F, uint32_t Event) const;
  /// Where a person finds the function.
  SourcePosition position(FunctionId F) const { return position(symbolOf(F).Declared); }
  /// Its chain's, and that of the contract that its context comes from.
  Confidence confidenceOf(const Violation &V, bool IsOneOfMany = false) const;
  /// One may call the other: the same, shared, or one uses what the other defines. Two drivers are not related.
  bool areRelated(uint32_t ModuleA, uint32_t ModuleB) const;
  /// The function, or one of its copies, is in a module related to this one.
  bool mayReach(const ProgramFunction &From, uint32_t Module) const;
};

} // namespace fencelint
#endif
