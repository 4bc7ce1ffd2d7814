//===- YamlReader.cpp - walks YAML nodes and keeps their places ------------===//
//
// Why by hand and not with a mapping library: an unknown key, a missing key and a misspelt word inside a text all get their
// own line and column, and one defect does not hide the next. Nodes come in the order of the text and only once.
//
//===----------------------------------------------------------------------===//
#include "checks/models/YamlReader.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

namespace fencelint {

using llvm::StringRef;

YamlReader::YamlReader(StringRef Text, StringRef Path) : Text(Text), Path(Path), LastKey(Text.begin()) {
  LineStarts.push_back(0);
  for (size_t I = 0; (I = Text.find('\n', I)) != StringRef::npos;)
    LineStarts.push_back(++I);
  Sources.setDiagHandler(
      [](const llvm::SMDiagnostic &D, void *Self) { static_cast<YamlReader *>(Self)->reportSyntax(D); }, this);
}

void YamlReader::readDocument(llvm::function_ref<void(Node &)> ReadRoot) {
  llvm::yaml::Stream Stream(llvm::MemoryBufferRef(Text, Path), Sources, /*ShowColors=*/false);
  auto Document = Stream.begin();
  Node *Root = Document == Stream.end() ? nullptr : Document->getRoot();
  if (Stream.failed())
    return defect(LastKey, "not valid YAML");
  if (!Root || llvm::isa<llvm::yaml::NullNode>(Root))
    return defect(Text.begin(), "empty model file; it needs at least 'header' and 'version'");
  ReadRoot(*Root);
  if (!IsBroken && !Stream.failed() && ++Document != Stream.end())
    if (Node *Second = Document->getRoot())
      defect(*Second, "a model file is one document; put this into a file of its own");
}

std::vector<std::string> YamlReader::takeDefects() {
  std::vector<std::string> Messages;
  for (const auto &[At, Message] : Defects)
    Messages.push_back((Path + ":" + llvm::Twine(At.first) + ":" + llvm::Twine(At.second) + ": " + Message).str());
  Defects.clear();
  return Messages;
}

ModelPlace YamlReader::place(const char *At) const {
  size_t Offset = At - Text.begin();
  auto Line = std::upper_bound(LineStarts.begin(), LineStarts.end(), Offset);
  return {unsigned(Line - LineStarts.begin()), unsigned(Offset - Line[-1] + 1)};
}

const char *YamlReader::start(const Node &N) const {
  if (llvm::isa<llvm::yaml::NullNode, llvm::yaml::AliasNode>(N))
    return LastKey;
  return N.getSourceRange().Start.getPointer();
}

void YamlReader::defect(const char *At, const llvm::Twine &Message) {
  if (IsBroken)
    return;
  ModelPlace P = place(At);
  Defects.insert({{P.Line, P.Column}, Message.str()});
}

void YamlReader::reportSyntax(const llvm::SMDiagnostic &D) {
  std::string Message = D.getMessage().rtrim(".!").str();
  if (!Message.empty())
    Message[0] = llvm::toLower(Message[0]);
  const char *At = D.getLoc().getPointer();
  defect(At >= Text.begin() && At <= Text.end() ? At : Text.end(), "not valid YAML: " + Message);
  IsBroken = true;
}

YamlReader::Scalar YamlReader::scalar(Node *N, StringRef What) {
  Scalar S;
  if (!N || IsBroken)
    return S;
  if (auto *Block = llvm::dyn_cast<llvm::yaml::BlockScalarNode>(N)) {
    S.Value = Block->getValue().trim().str();
    S.Start = start(*N);
  } else if (auto *Plain = llvm::dyn_cast<llvm::yaml::ScalarNode>(N)) {
    llvm::SmallString<128> Storage;
    StringRef Value = Plain->getValue(Storage);
    S.IsVerbatim = Value.begin() >= Text.begin() && Value.end() <= Text.end();
    S.Start = S.IsVerbatim ? Value.begin() : start(*N);
    S.Value = Value.str();
  }
  if (!S || StringRef(S.Value).trim().empty()) {
    bool IsEmpty = S || llvm::isa<llvm::yaml::NullNode>(N);
    defect(*N, "'" + What + "' needs a text" + (IsEmpty ? ", but is empty" : ""));
    return {};
  }
  return S;
}

bool YamlReader::readText(Node *N, StringRef What, std::string &Into) {
  Scalar S = scalar(N, What);
  if (S)
    Into = S.Value;
  return bool(S);
}

bool YamlReader::readTruth(Node *N, StringRef What) {
  Scalar S = scalar(N, What);
  if (S && S.Value != "true" && S.Value != "false")
    defect(S.Start, "'" + What + "' must be true or false, not '" + S.Value + "'");
  return S && S.Value == "true";
}

void YamlReader::forEachItem(Node *N, StringRef What, llvm::function_ref<void(Node &)> Do) {
  if (!N || IsBroken)
    return;
  auto *List = llvm::dyn_cast<llvm::yaml::SequenceNode>(N);
  if (!List)
    return defect(*N, "'" + What + "' must be a list");
  for (Node &Item : *List) {
    if (IsBroken)
      return;
    Do(Item);
  }
}

bool YamlReader::forEachKey(Node *N, StringRef What, llvm::ArrayRef<StringRef> Known,
                            llvm::function_ref<void(StringRef, const char *, Node *)> Do) {
  if (!N || IsBroken)
    return false;
  auto *Map = llvm::dyn_cast<llvm::yaml::MappingNode>(N);
  if (!Map) {
    defect(*N, What + " must be a mapping of keys to values");
    return false;
  }
  llvm::StringMap<unsigned> Seen;
  for (llvm::yaml::KeyValueNode &Pair : *Map) {
    if (IsBroken)
      return false;
    Scalar Key = scalar(Pair.getKey(), "key");
    if (!Key)
      continue;
    LastKey = Key.Start;
    if (!Known.empty() && !llvm::is_contained(Known, Key.Value)) {
      defect(Key.Start, "unknown key '" + Key.Value + "' in " + What + didYouMean(Key.Value, Known));
      continue;
    }
    auto [First, IsNew] = Seen.try_emplace(Key.Value, place(Key.Start).Line);
    if (!IsNew) {
      defect(Key.Start, "key '" + Key.Value + "' is already given in line " + llvm::Twine(First->second));
      continue;
    }
    Do(Key.Value, Key.Start, Pair.getValue());
  }
  return !IsBroken;
}

} // namespace fencelint
