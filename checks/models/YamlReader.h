//===- YamlReader.h - the shapes of a YAML file, with places ---------------===//
//
// What a model file says is in ModelFile.cpp; here is how it is written: mappings with known keys, lists, texts. Every
// wrong shape is a defect with its line and column, and reading goes on with what is left.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_MODELS_YAMLREADER_H
#define FENCELINT_MODELS_YAMLREADER_H

#include "checks/models/ModelFile.h"
#include "checks/models/Spelling.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"
#include <map>

namespace fencelint {

class YamlReader {
public:
  using Node = llvm::yaml::Node;
  using StringRef = llvm::StringRef;

  /// Text must outlive the reader; Path begins every defect.
  YamlReader(StringRef Text, StringRef Path);

  /// Calls ReadRoot with the root of the only document, when there is one.
  void readDocument(llvm::function_ref<void(Node &)> ReadRoot);
  /// `PATH:LINE:COLUMN: message`, in the order of the text.
  std::vector<std::string> takeDefects();

protected:
  /// A scalar's text and where it starts.
  struct Scalar {
    std::string Value;
    const char *Start = nullptr; ///< of the value's first character
    bool IsVerbatim = false;     ///< Value stands in the file as it is, so offsets are columns
    const char *at(size_t Offset) const { return IsVerbatim ? Start + Offset : Start; }
    explicit operator bool() const { return Start; }
  };

  ModelPlace place(const char *At) const;
  const char *start(const Node &N) const;
  void defect(const char *At, const llvm::Twine &Message);
  void defect(const Node &N, const llvm::Twine &Message) { defect(start(N), Message); }

  /// False, with a defect, when N is no text or an empty one. What names it in the message.
  Scalar scalar(Node *N, StringRef What);
  bool readText(Node *N, StringRef What, std::string &Into);
  bool readTruth(Node *N, StringRef What);
  void forEachItem(Node *N, StringRef What, llvm::function_ref<void(Node &)> Do);
  /// Calls Do(Key, KeyStart, Value) for every known key once; any other key is a defect, unless Known is empty. False when
  /// N is no mapping, or when what follows cannot be trusted.
  bool forEachKey(Node *N, StringRef What, llvm::ArrayRef<StringRef> Known,
                  llvm::function_ref<void(StringRef, const char *, Node *)> Do);

private:
  StringRef Text, Path;
  std::vector<size_t> LineStarts; ///< offsets: a derived file has thousands of entries, each with its line
  llvm::SourceMgr Sources;
  std::multimap<std::pair<unsigned, unsigned>, std::string> Defects; ///< by line and column, then as they were found
  const char *LastKey;   ///< an absent value and an alias have no place of their own
  bool IsBroken = false; ///< what follows a syntax error says nothing about the file

  void reportSyntax(const llvm::SMDiagnostic &D);
};

} // namespace fencelint
#endif
