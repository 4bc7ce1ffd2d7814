//===- Text.cpp - a report as a compiler would print it ---------------------===//
//
// People have read this format since their first program, and every editor jumps along it; so nothing is invented here.
// Names come from facts, which may come from anywhere: control characters are shown as `?`, never sent to a terminal.
//
//   drv.c:14:3: warning: 'helper' may sleep, but preemption is disabled here [sleep-in-atomic]
//   drv.c:12:3: note: preemption disabled by 'spin_lock' here
//
//===----------------------------------------------------------------------===//
#include "checks/report/Notes.h"
#include "checks/report/Printable.h"
#include "checks/report/Source.h"
#include "checks/report/Writers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Unicode.h"

namespace fencelint {
namespace {

using llvm::raw_ostream;
using llvm::StringRef;

class TextWriter {
public:
  TextWriter(const TextOptions &Options, raw_ostream &OS) : Options(Options), OS(OS) {}

  /// A finding is a warning; what is no reason to fail is a remark.
  void write(const Finding &F, bool IsRemark = false) {
    place(F.At);
    if (IsRemark)
      label("remark: ", raw_ostream::BLUE);
    else
      label("warning: ", raw_ostream::MAGENTA);
    bold(printable(F.Message) + " [" + printable(F.Rule) + "]");
    OS << '\n';
    if (Options.ShowSource)
      caret(F.At);
    for (const Note &N : notesOf(F))
      write(N);
  }

  void write(const Problem &P) {
    llvm::SmallVector<StringRef, 4> Lines;
    StringRef(P.Message).trim('\n').split(Lines, '\n');
    std::string Where = P.File.empty() ? "fencelint" : printable(pathBelow(P.File, Options.Root));
    if (P.Line)
      Where += ":" + std::to_string(P.Line);
    bold(Where + ": ");
    label("error: ", raw_ostream::RED);
    bold(printable(Lines.front()));
    OS << '\n';
    for (StringRef Context : llvm::drop_begin(Lines)) {
      bold(Where + ": ");
      label("note: ", raw_ostream::CYAN);
      OS << printable(Context.ltrim()) << '\n';
    }
  }

  void write(const Note &N) {
    place(N.At);
    label("note: ", raw_ostream::CYAN);
    OS << printable(N.Message) << '\n';
  }

  void close(const Report &R) {
    auto Count = [](unsigned N, StringRef What) {
      return llvm::formatv("{0} {1}{2}", N, What, N == 1 ? "" : "s").str();
    };
    OS << Count(R.Findings.size(), "finding");
    if (!R.Suppressed.empty())
      OS << " and " << R.Suppressed.size() << " suppressed";
    OS << " in " << Count(R.Units, "unit");
    if (R.UnitsAnalysed < R.Units)
      OS << " (" << R.Units - R.UnitsAnalysed << " could not be analysed)";
    if (R.LessSure)
      OS << "; " << R.LessSure << " less sure (--min-confidence)";
    OS << '\n';
  }

private:
  void bold(StringRef Text) {
    OS.changeColor(raw_ostream::SAVEDCOLOR, /*Bold=*/true) << Text;
    OS.resetColor();
  }

  void label(StringRef Text, raw_ostream::Colors Color) {
    OS.changeColor(Color, /*Bold=*/true) << Text;
    OS.resetColor();
  }

  /// `file:line:column: `, as much of it as is known.
  void place(const SourcePosition &At) {
    if (At.File.empty())
      return bold("fencelint: ");
    std::string Text = printable(pathBelow(At.File, Options.Root));
    if (At.Line)
      Text += ":" + std::to_string(At.Line);
    if (At.Line && At.Column)
      Text += ":" + std::to_string(At.Column);
    bold(Text + ": ");
  }

  /// The line with tabs as spaces, and a caret where the position is on the screen.
  void caret(const SourcePosition &At) {
    std::optional<StringRef> Line = Lines.line(At.File, At.Line);
    if (!Line || At.Column == 0 || At.Column > Line->size() + 1)
      return;
    std::string Shown;
    unsigned Width = 0, CaretAt = 0;
    for (size_t I = 0; I <= Line->size();) {
      if (I + 1 <= At.Column)
        CaretAt = Width;
      if (I == Line->size())
        break;
      if ((*Line)[I] == '\t') {
        unsigned Stop = (Width / 8 + 1) * 8;
        Shown.append(Stop - Width, ' ');
        Width = Stop;
        ++I;
        continue;
      }
      size_t Length = 1;
      while (I + Length < Line->size() && ((*Line)[I + Length] & 0xC0) == 0x80)
        ++Length;
      std::string Character = printable(Line->substr(I, Length));
      int Columns = llvm::sys::unicode::columnWidthUTF8(Character);
      Shown += Columns < 0 ? "?" : Character;
      Width += Columns < 0 ? 1 : Columns;
      I += Length;
    }
    OS << llvm::format("%5u", At.Line) << " | " << Shown << '\n' << "      | " << std::string(CaretAt, ' ');
    label("^", raw_ostream::GREEN);
    OS << '\n';
  }

  const TextOptions &Options;
  raw_ostream &OS;
  SourceLines Lines;
};

} // namespace

void writeText(const Report &R, const TextOptions &Options, raw_ostream &OS) {
  bool Before = OS.colors_enabled();
  OS.enable_colors(Options.Color);
  TextWriter Writer(Options, OS);
  for (const Finding &F : R.Findings)
    Writer.write(F);
  if (Options.Remarks)
    for (const Finding &F : R.Remarks)
      Writer.write(F, /*IsRemark=*/true);
  if (Options.ShowSuppressed)
    for (const Finding &F : R.Suppressed)
      Writer.write(F, /*IsRemark=*/true);
  if (Options.Problems) {
    for (const Problem &P : R.Problems)
      Writer.write(P);
    for (const Note &N : R.Notes)
      Writer.write(N);
  }
  if (Options.ClosingLine)
    Writer.close(R);
  OS.enable_colors(Before);
}

} // namespace fencelint
