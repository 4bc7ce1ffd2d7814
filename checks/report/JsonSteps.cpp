//===- JsonSteps.cpp - places and steps, spelled alike in every document ----===//
#include "checks/report/JsonSteps.h"
#include "checks/report/Source.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace fencelint {

void JsonSteps::place(const SourcePosition &At) {
  text("file", pathBelow(At.File, Root));
  J.attribute("line", At.Line);
  J.attribute("column", At.Column);
}

void JsonSteps::steps(const char *Name, llvm::ArrayRef<Step> Steps) {
  J.attributeArray(Name, [&] {
    for (const Step &S : Steps)
      J.object([&] {
        J.attribute("kind", stepKindName(S.What));
        place(S.At);
        text("function", S.Function);
        text("text", S.Text);
      });
  });
}

void JsonSteps::problem(const Problem &P) {
  llvm::SmallVector<llvm::StringRef, 4> Lines;
  llvm::StringRef(P.Message).trim('\n').split(Lines, '\n');
  text("file", pathBelow(P.File, Root));
  J.attribute("line", P.Line);
  text("message", Lines.front());
  J.attributeArray("context", [&] {
    for (llvm::StringRef Line : llvm::drop_begin(Lines))
      J.value(llvm::json::fixUTF8(Line.trim()));
  });
}

} // namespace fencelint
