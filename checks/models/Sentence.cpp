//===- Sentence.cpp - the sentences, as a table of word patterns -----------===//
//
// Every sentence of docs/models.md is one row of `Forms`. Matching narrows the rows word by word, so that an error can
// name the first word that leads nowhere and the words that could stand in its place, without a rule of its own for
// each sentence. Upper-case words in a pattern are placeholders. What follows `when` is the same for all rows and parsed
// separately.
//
//===----------------------------------------------------------------------===//
#include "checks/models/Sentence.h"
#include "checks/models/Spelling.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include <algorithm>

namespace fencelint {
namespace {

using llvm::StringRef;

struct Form {
  llvm::StringLiteral Pattern;
  decltype(Action::What) What = Action::Effect;
  EffectKind Kind = EffectKind::Sleep;
  LockKind Lock = LockKind::None;
  int By = 0;
  bool Counted = false;
  Sentence::Form Is = Sentence::Plain;
};

constexpr Form effect(llvm::StringLiteral Pattern, EffectKind Kind) { return {Pattern, Action::Effect, Kind}; }
constexpr Form lock(llvm::StringLiteral Pattern, LockKind Lock, int By) {
  return {Pattern, Action::ChangeContext, EffectKind::Sleep, Lock, By};
}
constexpr Form alone(llvm::StringLiteral Pattern, Sentence::Form Is) {
  return {Pattern, Action::Effect, EffectKind::Sleep, LockKind::None, 0, false, Is};
}

constexpr Form Forms[] = {
    alone("nothing", Sentence::Nothing),
    alone("derived", Sentence::Derived),
    effect("sleeps", EffectKind::Sleep),
    effect("sleeps outside interrupts", EffectKind::SleepOutsideIrq),
    effect("sleeps on rt", EffectKind::SleepOnRt),
    effect("reclaims", EffectKind::Reclaim),
    effect("allocates", EffectKind::Allocate),
    effect("frees", EffectKind::Free),
    effect("waits for fence", EffectKind::WaitFence),
    effect("waits for work", EffectKind::WaitWork),
    effect("waits for irq", EffectKind::WaitIrq),
    effect("waits for grace period", EffectKind::WaitGracePeriod),
    effect("touches user memory", EffectKind::UserAccess),
    effect("signals fence", EffectKind::SignalFence),
    effect("does something unknown", EffectKind::Unknown),
    {"may block on last reference", Action::BlocksOnLast},
    {"counts down", Action::CountsDown},
    lock("takes spinning LOCK", LockKind::Spinning, +1),
    lock("takes raw LOCK", LockKind::Raw, +1),
    lock("takes sleeping LOCK", LockKind::Sleeping, +1),
    lock("releases spinning LOCK", LockKind::Spinning, -1),
    lock("releases raw LOCK", LockKind::Raw, -1),
    lock("releases sleeping LOCK", LockKind::Sleeping, -1),
    lock("enters PART", LockKind::None, +1),
    lock("leaves PART", LockKind::None, -1),
    {"calls ARGUMENT", Action::Calls},
    {"answers QUESTION", Action::Answers},
    {"empties OBJECT", Action::Empties},
    {"zeroes OBJECT", Action::Zeroes},
    {"destroys type-argument INDEX", Action::DestroysTypeArgument},
    {"counted destroys type-argument INDEX", Action::DestroysTypeArgument, EffectKind::Sleep, LockKind::None, 0, true},
    {"returns VALUE", Action::Returns},
    {"tests bit arg0 of arg1", Action::TestsBit},
    {"takes reference OBJECT", Action::TakesReference},
    {"asks for reference OBJECT", Action::AsksForReference},
    {"holds another reference OBJECT", Action::HoldsReference},
    {"activates OBJECT", Action::Activates},
    {"keeps active OBJECT", Action::KeepsActive},
    {"deactivates OBJECT", Action::Deactivates},
    {"never returns", Action::NeverReturns},
    {"warns", Action::Warns},
    {"repeats its result", Action::Repeats},
    {"gives mapped memory", Action::GivesMapped},
};

constexpr StringRef QuestionWords[] = {"preempt-off", "irqs-off", "interrupt", "atomic", "task"}; // as Action::Question

bool isOperator(char C) { return StringRef("=!<>&|").contains(C); }

/// Words are separated by blanks, operators also by themselves: `arg1&MASK` is three words.
llvm::SmallVector<StringRef, 12> split(StringRef Text) {
  llvm::SmallVector<StringRef, 12> Words;
  while (!(Text = Text.ltrim(" \t\r\n")).empty()) {
    bool StartsOperator = isOperator(Text.front());
    size_t End = Text.find_if([&](char C) { return llvm::isSpace(C) || isOperator(C) != StartsOperator; });
    Words.push_back(Text.take_front(End));
    Text = Text.drop_front(Words.back().size());
  }
  return Words;
}

bool isConstantName(StringRef Word) {
  return !Word.empty() && (llvm::isAlpha(Word.front()) || Word.front() == '_') &&
         llvm::all_of(Word, [](char C) { return llvm::isAlnum(C) || C == '_' || C == ':'; });
}

std::string quote(StringRef Word) { return "'" + Word.str() + "'"; }

class Parser {
public:
  Parser(StringRef Text, Sentence &Out) : Text(Text), Words(split(Text)), Out(Out) {}

