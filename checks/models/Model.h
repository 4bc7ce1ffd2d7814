//===- Model.h - what an API does, after parsing ---------------------------===//
//
// One vocabulary for two sources: sentences of a model file (docs/models.md) and annotations in the source
// (`fence/annotations.h`, clang's own attributes). Plain data; nothing here knows where it came from but `Origin`.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_MODELS_MODEL_H
#define FENCELINT_MODELS_MODEL_H

#include "checks/effects/Effect.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fencelint {

/// Something a sentence talks about.
struct Subject {
  enum Kind : uint8_t { Argument, This, Result, Global } What = Argument;
  unsigned Index = 0;   ///< Argument
  std::string Name;     ///< Global: its name; otherwise a field of the subject (`arg0.lock`), or empty
  bool operator==(const Subject &) const = default;
};

/// `arg1 & 0x400`, `result != 0`, `not arg3`, `arg0 is mapped`, `arg0 not active`.
struct Condition {
  enum Test : uint8_t { Equal, NotEqual, Less, GreaterEqual, AnyBit, NoBit, IsError, NotError, IsMapped, NotActive } How = NotEqual;
  Subject Of;
  int64_t Number = 0;
};

enum class LockKind : uint8_t { None, Spinning, Raw, Sleeping };

/// One sentence of `does:`.
struct Action {
  enum Kind : uint8_t {
    Effect,         ///< Effect
    ChangeContext,  ///< Changed, By; with Lock != None it is a lock on On
    BlocksOnLast,   ///< may block on last reference
    CountsDown,     ///< When tells that it was the last
    Calls,          ///< On (an argument)
    Answers,        ///< Asked: result != 0 iff
    Empties,        ///< On
    Zeroes,         ///< On, and all that is in it
    DestroysTypeArgument, ///< TypeArgument, Counted
    TestsBit,       ///< the result is whether that bit (argument 0) of what argument 1 points to is set
    Returns,        ///< On (argument), or Number when On.What is Result
    NeverReturns,
    Warns,          ///< that what happens from here on should never have begun
    Repeats,        ///< the same arguments give the same result
    GivesMapped,    ///< the result may be memory that had to be mapped, which `is mapped` asks for where it is freed
    Activates,      ///< On, a device: a reference keeps it active from here on
    KeepsActive,    ///< On, a device: it was active, and nothing ends that at once
    Deactivates,    ///< On, a device: a reference that kept it active is given back
    TakesReference, ///< On, a counter: a counted drop of it is not the last until this one is given back
    AsksForReference, ///< the same if there is any: a counted drop of it is hardly the last until some lock is given back
    HoldsReference, ///< On: somebody else holds a reference, so a counted drop of it is not the last
  } What = Effect;
  EffectKind Kind = EffectKind::Sleep;
  LockKind Lock = LockKind::None;
  std::optional<Part> Changed;   ///< empty for a sleeping lock
  int By = 0;                    ///< +1 or -1
  Subject On;
  enum Question : uint8_t { AskPreemptOff, AskIrqsOff, AskInterrupt, AskAtomic, AskTask } Asked = AskAtomic;
  unsigned TypeArgument = 0;
  bool Counted = false;
  int64_t Number = 0;
  std::vector<Condition> When;   ///< all must hold
};

/// Where a piece of knowledge comes from, for messages: `linux/mutex.yaml:12` or `driver.cpp:40`.
struct Origin {
  std::string File;
  unsigned Line = 0;
  bool IsAnnotation = false;
};

/// A function that was described. No actions: described as harmless.
struct FunctionModel {
  std::string Name;   ///< qualified, without template arguments; may end in '*'
  std::string File;   ///< suffix of the declaring file, or empty
  std::string Given;  ///< only for calls whose first argument is this function's result; or empty
  std::vector<Action> Does;
  std::string Why;
  Origin From;
  bool Replaces = false;
  bool WhenNoBody = false;  ///< `when-no-body: true`: the analysed program's own body is better
  bool Internal = false;    ///< `internal: true`: functions with internal linkage only, as macros define them
  std::string OnlyWith;     ///< `only-with: KBUILD_MODNAME` of its file: for units whose command line defines that; or empty
  std::string VerifiedBy;   ///< `verified-by:` how somebody made sure of it who knows that the body does not show it
  bool Derived = false;     ///< read off a body by `fencelint summarize`: whatever else is known goes before it
};

/// A named context that somebody else's code is called in.
struct ContextModel {
  std::string Name;
  Context In;
  std::string Because;
  std::string Why;
  Origin From;
  bool Replaces = false;
};

/// A place to put a function, with its contract.
struct SlotModel {
  enum Kind : uint8_t { Field, Typedef, Parameter, Method } What = Field;
  std::string Name;            ///< `dma_fence_ops.release`, typedef, function or method name
  unsigned Index = 0;          ///< Parameter
  std::string RunsIn;          ///< name of a ContextModel, "task", or empty: no contract
  bool Derived = false;        ///< a call through it does what the stored functions do
  std::vector<Action> Does;    ///< otherwise: what a call through it does
  std::string Why;
  Origin From;
  bool Replaces = false;
};

/// One file's worth.
struct ModelFile {
  std::string Path, Header, Version;
  std::vector<FunctionModel> Functions;
  std::vector<ContextModel> Contexts;
  std::vector<SlotModel> Slots;
  std::string OnlyWith;         ///< see FunctionModel::OnlyWith
  bool Derived = false;         ///< `derived: true`: nobody wrote it, see FunctionModel::Derived
  std::string ExportMark;       ///< `export-mark: __export_`: who is stored in a variable whose name begins so may be called by other programs
  std::string ModuleDefinition; ///< `module-definition: KBUILD_MODNAME`: the -D that names the program a unit is part of
};

} // namespace fencelint
#endif
