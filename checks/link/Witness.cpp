//===- Witness.cpp - every step says why ------------------------------------------------===//
//
// An effect fact names the call it came through and the fact of the callee that it stands for, so the chain is read off by following
// those two numbers. Facts refer only to facts that existed before them: the walk always ends. It is a loop, not a recursion, because a
// program may call a hundred thousand functions deep; of such a chain the first steps and the end are shown.
//
//===------------------------------------------------------------------------------------===//
#include "checks/link/Witness.h"
#include "llvm/Support/Path.h"

using namespace fencelint;
using K = facts::ValueKind;

namespace {

/// A person reads a dozen. More come from generated code only.
constexpr size_t MostSteps = 200;

class Explaining {
public:
  Explaining(const Program &P, uint32_t Module, Witness &W) : P(P), W(W), Module(Module) {}
  void follow(FunctionId F, const EffectFact &E, bool First);
  void enters(FunctionId F, const HeldPart &Held);

private:
  /// Where the walk is; no effect: at an end.
  struct Stand {
    FunctionId F = None;
    const EffectFact *E = nullptr;
  };

  const Program &P;
  Witness &W;
  uint32_t Module;
  std::vector<Stand> Waiting; ///< calls that were given a function, whose own chain comes when that of the callee has ended
  size_t LeftOut = 0;

  Stand step(FunctionId F, const EffectFact &E, bool First);
  Stand given(FunctionId F, const EffectFact &E);
  void push(Step S);
  void add(Step::Kind What, FunctionId F, uint32_t Event, std::string Text);
  void reach(FunctionId F, const EffectFact &E, FunctionId Primitive, const SourcePosition &At);
  std::string name(FunctionId F) const { return P.symbolOf(F).Name.str(); }
  std::string calledText(FunctionId F, uint32_t Event) const { return fencelint::calledText(P, F, Event); }
};

} // namespace

std::string fencelint::spell(const Program &P, FunctionId F, ExprId Id) {
  const Expr &E = P.Exprs[Id];
  switch (E.Kind) {
  case K::Constant:
    return std::to_string(E.Number);
  case K::Parameter: {
    auto Name = P.ParameterNames.find({P.Functions[F].Symbol, E.A});
    return Name != P.ParameterNames.end() && !Name->second.empty() ? Name->second.str() : "argument " + std::to_string(E.A);
  }
  case K::This:
    return "this";
  case K::Local: {
    const auto *Body = P.Functions[F].Body;
    if (!Body || E.A >= Body->locals()->size())
      return "?";
    return P.text(P.Functions[F].Unit, Body->locals()->Get(E.A)).str();
  }
  case K::Global:
  case K::Function:
    return P.Symbols[E.A].Name.str();
  case K::Field: {
    llvm::StringRef Field = P.Symbols[E.B].Name;
    std::string Base = spell(P, F, E.A);
    std::string Short = Field.rsplit('.').second.empty() ? Field.rsplit(':').second.str() : Field.rsplit('.').second.str();
    return Base == "?" || Base.empty() ? Field.str() : Base + (Base.find("->") == std::string::npos ? "->" : ".") + Short;
  }
  case K::Element:
    return spell(P, F, E.A) + "[]";
  case K::AddressOf:
  case K::Dereference:
    return spell(P, F, E.A);
  case K::Result: {
    const auto *Body = P.Functions[F].Body;
    if (!Body || E.A >= Body->events()->size() || Body->events()->Get(E.A)->callee() == None)
      return "?";
    const facts::Value *V = Body->values()->Get(Body->events()->Get(E.A)->callee());
    return V->kind() == K::Function ? P.Symbols[P.global(P.Functions[F].Unit, V->a())].Name.str() + "()" : "?";
  }
  default:
    return "?";
  }
}

void Explaining::add(Step::Kind What, FunctionId F, uint32_t Event, std::string Text) {
  Step S;
  S.What = What;
  S.At = P.position(F, Event);
  S.Function = name(F);
  S.Text = std::move(Text);
  push(std::move(S));
}

void Explaining::push(Step S) {
  if (S.What != Step::Reaches && W.Steps.size() >= MostSteps) {
    ++LeftOut;
    return;
  }
  if (LeftOut) {
    Step Rest = S;
    Rest.What = Step::Calls;
    Rest.Text = "and " + std::to_string(LeftOut) + " more steps on the way";
    W.Steps.push_back(std::move(Rest));
    LeftOut = 0;
  }
  W.Steps.push_back(std::move(S));
}

std::string fencelint::origin(const Origin &From) {
  std::string File = From.IsAnnotation ? llvm::sys::path::filename(From.File).str() : From.File;
  llvm::StringRef Short = File;
  if (size_t At = Short.find("models/data/"); At != llvm::StringRef::npos)
    Short = Short.substr(At + strlen("models/data/"));
  return (From.IsAnnotation ? "annotated at " : "described in ") + Short.str() + ":" + std::to_string(From.Line);
}