  std::optional<SentenceDefect> parse() {
    if (Words.empty())
      return SentenceDefect{0, "empty sentence; say 'nothing' for a function that is harmless"};
    if (parseForm() && At < Words.size()) {
      ++At; // parseForm() stops at the end or at `when`
      parseConditions();
    }
    if (!Defect)
      checkWhole();
    return Defect;
  }

private:
  StringRef Text;
  llvm::SmallVector<StringRef, 12> Words;
  size_t At = 0;
  Sentence &Out;
  std::optional<SentenceDefect> Defect;

  bool hasWord() const { return At < Words.size() && Words[At] != "when"; }
  StringRef word() const { return At < Words.size() ? Words[At] : StringRef(); }

  /// Complains about the current word; the first complaint stays. Always false.
  bool fail(const llvm::Twine &Message) {
    if (!Defect)
      Defect = {At < Words.size() ? size_t(Words[At].data() - Text.data()) : Text.size(), Message.str()};
    return false;
  }
  /// "unknown word 'spining' after 'takes'", or what should follow when the sentence is over.
  bool failExpecting(StringRef What, llvm::ArrayRef<StringRef> Known) {
    StringRef Before = At == 0 ? StringRef() : Words[At - 1];
    if (At >= Words.size() || (Words[At] == "when" && At > 0))
      return fail(Before.empty() ? "expected " + What : "expected " + What + " after " + quote(Before));
    if (At == 0)
      return fail("unknown sentence " + quote(Text.trim()) + didYouMean(Words[At], Known));
    return fail("unknown word " + quote(Words[At]) + " after " + quote(Before) + didYouMean(Words[At], Known));
  }

  bool parseForm() {
    llvm::SmallVector<const Form *, 40> Alive;
    for (const Form &F : Forms)
      Alive.push_back(&F);
    for (size_t Index = 0;; ++Index) {
      // Rows of at least one more word, by that word; rows that are complete here.
      const Form *Complete = nullptr;
      llvm::SmallVector<StringRef, 16> Next;
      for (const Form *F : Alive) {
        llvm::SmallVector<StringRef, 6> Pattern;
        F->Pattern.split(Pattern, ' ');
        if (Pattern.size() == Index)
          Complete = F;
        else if (!llvm::is_contained(Next, Pattern[Index]))
          Next.push_back(Pattern[Index]);
      }
      if (!hasWord() && Complete)
        return accept(*Complete);
      if (Next.empty())
        return fail("unexpected " + quote(word()) + " after " + quote(Words[At - 1]) +
                    didYouMean(word(), {StringRef("when")}));
      StringRef Chosen = Next.front();
      if (llvm::isUpper(Chosen.front())) {
        if (!parsePlaceholder(Chosen))
          return false;
      } else {
        if (!hasWord() || !llvm::is_contained(Next, word()))
          return failExpecting(Next.size() == 1 ? quote(Chosen) : "one of " + llvm::join(Next, ", "), Next);
        Chosen = word();
        ++At;
      }
      llvm::erase_if(Alive, [&](const Form *F) {
        llvm::SmallVector<StringRef, 6> Pattern;
        F->Pattern.split(Pattern, ' ');
        return Pattern.size() <= Index || Pattern[Index] != Chosen;
      });
    }
  }

