//===- ModelFile.cpp - the sections and entries of a model file ------------===//
//
// Keys may stand in any order and are seen once, so each entry is collected first and checked when its last key was seen.
// A context or slot with a defect still counts as far as it was understood, so that nothing else that names it is called
// wrong because of it.
//
//===----------------------------------------------------------------------===//
#include "checks/models/ModelFile.h"
#include "checks/models/Sentence.h"
#include "checks/models/YamlReader.h"
#include "llvm/Support/MemoryBuffer.h"

namespace fencelint {
namespace {

using llvm::StringRef;

std::string quote(StringRef Word) { return "'" + Word.str() + "'"; }

class Reader : YamlReader {
public:
  Reader(StringRef Text, StringRef Path, StringRef Shown) : YamlReader(Text, Path), Shown(Shown) {
    Out.File.Path = Path.str();
  }

  ParsedModelFile read() {
    readDocument([this](Node &Root) { readFile(Root); });
    Out.Defects = takeDefects();
    return std::move(Out);
  }

private:
  StringRef Shown;
  ParsedModelFile Out;

  Origin origin(const char *At) const { return {Shown.str(), place(At).Line, false}; }

  void readFile(Node &Root) {
    static constexpr StringRef Known[] = {"header", "version", "derived", "only-with", "constants", "functions", "contexts", "slots",
                                          "module-definition", "export-mark"};
    bool HasHeader = false, HasVersion = false;
    if (!forEachKey(&Root, "a model file", Known, [&](StringRef Key, const char *, Node *Value) {
          if (Key == "header")
            HasHeader = true, readText(Value, Key, Out.File.Header);
          else if (Key == "version")
            HasVersion = true, readText(Value, Key, Out.File.Version);
          else if (Key == "module-definition")
            readText(Value, Key, Out.File.ModuleDefinition);
          else if (Key == "export-mark")
            readText(Value, Key, Out.File.ExportMark);
          else if (Key == "only-with")
            readText(Value, Key, Out.File.OnlyWith);
          else if (Key == "derived")
            Out.File.Derived = readTruth(Value, Key);
          else if (Key == "constants")
            readConstants(Value);
          else if (Key == "functions")
            forEachItem(Value, Key, [&](Node &Item) { readFunction(Item); });
          else if (Key == "contexts")
            forEachItem(Value, Key, [&](Node &Item) { readContext(Item); });
          else
            forEachItem(Value, Key, [&](Node &Item) { readSlot(Item); });
        }))
      return;
    for (FunctionModel &F : Out.File.Functions) {
      F.OnlyWith = Out.File.OnlyWith;
      if (Out.File.Derived)
        F.Derived = F.WhenNoBody = true;
    }
    if (Out.File.Derived && (!Out.File.Slots.empty() || !Out.File.Contexts.empty()))
      defect(Root, "a derived file describes functions only; slots and contexts belong into one that is not");
    if (!HasHeader)
      defect(Root, "missing 'header:'; say what the file describes");
    if (!HasVersion)
      defect(Root, "missing 'version:'; say what the file was read from");
  }

  void readConstants(Node *N) {
    forEachKey(N, "'constants'", {}, [&](StringRef Key, const char *At, Node *Value) {
      std::string Name = Key.str();
      Scalar S = scalar(Value, Name);
      if (!S)
        return;
      if (std::optional<int64_t> Number = parseNumber(S.Value))
        Out.References.Constants.push_back({Name, *Number, place(At)});
      else
        defect(S.Start, "constant " + quote(Name) + " must be a number, not " + quote(S.Value));
    });
  }

  /// The sentences of one `does:`, before they are copied to every name of the entry.
  struct Sentences {
    bool IsGiven = false, IsDerived = false, HasDefect = false;
    std::vector<Action> Actions;
    struct Use {
      unsigned Action, Condition;
      std::string Name;
      ModelPlace At;
    };
    std::vector<Use> Uses;
  };

  void readSentences(Node *N, bool InSlot, Sentences &Into) {
    Into.IsGiven = true;
    unsigned Count = 0;
    Scalar Alone; // `nothing` or `derived`
    bool IsList = N && llvm::isa<llvm::yaml::SequenceNode>(N);
    Into.HasDefect = !IsList;
    forEachItem(N, "does", [&](Node &Item) {
      ++Count;
      Scalar S = scalar(&Item, "does");
      Sentence Parsed;
      std::optional<SentenceDefect> Defect;
      if (S)
        Defect = parseSentence(S.Value, Parsed);
      if (Parsed.Is == Sentence::Derived && !InSlot)
        Defect = {0, "'derived' is for slots; leave the function out and its body is looked at"};
      Into.HasDefect |= !S || Defect;
      if (Defect)
        defect(S.at(Defect->Offset), Defect->Message);
      if (!S || Defect)
        return;
      if (Parsed.Is != Sentence::Plain) {
        Into.IsDerived |= Parsed.Is == Sentence::Derived;
        Alone = std::move(S);
        return;
      }
      for (const Sentence::ConstantUse &Use : Parsed.Constants)
        Into.Uses.push_back({unsigned(Into.Actions.size()), Use.Condition, Use.Name, place(S.at(Use.Offset))});
      Into.Actions.push_back(std::move(Parsed.Does));
    });
    if (Alone && Count > 1)
      defect(Alone.Start, quote(Alone.Value) + " must stand alone");
    if (IsList && Count == 0)
      defect(*N, "'does' is empty; say 'nothing' for a function that is harmless");
  }