llvm::StringRef fencelint::lockWord(LockKind Kind) {
  switch (Kind) {
  case LockKind::Spinning:
    return "spinlock";
  case LockKind::Raw:
    return "raw spinlock";
  case LockKind::Sleeping:
    return "sleeping lock";
  case LockKind::None:
    return "";
  }
  return "";
}

void Explaining::enters(FunctionId F, const HeldPart &Held) {
  if (Held.Event == None)
    return;
  std::string Text, Called = calledText(F, Held.Event);
  if (Held.Lock != LockKind::None) {
    std::string Lock = spell(P, F, Held.Of);
    W.Because = "while holding " + lockWord(Held.Lock).str() + (Lock.empty() || Lock == "?" ? "" : " '" + Lock + "'");
    Text = "'" + Called + "' takes " + lockWord(Held.Lock).str() + (Lock.empty() || Lock == "?" ? "" : " '" + Lock + "'") + " here";
  } else {
    Context C;
    if (Held.Which)
      C.change(*Held.Which, 1);
    W.Because = "while " + C.describe();
    Text = C.describe() + " from here, by '" + Called + "'";
  }
  add(Step::Enters, F, Held.Event, Text);
}

std::string fencelint::calledText(const Program &P, FunctionId F, uint32_t Event) {
  const ProgramFunction &Fn = P.Functions[F];
  if (!Fn.Body || Event == None)
    return P.symbolOf(F).Name.str();
  const facts::Event *E = Fn.Body->events()->Get(Event);
  if (E->kind() == facts::EventKind::Macro)
    return P.text(Fn.Unit, E->target()).str();
  if (E->callee() == None)
    return "?";
  const facts::Value *V = Fn.Body->values()->Get(E->callee());
  while (V->kind() == K::AddressOf || V->kind() == K::Dereference || V->kind() == K::Element)
    V = Fn.Body->values()->Get(V->a());
  switch (V->kind()) {
  case K::Function:
  case K::Global:
    return P.Symbols[P.global(Fn.Unit, V->a())].Name.str();
  case K::Field:
    return P.Symbols[P.global(Fn.Unit, V->b())].Name.str();
  case K::Parameter: {
    auto Name = P.ParameterNames.find({Fn.Symbol, V->a()});
    return Name != P.ParameterNames.end() ? Name->second.str() : "argument";
  }
  case K::Local:
    return P.text(Fn.Unit, Fn.Body->locals()->Get(V->a())).str();
  default:
    return "a pointer";
  }
}

void Explaining::reach(FunctionId F, const EffectFact &E, FunctionId Primitive, const SourcePosition &At) {
  const ProgramFunction &Fn = P.Functions[Primitive];
  W.Sink = name(Primitive);
  W.Primitive = Primitive;
  W.By = F == Primitive ? None : F;
  W.ByEvent = E.Event;
  if (E.Kind == EffectKind::Asked) // to get there is all
    return F == Primitive ? void() : push(callStep(P, F, E.Event, Primitive, E.How));
  Step S;
  S.What = Step::Reaches;
  S.At = At;
  S.Function = name(F);
  if (E.Kind == EffectKind::Unknown && Fn.Model)
    S.Text = "'" + W.Sink + "' also does what its description does not say, " + origin(Fn.Model->From);
  else if (E.Kind == EffectKind::Unknown)
    S.Text = "nothing describes '" + W.Sink + "', and it has no body here";
  else {
    S.Text = "'" + W.Sink + "' " + effectPhrase(E.Kind).str() + (E.OnLastReference && E.Next == None ? " when it drops the last reference" : "");
    if (Fn.Model)
      S.Text += ", " + origin(Fn.Model->From);
  }
  push(std::move(S));
}

void Explaining::follow(FunctionId F, const EffectFact &E, bool First) {
  for (Stand At{F, &E}; At.E; First = false) {
    At = step(At.F, *At.E, First);
    while (!At.E && !Waiting.empty()) {
      Stand From = Waiting.back();
      Waiting.pop_back();
      At = given(From.F, *From.E);
    }
  }
}