  bool accept(const Form &F) {
    Action &A = Out.Does;
    Out.Is = F.Is;
    A.What = F.What;
    A.Kind = F.Kind;
    A.Lock = F.Lock;
    A.By = F.By;
    A.Counted = F.Counted;
    if (F.Lock == LockKind::Spinning || F.Lock == LockKind::Raw)
      A.Changed = Part::PreemptOff;
    return true;
  }

  bool parsePlaceholder(StringRef Name) {
    Action &A = Out.Does;
    if (Name == "LOCK") {
      if (hasWord() && word() == "global") {
        ++At;
        if (!hasWord() || !isConstantName(word()))
          return failExpecting("the name of a variable", {});
        A.On = {Subject::Global, 0, word().str()};
        ++At;
        return true;
      }
      return parseObject(A.On, "a lock: argN, this, argN.field or global NAME");
    }
    if (Name == "OBJECT")
      return parseObject(A.On, "an object: argN or this");
    if (Name == "ARGUMENT") {
      if (!parseObject(A.On, "an argument: argN"))
        return false;
      if (A.On.What == Subject::Argument)
        return true;
      --At;
      return failExpecting("an argument: argN", {});
    }
    if (Name == "PART") {
      A.Changed = hasWord() ? parsePart(word()) : std::nullopt;
      if (!A.Changed)
        return failExpecting("a part of the context", partWords());
      ++At;
      return true;
    }
    if (Name == "QUESTION") {
      const StringRef *Found = hasWord() ? llvm::find(QuestionWords, word()) : std::end(QuestionWords);
      if (Found == std::end(QuestionWords))
        return failExpecting("a part of the context", QuestionWords);
      A.Asked = static_cast<Action::Question>(Found - QuestionWords);
      ++At;
      return true;
    }
    if (Name == "INDEX") {
      if (!hasWord() || word().getAsInteger(10, A.TypeArgument))
        return failExpecting("a number", {});
      ++At;
      return true;
    }
    assert(Name == "VALUE");
    if (std::optional<int64_t> Number = hasWord() ? parseNumber(word()) : std::nullopt) {
      A.On = {Subject::Result, 0, ""};
      A.Number = *Number;
      ++At;
      return true;
    }
    if (!parseObject(A.On, "a value: argN or a number"))
      return false;
    if (A.On.What == Subject::Argument && A.On.Name.empty())
      return true;
    --At;
    return failExpecting("a value: argN or a number", {});
  }

  /// `argN`, `this`, `result`, without a field; none when the word is something else.
  static std::optional<Subject> subjectOf(StringRef Word) {
    if (Word == "this")
      return Subject{Subject::This, 0, ""};
    if (Word == "result")
      return Subject{Subject::Result, 0, ""};
    unsigned Index;
    if (Word.consume_front("arg") && Word.size() <= 2 && !Word.getAsInteger(10, Index))
      return Subject{Subject::Argument, Index, ""};
    return std::nullopt;
  }

  bool parseObject(Subject &Into, StringRef Expected) {
    auto [Base, Field] = word().split('.');
    std::optional<Subject> Found = hasWord() ? subjectOf(Base) : std::nullopt;
    if (!Found || Found->What == Subject::Result || (Field.empty() && Base != word())) {
      static constexpr StringRef Known[] = {"arg0", "this", "global"};
      return hasWord() ? fail("expected " + Expected + ", not " + quote(word()) + didYouMean(Base, Known))
                       : failExpecting(Expected, {});
    }
    Into = *Found;
    Into.Name = Field.str();
    ++At;
    return true;
  }

  void parseConditions() {
    do
      if (!parseCondition())
        return;
    while (At < Words.size() && word() == "and" && ++At);
    if (At < Words.size())
      fail("unexpected " + quote(word()) + " after a condition; join conditions with 'and'");
  }