  /// Copies the sentences into a model and remembers the constants of that copy.
  void giveSentences(const Sentences &From, std::vector<Action> &To) {
    To = From.Actions;
    for (const Sentences::Use &Use : From.Uses)
      Out.References.ConstantUses.push_back({&To[Use.Action].When[Use.Condition], Use.Name, Use.At});
  }

  bool isFunctionName(const Scalar &S) {
    StringRef Name = S.Value;
    size_t Star = Name.find('*');
    bool IsOperator = Name.contains("operator");
    if (Star == 0 || (Star != StringRef::npos && Star + 1 != Name.size() && !IsOperator)) {
      defect(S.at(Star), "'*' may only end a name that says more, in " + quote(Name));
      return false;
    }
    size_t Odd = Name.find_first_of("<>() \t,");
    if (Odd != StringRef::npos && !IsOperator) {
      defect(S.at(Odd), "a name is qualified, without template arguments and parameters, in " + quote(Name));
      return false;
    }
    return true;
  }

  void readFunction(Node &N) {
    static constexpr StringRef Known[] = {"names", "name", "file", "given", "does", "why", "replaces", "when-no-body", "internal", "verified-by"};
    std::vector<Scalar> Names;
    bool HasNames = false, HasWhy = false;
    FunctionModel Entry;
    Sentences Does;
    auto AddName = [&](Node *Value) {
      if (Scalar S = scalar(Value, "name"); S && isFunctionName(S))
        Names.push_back(std::move(S));
    };
    if (!forEachKey(&N, "a function", Known, [&](StringRef Key, const char *At, Node *Value) {
          if (Key == "name" || Key == "names") {
            if (HasNames)
              return defect(At, "give either 'name' or 'names'");
            HasNames = true;
            if (Key == "name")
              AddName(Value);
            else
              forEachItem(Value, Key, [&](Node &Item) { AddName(&Item); });
            if (Key == "names" && Value && llvm::isa<llvm::yaml::SequenceNode>(Value) && Names.empty())
              defect(*Value, "no name in 'names'");
          } else if (Key == "file")
            readText(Value, Key, Entry.File);
          else if (Key == "given")
            readText(Value, Key, Entry.Given);
          else if (Key == "why")
            HasWhy = true, readText(Value, Key, Entry.Why);
          else if (Key == "replaces")
            Entry.Replaces = readTruth(Value, Key);
          else if (Key == "verified-by")
            readText(Value, Key, Entry.VerifiedBy);
          else if (Key == "when-no-body")
            Entry.WhenNoBody = readTruth(Value, Key);
          else if (Key == "internal")
            Entry.Internal = readTruth(Value, Key);
          else
            readSentences(Value, /*InSlot=*/false, Does);
        }))
      return;
    std::string What = Names.empty() ? "a function" : quote(Names.front().Value);
    if (!HasNames)
      defect(N, "a function needs 'names:' or 'name:'");
    if (!Does.IsGiven)
      defect(N, What + " has no 'does:'; say 'nothing' for a function that is harmless");
    if (!HasWhy)
      defect(N, What + " has no 'why:'; say where it can be read");
    // A function of which only half was understood stays unknown; it would look more harmless than it is.
    if (!Does.IsGiven || Does.HasDefect)
      return;
    for (const Scalar &Name : Names) {
      Entry.Name = Name.Value;
      Entry.From = origin(Name.Start);
      Out.File.Functions.push_back(Entry);
      giveSentences(Does, Out.File.Functions.back().Does);
    }
  }

  void readParts(Node *N, Context &In) {
    std::vector<StringRef> Known = partWords();
    for (StringRef Where :
         {"task", "softirq", "hardirq", "nmi", "maybe-interrupt", "in-fence-callback", "no-allocation", "no-free", "never-sleeps"})
      Known.push_back(Where);
    bool InTask = false;
    forEachItem(N, "is", [&](Node &Item) {
      Scalar S = scalar(&Item, "is");
      if (!S)
        return;
      if (std::optional<Part> P = parsePart(S.Value))
        In[*P] = 1;
      else if (std::optional<uint8_t> Bit = parseWhere(S.Value))
        In.Where |= *Bit;
      else if (S.Value == "task")
        InTask = true;
      else
        defect(S.Start, "unknown part " + quote(S.Value) + " of a context" + didYouMean(S.Value, Known));
    });
    if (InTask && In.isInterrupt())
      defect(*N, "'task' and an interrupt exclude each other; 'maybe-interrupt' says that it may be either");
  }

