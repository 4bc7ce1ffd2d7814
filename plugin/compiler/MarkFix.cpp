//===- MarkFix.cpp - an unused NOLINT comment is taken out -----------------===//
#include "plugin/compiler/MarkFix.h"
#include "checks/Pipeline.h"
#include "checks/report/Marks.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace fencelint {
namespace {

using llvm::StringRef;

/// A piece of a text, and what comes there instead.
struct Edit {
  StringRef Old;
  std::string New;
};

/// The comment token around a piece of the text; empty when that is something else, such as a string.
StringRef commentAround(StringRef Piece, StringRef Text, clang::SourceLocation Start,
                        const clang::LangOptions &Language) {
  clang::Lexer Raw(Start, Language, Text.begin(), Text.begin(), Text.end());
  Raw.SetCommentRetentionState(true);
  bool AtEnd = false;
  for (clang::Token Token; !AtEnd;) {
    AtEnd = Raw.LexFromRawLexer(Token);
    const char *End = Raw.getBufferLocation();
    if (End > Piece.begin())
      return Token.is(clang::tok::comment) ? StringRef(End - Token.getLength(), Token.getLength()) : StringRef();
  }
  return {};
}

/// Takes out the whole comment, and its line when nothing else is there.
std::optional<Edit> withoutComment(const Mark &M, StringRef Comment, StringRef Text, llvm::ArrayRef<Mark> Marks) {
  bool SaysMore = llvm::any_of(Marks, [&](const Mark &Other) { // of its own, or for the next line about this one
    return (Other.At.first == M.At.first && Other.At != M.At) ||
           (Other.What == Mark::NextLine && Other.At.first + 1 == M.At.first);
  });
  StringRef Before = Comment.substr(2, M.Spelled.begin() - Comment.begin() - 2);
  if (SaysMore || Comment.contains('\n') || !Before.ltrim("/!* \t").empty())
    return std::nullopt;
  const char *From = Comment.begin(), *To = Comment.end();
  while (From != Text.begin() && StringRef(" \t").contains(From[-1]))
    --From;
  while (To != Text.end() && StringRef(" \t\r").contains(*To))
    ++To;
  if (To != Text.end() && *To != '\n')
    return std::nullopt;
  if (To != Text.end() && (From == Text.begin() || From[-1] == '\n'))
    ++To;
  else
    To = Comment.end();
  return Edit{StringRef(From, To - From), ""};
}

} // namespace

llvm::SmallVector<clang::FixItHint, 2> fixUnusedMark(const clang::SourceManager &Sources,
                                                     const clang::LangOptions &Language, clang::SourceLocation At,
                                                     llvm::ArrayRef<StringRef> Ids) {
  auto [File, Offset] = Sources.getDecomposedLoc(At);
  StringRef Text = Sources.getBufferData(File);
  clang::SourceLocation Start = Sources.getLocForStartOfFile(File);
  std::vector<Mark> Marks = findMarks(Text);
  auto First =
      llvm::find_if(Marks, [&, Where = Text.begin() + Offset](const Mark &M) { return M.Spelled.begin() == Where; });
  bool AllAreRules = llvm::all_of(
      Ids, [](StringRef Id) { return llvm::any_of(allRules(), [&](const RuleInfo &R) { return isIdOf(Id, R.Id); }); });
  if (First == Marks.end() || !First->HasList || !AllAreRules)
    return {};
  std::vector<StringRef> Kept = First->ids();
  llvm::erase_if(Kept, [&](StringRef Id) { return llvm::is_contained(Ids, Id); });
  llvm::SmallVector<clang::FixItHint, 2> Fixes;
  for (const Mark &M : Marks) {
    if (&M != &*First && !(First->What == Mark::Begin && M.What == Mark::End && M.At == First->To))
      continue;
    StringRef Comment = commentAround(M.Spelled, Text, Start, Language);
    if (Comment.empty())
      return {};
    std::optional<Edit> E = Edit{M.List, llvm::join(Kept, ", ")};
    if (Kept.empty())
      E = withoutComment(M, Comment, Text, Marks);
    if (!E)
      return {};
    clang::SourceLocation From = Start.getLocWithOffset(E->Old.begin() - Text.begin());
    clang::CharSourceRange Range = clang::CharSourceRange::getCharRange(From, From.getLocWithOffset(E->Old.size()));
    Fixes.push_back(clang::FixItHint::CreateReplacement(Range, E->New));
  }
  return Fixes;
}

} // namespace fencelint