  bool parseCondition() {
    Condition C;
    bool IsNegated = word() == "not";
    At += IsNegated;
    std::optional<Subject> Of = subjectOf(word());
    if (!Of) {
      static constexpr StringRef Known[] = {"arg0", "this", "result", "not"};
      if (At >= Words.size())
        return fail("expected a condition after " + quote(Words[At - 1]));
      if (word().contains('.') && subjectOf(word().split('.').first))
        return fail("a condition cannot look into " + quote(word()) + "; it compares argN, this or result");
      return fail("expected argN, this or result, not " + quote(word()) + didYouMean(word(), Known));
    }
    C.Of = *Of;
    ++At;
    StringRef Operator = word();
    if (At >= Words.size() || Operator == "and") {
      C.How = IsNegated ? Condition::Equal : Condition::NotEqual; // `arg3`, `not arg3`
      Out.Does.When.push_back(C);
      return true;
    }
    if (Operator == "&") {
      C.How = IsNegated ? Condition::NoBit : Condition::AnyBit;
      ++At;
      return parseMask(C);
    }
    if (IsNegated)
      return fail("unexpected " + quote(Operator) + "; 'not' stands before a value or a test of bits");
    if (Operator == "is" || Operator == "not") {
      ++At;
      bool Is = Operator == "is", AsksState = word() == (Is ? "mapped" : "active");
      if (word() != "error" && !AsksState)
        return failExpecting(Is ? "'error' or 'mapped'" : "'error' or 'active'", {StringRef("error"), StringRef(Is ? "mapped" : "active")});
      ++At;
      C.How = Is ? (AsksState ? Condition::IsMapped : Condition::IsError) : AsksState ? Condition::NotActive : Condition::NotError;
      Out.Does.When.push_back(C);
      return true;
    }
    static constexpr StringRef Comparisons[] = {"==", "!=", "<", ">="}; // as Condition::Test
    const StringRef *Found = llvm::find(Comparisons, Operator);
    if (Found == std::end(Comparisons))
      return fail("unknown comparison " + quote(Operator) + "; known are ==, !=, <, >=, &, 'is error', 'not error', 'is mapped' and 'not active'");
    C.How = static_cast<Condition::Test>(Found - Comparisons);
    ++At;
    return parseMask(C);
  }

  /// A number or a constant; more of them with `|` between.
  bool parseMask(Condition C) {
    unsigned Index = Out.Does.When.size();
    do {
      if (std::optional<int64_t> Number = parseNumber(word()))
        C.Number |= *Number;
      else if (isConstantName(word()) && word() != "and" && word() != "when")
        Out.Constants.push_back({Index, word().str(), size_t(word().data() - Text.data())});
      else if (At >= Words.size())
        return fail("expected a number or a constant after " + quote(Words[At - 1]));
      else
        return fail("expected a number or a constant, not " + quote(word()));
      ++At;
    } while (At < Words.size() && word() == "|" && ++At);
    Out.Does.When.push_back(C);
    return true;
  }

  void checkWhole() {
    At = 0;
    if (Out.Is != Sentence::Plain && Words.size() > 1)
      fail(quote(Words[0]) + " takes no condition");
    if (Out.Is == Sentence::Plain && Out.Does.What == Action::CountsDown && Out.Does.When.empty())
      fail("'counts down' needs a condition that tells the last reference; for instance 'when result != 0'");
  }
};

} // namespace

std::optional<SentenceDefect> parseSentence(StringRef Text, Sentence &Out) { return Parser(Text, Out).parse(); }

void addImplied(std::vector<Action> &Does) {
  auto IsEffect = [](EffectKind Kind) {
    return [Kind](const Action &A) { return A.What == Action::Effect && A.Kind == Kind; };
  };
  if (llvm::any_of(Does, IsEffect(EffectKind::Allocate)))
    return;
  std::vector<Action> Implied;
  llvm::copy_if(Does, std::back_inserter(Implied), IsEffect(EffectKind::Reclaim));
  for (Action &A : Implied) {
    A.Kind = EffectKind::Allocate;
    Does.push_back(A);
  }
}

} // namespace fencelint