  void readContext(Node &N) {
    static constexpr StringRef Known[] = {"name", "is", "because", "why", "replaces"};
    ContextModel Entry;
    bool HasName = false, HasIs = false, HasBecause = false, HasWhy = false;
    if (!forEachKey(&N, "a context", Known, [&](StringRef Key, const char *At, Node *Value) {
          if (Key == "name") {
            HasName = true;
            if (readText(Value, Key, Entry.Name) && Entry.Name == "task")
              defect(*Value, "the context 'task' is built in; choose another name");
            Entry.From = origin(At);
          } else if (Key == "is")
            HasIs = true, readParts(Value, Entry.In);
          else if (Key == "because")
            HasBecause = true, readText(Value, Key, Entry.Because);
          else if (Key == "replaces")
            Entry.Replaces = readTruth(Value, Key);
          else
            HasWhy = true, readText(Value, Key, Entry.Why);
        }))
      return;
    std::string What = Entry.Name.empty() ? "a context" : quote(Entry.Name);
    if (!HasName)
      defect(N, "a context needs 'name:'");
    if (!HasIs)
      defect(N, What + " has no 'is:'; list its parts, or 'task'");
    if (!HasBecause)
      defect(N, What + " has no 'because:'; it is the sentence that a finding shows");
    if (!HasWhy)
      defect(N, What + " has no 'why:'; say where it can be read");
    if (!Entry.Name.empty() && Entry.Name != "task")
      Out.File.Contexts.push_back(std::move(Entry));
  }

  /// The place of a slot; false when its text is no such place.
  bool readSlotPlace(SlotModel::Kind Kind, const Scalar &S, SlotModel &Entry) {
    StringRef Value = S.Value;
    Entry.What = Kind;
    Entry.Name = S.Value;
    if (Kind == SlotModel::Field && (Value.count('.') != 1 || Value.starts_with(".") || Value.ends_with("."))) {
      defect(S.Start, "a field is RECORD.FIELD, not " + quote(Value));
      return false;
    }
    if (Kind == SlotModel::Parameter) {
      auto [Function, Argument] = Value.rsplit(' ');
      if (!Argument.consume_front("arg") || Argument.getAsInteger(10, Entry.Index)) {
        defect(S.Start, "a parameter is FUNCTION argN, not " + quote(Value));
        return false;
      }
      Entry.Name = Function.trim().str();
    }
    return true;
  }

  void readSlot(Node &N) {
    static constexpr StringRef Known[] = {"field",   "typedef", "parameter", "method", // as SlotModel::Kind
                                          "runs-in", "does",    "why",       "replaces"};
    SlotModel Entry;
    Sentences Does;
    unsigned Places = 0;
    bool HasPlace = false, HasWhy = false;
    if (!forEachKey(&N, "a slot", Known, [&](StringRef Key, const char *At, Node *Value) {
          if (Key == "runs-in") {
            Scalar S = scalar(Value, Key);
            if (S)
              Out.References.ContextUses.push_back({S.Value, place(S.Start)});
            Entry.RunsIn = S.Value;
          } else if (Key == "does")
            readSentences(Value, /*InSlot=*/true, Does);
          else if (Key == "why")
            HasWhy = true, readText(Value, Key, Entry.Why);
          else if (Key == "replaces")
            Entry.Replaces = readTruth(Value, Key);
          else if (++Places > 1)
            defect(At, "a slot is one place; " + quote(Key) + " needs an entry of its own");
          else if (Scalar S = scalar(Value, Key)) {
            HasPlace = readSlotPlace(static_cast<SlotModel::Kind>(llvm::find(Known, Key) - Known), S, Entry);
            Entry.From = origin(At);
          }
        }))
      return;
    if (Places == 0)
      defect(N, "a slot needs one of 'field:', 'typedef:', 'parameter:' and 'method:'");
    if (!HasWhy)
      defect(N, (HasPlace ? "slot " + quote(Entry.Name) : "a slot") + " has no 'why:'; say where it can be read");
    if (!HasPlace)
      return;
    Entry.Derived = !Does.IsGiven || Does.IsDerived || Does.HasDefect;
    Out.File.Slots.push_back(std::move(Entry));
    giveSentences(Does, Out.File.Slots.back().Does);
  }
};

} // namespace

ParsedModelFile parseModelFile(StringRef Text, StringRef Path, StringRef Shown) {
  return Reader(Text, Path, Shown).read();
}

ParsedModelFile readModelFile(StringRef Path, StringRef Shown) {
  auto Buffer = llvm::MemoryBuffer::getFile(Path, /*IsText=*/true);
  if (Buffer)
    return parseModelFile((*Buffer)->getBuffer(), Path, Shown);
  ParsedModelFile Unread;
  Unread.File.Path = Path.str();
  Unread.Defects.push_back((Path + ": cannot read model file: " + Buffer.getError().message()).str());
  return Unread;
}

} // namespace fencelint
