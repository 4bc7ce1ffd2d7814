//===- Marks.cpp - NOLINT comments of one file -------------------------------===//
//
// Nearly every file has no mark at all, so looking for the first one is what must be fast; the rest is done for the few that have some.
//
//===----------------------------------------------------------------------===//
#include "checks/report/Marks.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include <cstring>
#include <optional>

using namespace fencelint;
using llvm::StringRef;

static constexpr StringRef Word = "NOLINT";
static constexpr unsigned LineEnd = ~0u;

static size_t findWord(StringRef Text, size_t From) {
  if (Text.empty())
    return StringRef::npos;
  const void *Hit = memmem(Text.data() + From, Text.size() - From, Word.data(), Word.size());
  return Hit ? static_cast<const char *>(Hit) - Text.data() : StringRef::npos;
}

static std::optional<Mark::Kind> kindOf(StringRef Suffix) {
  if (Suffix.empty())
    return Mark::ThisLine;
  if (Suffix == "NEXTLINE")
    return Mark::NextLine;
  if (Suffix == "BEGIN")
    return Mark::Begin;
  if (Suffix == "END")
    return Mark::End;
  return std::nullopt;
}

/// What the comment says behind the mark, without the punctuation between the two.
static StringRef reasonIn(StringRef Rest) {
  Rest = Rest.take_until([](char C) { return C == '\n' || C == '\r'; });
  Rest = Rest.take_front(std::min(Rest.find("*/"), Rest.find(Word)));
  Rest = Rest.trim(" \t\\");
  if (Rest.starts_with("(")) // a list that is none
    Rest = Rest.split(')').second;
  return Rest.ltrim(" \t:,;-");
}

/// `*` stands for any characters.
static bool globMatches(StringRef Glob, StringRef Text) {
  auto [First, Rest] = Glob.split('*');
  if (First.size() == Glob.size())
    return Glob == Text;
  if (!Text.consume_front(First))
    return false;
  while (true) {
    auto [Part, After] = Rest.split('*');
    if (Part.size() == Rest.size()) // the last one
      return Text.ends_with(Part);
    size_t At = Text.find(Part);
    if (At == StringRef::npos)
      return false;
    Text = Text.drop_front(At + Part.size());
    Rest = After;
  }
}

bool fencelint::isIdOf(StringRef Id, StringRef Rule) {
  if (globMatches(Id, Rule))
    return true;
  return globMatches(Id, ("fence-" + Rule).str());
}

std::vector<StringRef> Mark::ids() const {
  llvm::SmallVector<StringRef, 4> Parts;
  List.split(Parts, ',');
  std::vector<StringRef> Ids;
  for (StringRef Part : Parts)
    if (Part = Part.trim();
        !Part.empty() && !Part.starts_with("-")) // nothing is taken out of a list: clang-tidy ignores that too
      Ids.push_back(Part);
  return Ids;
}

bool Mark::concerns(StringRef Rule) const {
  return !HasList || llvm::any_of(ids(), [&](StringRef Id) { return isIdOf(Id, Rule); });
}

/// Gives each Begin the End that closes it: the innermost open one with the same list.
static void matchBlocks(std::vector<Mark> &Marks) {
  std::vector<Mark *> Open;
  for (Mark &M : Marks) {
    if (M.What == Mark::Begin) {
      M.Matched = false;
      Open.push_back(&M);
    } else if (M.What == Mark::End) {
      M.Matched = !Open.empty() && Open.back()->HasList == M.HasList && Open.back()->List.trim() == M.List.trim();
      if (!M.Matched)
        continue;
      Mark &B = *Open.back();
      B.Matched = true;
      B.From = B.At;
      B.To = M.At;
      Open.pop_back();
    }
  }
}

std::vector<Mark> fencelint::findMarks(StringRef Text) {
  std::vector<Mark> Marks;
  unsigned Line = 1;
  size_t LineStart = 0, Counted = 0;
  for (size_t At = findWord(Text, 0); At != StringRef::npos;) {
    size_t End = At + Word.size();
    while (End < Text.size() && llvm::isAlpha(Text[End]))
      ++End;
    if (std::optional<Mark::Kind> What = kindOf(Text.slice(At + Word.size(), End))) {
      StringRef Between = Text.slice(Counted, At);
      if (size_t Last = Between.rfind('\n'); Last != StringRef::npos) {
        Line += Between.count('\n');
        LineStart = Counted + Last + 1;
      }
      Counted = At;
      Mark M;
      M.What = *What;
      M.At = {Line, At - LineStart + 1};
      if (StringRef Rest = Text.drop_front(End); Rest.consume_front("("))
        if (size_t Close = Rest.find_first_of("\n)"); Close != StringRef::npos && Rest[Close] == ')') {
          M.HasList = true;
          M.List = Rest.take_front(Close);
          End += Close + 2;
        }
      M.Spelled = Text.slice(At, End);
      M.Reason = reasonIn(Text.drop_front(End));
      if (M.What == Mark::ThisLine || M.What == Mark::NextLine) {
        unsigned Covered = Line + (M.What == Mark::NextLine);
        M.From = {Covered, 0};
        M.To = {Covered, LineEnd};
      }
      Marks.push_back(M);
    }
    At = findWord(Text, End);
  }
  matchBlocks(Marks);
  return Marks;
}