/// The steps of one call, and where it leads.
Explaining::Stand Explaining::step(FunctionId F, const EffectFact &E, bool First) {
  if (P.Functions[F].Module == Module)
    W.Site = F;
  if (E.Event == None) { // a described function, at a root or in a description's own call
    if (First) {
      W.Function = F;
      W.At = W.Steps.empty() ? P.position(F) : W.Steps.back().At;
      W.Called = name(F);
    }
    reach(F, E, F, P.position(F));
    return {};
  }
  std::string Called = calledText(F, E.Event);
  if (!First && E.Entered.Event != None && E.Entered.Which) {
    enters(F, E.Entered); // the context is made in here, and only what the callers pass decides
    First = P.Functions[F].Module != 0; // a header's inline function is not where a person would look
  }
  if (First) {
    W.Function = F;
    W.At = P.position(F, E.Event);
    W.Called = Called;
  }
  if (E.DropEvent != None)
    add(Step::DropsLast, F, E.DropEvent, "'" + calledText(F, E.DropEvent) + "' drops the last reference");
  SourcePosition At = P.position(F, E.Event);
  if (E.Next == None && E.CallsParameter) {
    add(Step::Calls, F, E.Event, "calls '" + Called + "', which it was given");
    return {};
  }
  if (E.Next == None) { // a macro or a slot that is described, or nobody known
    W.Sink = Called;
    add(Step::Reaches, F, E.Event, "'" + Called + "' " + effectPhrase(E.Kind).str());
    return {};
  }
  const ProgramFunction &Next = P.Functions[E.Next];
  const EffectFact *Inner = E.NextEffect != None ? &Next.Summary.Effects[E.NextEffect] : nullptr;
  bool Primitive = !Inner || (Inner->Event == None && !Inner->CallsParameter);
  if (Primitive && E.How == Via::Direct) {
    reach(F, E, E.Next, At);
    return {};
  }
  std::string To = name(E.Next);
  push(callStep(P, F, E.Event, E.Next, E.How));
  if (E.How == Via::Slot && First)
    W.Called = To;
  if (Primitive) {
    reach(E.Next, E, E.Next, P.position(E.Next));
    return {};
  }
  if (!Inner->CallsParameter)
    return {E.Next, Inner};
  // It calls what it was given: walk to that call, then on into the function given.
  if (Inner->Event == None || LeftOut)
    return given(F, E);
  Waiting.push_back({F, &E});
  return {E.Next, Inner};
}

/// After the chain to the call of a parameter: on into what E's call gave it.
Explaining::Stand Explaining::given(FunctionId F, const EffectFact &E) {
  if (E.Given == None)
    return {};
  const EffectFact &Inner = P.Functions[E.Next].Summary.Effects[E.NextEffect];
  const EffectFact &Last = P.Functions[E.Given].Summary.Effects[E.GivenEffect];
  if (Inner.OnLastReference && Inner.Event == None)
    add(Step::DropsLast, E.Next, None, "'" + name(E.Next) + "' may drop the last reference");
  add(Step::CallsSlot, F, E.Event, "given here: '" + name(E.Given) + "'");
  if (Last.Event != None)
    return {E.Given, &Last};
  reach(E.Given, Last, E.Given, P.position(E.Given));
  return {};
}

Step fencelint::callStep(const Program &P, FunctionId F, uint32_t Event, FunctionId To, Via How) {
  std::string Called = calledText(P, F, Event), Name = P.symbolOf(To).Name.str();
  Step S;
  S.At = P.position(F, Event);
  S.Function = P.symbolOf(F).Name.str();
  if (How == Via::Slot) {
    S.What = Step::CallsSlot;
    S.Text = "calls '" + Name + "' through '" + Called + "'";
  } else if (How == Via::Argument) {
    S.What = Step::CallsSlot;
    S.Text = "'" + Called + "' calls '" + Name + "', which it is given here";
  } else if (How == Via::Virtual) {
    S.What = Step::CallsVirtual;
    S.Text = Name == Called ? "virtual call of '" + Name + "'" : "virtual call of '" + Called + "', here '" + Name + "'";
  } else if (P.Functions[F].Body->events()->Get(Event)->kind() == facts::EventKind::Destroy) {
    S.What = Step::Destroys;
    S.Text = "'" + Name + "' runs here";
  } else {
    S.Text = "calls '" + Name + "'";
  }
  return S;
}

Witness fencelint::explain(const Program &P, FunctionId F, const EffectFact &Effect) {
  Witness W;
  Explaining E(P, P.Functions[F].Module, W);
  if (Effect.Entered.Event != None)
    E.enters(F, Effect.Entered);
  E.follow(F, Effect, true);
  return W;
}

Witness fencelint::explain(const Program &P, const Violation &V) {
  Witness W;
  Explaining E(P, P.Functions[V.Function].Module, W);
  if (V.RootIndex != None) {
    const Root &R = P.Roots[V.RootIndex];
    Step S;
    S.What = R.How;
    S.At = R.At;
    S.Function = R.Where.empty() ? P.symbolOf(R.Function).Name.str() : R.Where;
    S.Text = "'" + P.symbolOf(R.Function).Name.str() + "' " + R.Because;
    W.Steps.push_back(S);
    W.Because = S.Text;
  } else if (V.Entered.Event != None) {
    E.enters(V.Function, V.Entered);
  }
  E.follow(V.Function, V.Effect, true);
  if (W.Because.empty())
    W.Because = "while " + V.In.describe();
  return W;
}
