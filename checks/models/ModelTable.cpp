//===- ModelTable.cpp - model files become one table -----------------------===//
//
// Two steps, because files refer to each other in any order: add() reads, finish() connects. Both go on after a defect
// and report all of them. A later entry wins over an earlier one only when it says so (`replaces: true`).
//
//===----------------------------------------------------------------------===//
#include "checks/models/ModelTable.h"
#include "checks/models/Sentence.h"
#include "checks/models/Spelling.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <algorithm>

namespace fencelint {
namespace {

using llvm::StringRef;
using llvm::Twine;

std::string quote(StringRef Word) { return "'" + Word.str() + "'"; }

std::string at(StringRef Path, ModelPlace P) {
  return (Path + ":" + Twine(P.Line) + ":" + Twine(P.Column) + ": ").str();
}

llvm::Error toError(llvm::ArrayRef<std::string> Defects) {
  if (Defects.empty())
    return llvm::Error::success();
  return llvm::createStringError(llvm::join(Defects, "\n"));
}

/// Path is Suffix, or ends with it after a slash.
bool isSuffixOfPath(StringRef Suffix, StringRef Path) {
  return Path.consume_back(Suffix) && (Path.empty() || Path.ends_with("/") || Suffix.starts_with("/"));
}

std::string slotKey(StringRef Name, SlotModel::Kind Kind, unsigned Index) {
  return Kind == SlotModel::Parameter ? (Name + " arg" + Twine(Index)).str() : Name.str();
}

std::vector<StringRef> sortedKeys(const auto &Map) {
  std::vector<StringRef> Keys(Map.keys().begin(), Map.keys().end());
  llvm::sort(Keys);
  return Keys;
}

/// Where each entry stands, for messages that name two of them.
template <typename Entry> struct Placed {
  const Entry *Model;
  const ModelFile *File;
  std::string place() const { return File->Path + ":" + std::to_string(Model->From.Line); }
};

/// Later replaces Earlier when it says so; otherwise that is a defect and the earlier stays.
template <typename Entry>
bool replaces(const Placed<Entry> &Later, const Placed<Entry> &Earlier, StringRef What,
              std::vector<std::string> &Defects) {
  if (!Later.Model->Replaces)
    Defects.push_back(Later.place() + ": " + What.str() + " is already described in " + Earlier.place() +
                      "; say 'replaces: true' if this entry is to win");
  return Later.Model->Replaces;
}

} // namespace

//===--- Reading

void ModelTable::addFile(StringRef Path, StringRef Shown, std::vector<std::string> &Defects) {
  ParsedModelFile Parsed = readModelFile(Path, Shown);
  llvm::append_range(Defects, Parsed.Defects);
  Files.push_back(std::move(Parsed.File));
  References.push_back(std::move(Parsed.References));
}

llvm::Error ModelTable::add(StringRef Path) {
  std::vector<std::string> Defects;
  if (!llvm::sys::fs::is_directory(Path)) {
    addFile(Path, Path, Defects);
    return toError(Defects);
  }
  std::vector<std::string> Found;
  std::error_code Code;
  for (llvm::sys::fs::recursive_directory_iterator I(Path, Code), End; I != End && !Code; I.increment(Code))
    if (StringRef(I->path()).ends_with(".yaml") && !llvm::sys::fs::is_directory(I->path()))
      Found.push_back(I->path());
  if (Code)
    Defects.push_back((Path + ": cannot read model directory: " + Code.message()).str());
  else if (Found.empty())
    Defects.push_back((Path + ": no model file (*.yaml) in this directory").str());
  llvm::sort(Found);
  for (const std::string &File : Found)
    addFile(File, StringRef(File).drop_front(Path.size()).ltrim('/'), Defects);
  return toError(Defects);
}

//===--- Connecting

llvm::Error ModelTable::finish() {
  std::vector<std::string> Defects;
  Constants.clear();
  Exact.clear();
  Prefixes.clear();
  Derived.clear();
  Given.clear();
  for (auto &Kind : Slots)
    Kind.clear();
  Contexts.clear();

  defineConstants(Defects);
  resolveConstants(Defects);
  indexFunctions(Defects);
  indexContexts(Defects);
  indexSlots(Defects);
  ModuleDefinition = chooseOne(&ModelFile::ModuleDefinition, "module-definition", Defects);
  ExportMark = chooseOne(&ModelFile::ExportMark, "export-mark", Defects);
  return toError(Defects);
}

void ModelTable::defineConstants(std::vector<std::string> &Defects) {
  llvm::StringMap<std::string> Places;
  for (auto [File, Refers] : llvm::zip_equal(Files, References))
    for (const ModelReferences::Constant &C : Refers.Constants) {
      std::string Place = File.Path + ":" + std::to_string(C.At.Line);
      auto [Known, IsNew] = Constants.try_emplace(C.Name, C.Value);
      if (IsNew)
        Places[C.Name] = Place;
      else if (Known->second != C.Value)
        Defects.push_back(at(File.Path, C.At) + "constant " + quote(C.Name) + " has another value in " +
                          Places[C.Name]);
    }
}

void ModelTable::resolveConstants(std::vector<std::string> &Defects) {
  std::vector<StringRef> Known = sortedKeys(Constants);
  for (auto [File, Refers] : llvm::zip_equal(Files, References)) {
    for (const ModelReferences::ConstantUse &Use : Refers.ConstantUses) {
      auto Found = Constants.find(Use.Name);
      if (Found != Constants.end()) {
        Use.In->Number |= Found->second;
        continue;
      }
      std::string Defect = at(File.Path, Use.At) + "unknown constant " + quote(Use.Name) + didYouMean(Use.Name, Known);
      if (!llvm::is_contained(Defects, Defect)) // an entry with ten names says the same ten times
        Defects.push_back(Defect);
    }
  }
  for (ModelFile &File : Files) {
    for (FunctionModel &Function : File.Functions)
      addImplied(Function.Does);
    for (SlotModel &Slot : File.Slots)
      addImplied(Slot.Does);
  }
}

void ModelTable::indexFunctions(std::vector<std::string> &Defects) {
  llvm::StringMap<std::vector<Placed<FunctionModel>>> ByName;
  for (const ModelFile &File : Files)
    for (const FunctionModel &Function : File.Functions) {
      if (Function.Derived) { // made for this tree, after what was made for another one
        Derived[Function.Name] = &Function;
        continue;
      }
      auto &Same = ByName[Function.Name];
      Placed<FunctionModel> Later{&Function, &File};
      auto Earlier = llvm::find_if(Same, [&](const auto &Known) {
        return Known.Model->File == Function.File && Known.Model->Given.empty() == Function.Given.empty();
      });
      if (Earlier == Same.end())
        Same.push_back(Later);
      else if (replaces(Later, *Earlier, quote(Function.Name), Defects))
        *Earlier = Later;
    }
  for (const auto &[Name, Entries] : ByName)
    for (const Placed<FunctionModel> &Entry : Entries) {
      if (!Entry.Model->Given.empty())
        Given[Name] = Entry.Model;
      else if (Name.ends_with("*") && !Name.contains("operator"))
        Prefixes.push_back(Entry.Model);
      else
        Exact[Name].push_back(Entry.Model);
    }
  // The entry that says most about the file comes first; the one without a file is the last resort.
  auto SaysMore = [](const FunctionModel *A, const FunctionModel *B) {
    return std::make_tuple(B->File.size(), StringRef(A->File)) < std::make_tuple(A->File.size(), StringRef(B->File));
  };
  for (auto &Entry : Exact)
    llvm::sort(Entry.second, SaysMore);
  llvm::sort(Prefixes, [&](const FunctionModel *A, const FunctionModel *B) {
    if (A->Name.size() != B->Name.size())
      return A->Name.size() > B->Name.size();
    return A->Name != B->Name ? A->Name < B->Name : SaysMore(A, B);
  });
}

void ModelTable::indexContexts(std::vector<std::string> &Defects) {
  llvm::StringMap<Placed<ContextModel>> Known;
  for (const ModelFile &File : Files)
    for (const ContextModel &C : File.Contexts) {
      Placed<ContextModel> Later{&C, &File};
      auto [Entry, IsNew] = Known.try_emplace(C.Name, Later);
      if (!IsNew && replaces(Later, Entry->second, "context " + quote(C.Name), Defects))
        Entry->second = Later;
    }
  for (const auto &Entry : Known)
    Contexts[Entry.first()] = Entry.second.Model;

  std::vector<StringRef> Names = sortedKeys(Contexts);
  Names.push_back("task");
  for (auto [File, Refers] : llvm::zip_equal(Files, References))
    for (const ModelReferences::ContextUse &Use : Refers.ContextUses)
      if (!context(Use.Name))
        Defects.push_back(at(File.Path, Use.At) + "unknown context " + quote(Use.Name) + didYouMean(Use.Name, Names));
}

void ModelTable::indexSlots(std::vector<std::string> &Defects) {
  llvm::StringMap<Placed<SlotModel>> Known[4];
  for (const ModelFile &File : Files)
    for (const SlotModel &Slot : File.Slots) {
      Placed<SlotModel> Later{&Slot, &File};
      std::string Key = slotKey(Slot.Name, Slot.What, Slot.Index);
      auto [Entry, IsNew] = Known[Slot.What].try_emplace(Key, Later);
      if (!IsNew && replaces(Later, Entry->second, "slot " + quote(Key), Defects))
        Entry->second = Later;
    }
  for (unsigned Kind = 0; Kind < 4; ++Kind)
    for (const auto &Entry : Known[Kind])
      Slots[Kind][Entry.first()] = Entry.second.Model;
}

/// A word that is one for all files: two files must not differ.
std::string ModelTable::chooseOne(std::string ModelFile::*Word, StringRef Key, std::vector<std::string> &Defects) const {
  const ModelFile *From = nullptr;
  for (const ModelFile &File : Files) {
    if ((File.*Word).empty())
      continue;
    if (From && File.*Word != From->*Word)
      Defects.push_back(File.Path + ": " + Key.str() + " " + quote(File.*Word) + ", but " + From->Path + " says " + quote(From->*Word));
    if (!From)
      From = &File;
  }
  return From ? From->*Word : "";
}

//===--- Looking up

const FunctionModel *ModelTable::function(StringRef QualifiedName, StringRef File) const {
  auto Fits = [&](const FunctionModel *Entry) { return Entry->File.empty() || isSuffixOfPath(Entry->File, File); };
  if (auto Found = Exact.find(QualifiedName); Found != Exact.end())
    for (const FunctionModel *Entry : Found->second)
      if (Fits(Entry))
        return Entry;
  for (const FunctionModel *Entry : Prefixes)
    if (QualifiedName.starts_with(StringRef(Entry->Name).drop_back()) && Fits(Entry))
      return Entry;
  const FunctionModel *Entry = Derived.lookup(QualifiedName);
  return Entry && Fits(Entry) ? Entry : nullptr;
}

const FunctionModel *ModelTable::given(StringRef QualifiedName) const { return Given.lookup(QualifiedName); }
const SlotModel *ModelTable::field(StringRef RecordDotField) const {
  return Slots[SlotModel::Field].lookup(RecordDotField);
}
const SlotModel *ModelTable::typedefSlot(StringRef Name) const { return Slots[SlotModel::Typedef].lookup(Name); }
const SlotModel *ModelTable::parameter(StringRef Function, unsigned Index) const {
  return Slots[SlotModel::Parameter].lookup(slotKey(Function, SlotModel::Parameter, Index));
}
const SlotModel *ModelTable::method(StringRef QualifiedName) const {
  return Slots[SlotModel::Method].lookup(QualifiedName);
}

const ContextModel *ModelTable::context(StringRef Name) const {
  if (Name == "task") {
    static const ContextModel Task = [] {
      ContextModel Model;
      Model.Name = "task";
      Model.Because = "runs in process context";
      return Model;
    }();
    return &Task;
  }
  return Contexts.lookup(Name);
}

std::optional<int64_t> ModelTable::constant(StringRef Name) const {
  auto Found = Constants.find(Name);
  return Found == Constants.end() ? std::nullopt : std::optional<int64_t>(Found->second);
}

} // namespace fencelint
