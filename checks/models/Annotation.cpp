//===- Annotation.cpp - attributes in the source, in the words of models ---===//
//
// `fence:` texts are the project's own and a misspelt one is an error. `clang:` texts are what other tools understand too;
// they say less than a sentence does. A capability is a lock of which nobody says whether it spins, so holding one
// forbids nothing here: it is recorded as held and the context stays what it was.
//
//===----------------------------------------------------------------------===//
#include "checks/models/Annotation.h"
#include "checks/models/Sentence.h"
#include "checks/models/Spelling.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

namespace fencelint {
namespace {

using llvm::StringRef;

template <typename... Parts> llvm::Error complain(const Parts &...Text) {
  return llvm::createStringError((llvm::Twine() + ... + llvm::Twine(Text)).str());
}

std::string quote(StringRef Word) { return "'" + Word.str() + "'"; }

constexpr StringRef FenceWords[] = {"does", "runs-in", "requires", "never-sleeps", "never-allocates", "audited"};
constexpr StringRef ClangWords[] = {"nonblocking",
                                    "nonallocating",
                                    "blocking",
                                    "allocating",
                                    "acquire_capability",
                                    "acquire_shared_capability",
                                    "try_acquire_capability",
                                    "try_acquire_shared_capability",
                                    "release_capability",
                                    "release_shared_capability",
                                    "release_generic_capability",
                                    "requires_capability",
                                    "requires_shared_capability"};

Action effect(EffectKind Kind) {
  Action A;
  A.Kind = Kind;
  return A;
}

/// `fence:does SENTENCE`
llvm::Error readSentence(StringRef Text, ConstantLookup Constants, Annotation &Into) {
  Sentence Parsed;
  if (std::optional<SentenceDefect> Defect = parseSentence(Text, Parsed))
    return complain(Defect->Message, " in annotation 'fence:does ", Text, "'");
  if (Parsed.Is == Sentence::Derived)
    return complain("'derived' is for slots in model files, in annotation 'fence:does ", Text, "'");
  if (Parsed.Is == Sentence::Nothing)
    return complain("'nothing' describes a function in a model file; write 'fence:audited REASON' in the source");
  for (const Sentence::ConstantUse &Use : Parsed.Constants) {
    std::optional<int64_t> Value = Constants ? Constants(Use.Name) : std::nullopt;
    if (!Value)
      return complain("unknown constant ", quote(Use.Name), " in annotation 'fence:does ", Text,
                      "'; a model file's 'constants:' defines it");
    Parsed.Does.When[Use.Condition].Number |= *Value;
  }
  Into.Does.push_back(std::move(Parsed.Does));
  addImplied(Into.Does);
  return llvm::Error::success();
}

/// `fence:requires PART[, PART...]`
llvm::Error readParts(StringRef Text, Annotation &Into) {
  llvm::SmallVector<StringRef, 4> Words;
  Text.split(Words, ',');
  for (StringRef Word : Words) {
    Word = Word.trim();
    std::optional<Part> P = parsePart(Word);
    if (!P)
      return complain("unknown part ", quote(Word), " of a context", didYouMean(Word, partWords()),
                      " in annotation 'fence:requires ", Text, "'");
    Into.Requires[*P] = 1;
  }
  return llvm::Error::success();
}

llvm::Error readFence(StringRef Text, ConstantLookup Constants, Annotation &Into) {
  auto [Word, Rest] = Text.trim().split(' ');
  Rest = Rest.trim();
  bool TakesRest = !Word.starts_with("never-");
  if (!llvm::is_contained(FenceWords, Word))
    return complain("unknown annotation 'fence:", Word, "'", didYouMean(Word, FenceWords));
  if (TakesRest && Rest.empty())
    return complain("annotation 'fence:", Word, "' needs ",
                    Word == "audited"   ? "a reason: what was looked at, and why it is harmless"
                    : Word == "does"    ? "a sentence, for instance 'sleeps'"
                    : Word == "runs-in" ? "the name of a context"
                                        : "a part of the context, for instance 'irqs-off'");
  if (!TakesRest && !Rest.empty())
    return complain("unexpected ", quote(Rest), " after annotation 'fence:", Word, "'");

  if (Word == "does")
    return readSentence(Rest, Constants, Into);
  if (Word == "requires")
    return readParts(Rest, Into);
  if (Word == "runs-in") {
    if (Rest.contains(' '))
      return complain("annotation 'fence:runs-in' takes one context, not ", quote(Rest));
    Into.RunsIn = Rest.str();
  } else if (Word == "never-sleeps")
    Into.NoSleep = true;
  else if (Word == "never-allocates")
    Into.NoAllocation = true;
  else
    Into.Audited = Rest.str();
  return llvm::Error::success();
}

/// What stands between the colons after a capability attribute: the value that tells success, and the capability.
llvm::Error readCapability(StringRef Word, llvm::ArrayRef<StringRef> Operands, Annotation &Into) {
  Action A;
  A.What = Action::ChangeContext;
  A.Lock = LockKind::Sleeping;
  A.By = Word.contains("release") ? -1 : +1;
  A.On.What = Subject::This;
  if (Word.starts_with("try_")) {
    // No value, as some old spellings allow: a lock function that says nothing else succeeds with true.
    StringRef Value = Operands.empty() ? "1" : Operands.front();
    Operands = Operands.drop_front(Operands.empty() ? 0 : 1);
    static constexpr StringRef Failure[] = {"0", "false", "nullptr", "NULL"};
    Condition Succeeded;
    Succeeded.How = llvm::is_contained(Failure, Value) ? Condition::Equal : Condition::NotEqual;
    Succeeded.Of.What = Subject::Result;
    A.When.push_back(Succeeded);
  }
  // An attribute may name several capabilities, and ones that are no parameter (a global, a member); those are locks whose
  // name nobody knows here.
  if (Operands.empty()) {
    Into.Does.push_back(A);
    return llvm::Error::success();
  }
  for (StringRef Operand : Operands) {
    Action One = A;
    unsigned Index;
    StringRef Number = Operand;
    if (Number.consume_front("arg") && !Number.getAsInteger(10, Index))
      One.On = {Subject::Argument, Index, ""};
    else if (Operand != "this")
      return complain("unknown capability ", quote(Operand), " in annotation 'clang:", Word,
                      "'; expected argN or this");
    Into.Does.push_back(One);
  }
  return llvm::Error::success();
}

llvm::Error readClang(StringRef Text, Annotation &Into) {
  llvm::SmallVector<StringRef, 4> Words;
  Text.split(Words, ':');
  StringRef Word = Words.front();
  llvm::ArrayRef<StringRef> Operands = llvm::ArrayRef(Words).drop_front();
  if (!llvm::is_contained(ClangWords, Word))
    return complain("unknown annotation 'clang:", Word, "'", didYouMean(Word, ClangWords));
  if (Word.starts_with("requires_"))
    return llvm::Error::success();
  if (Word.ends_with("_capability"))
    return readCapability(Word, Operands, Into);

  if (Operands.size() > 1 || (!Operands.empty() && Operands[0] != "true" && Operands[0] != "false"))
    return complain("annotation 'clang:", Word, "' takes true or false, not ", quote(Text.split(':').second));
  if (!Operands.empty() && Operands[0] == "false")
    return llvm::Error::success(); // neither a promise nor its opposite
  if (Word == "nonblocking")
    Into.NoSleep = Into.NoAllocation = true;
  else if (Word == "nonallocating")
    Into.NoAllocation = true;
  else if (Word == "blocking")
    Into.Does.push_back(effect(EffectKind::Sleep));
  else
    Into.Does = {effect(EffectKind::Allocate), effect(EffectKind::Reclaim)};
  return llvm::Error::success();
}

} // namespace

llvm::Expected<Annotation> parseAnnotation(StringRef Text, ConstantLookup Constants) {
  Annotation Parsed;
  StringRef Rest = Text;
  llvm::Error Failure = llvm::Error::success();
  (void)!Failure; // checked, so that it may be assigned
  if (Rest.consume_front("fence:"))
    Failure = readFence(Rest, Constants, Parsed);
  else if (Rest.consume_front("clang:"))
    Failure = readClang(Rest, Parsed);
  else
    Failure = complain("unknown annotation ", quote(Text), "; it starts with 'fence:' or 'clang:'");
  if (Failure)
    return Failure;
  return Parsed;
}

} // namespace fencelint
