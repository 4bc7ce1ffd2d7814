//===- ObjectFacts.cpp - sections and members ------------------------------------===//
//
// A section's bytes are read in place: a slice keeps the file they lie in alive, and FactsFile copies only what stands askew. LLVM's Object
// library finds sections and members; it checks what it follows, and its complaint becomes the message.
//
//===----------------------------------------------------------------------===//
#include "checks/facts/ObjectFacts.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/Archive.h"
#include "llvm/Object/Decompressor.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/Path.h"

using namespace fencelint;
using namespace llvm::object;
using llvm::StringRef;

namespace {

/// A file, and what an archive has opened besides.
struct Storage {
  std::unique_ptr<llvm::MemoryBuffer> Bytes;
  std::unique_ptr<Archive> Members;
};

/// Bytes inside something that lives as long as they do.
class Slice : public llvm::MemoryBuffer {
public:
  Slice(StringRef Bytes, std::string Name, std::shared_ptr<Storage> Owner) : Name(std::move(Name)), Owner(std::move(Owner)) {
    init(Bytes.begin(), Bytes.end(), /*RequiresNullTerminator=*/false);
  }
  BufferKind getBufferKind() const override { return MemoryBuffer_MMap; }
  StringRef getBufferIdentifier() const override { return Name; }

private:
  std::string Name;
  std::shared_ptr<Storage> Owner;
};

class ObjectReader {
public:
  ObjectReader(std::shared_ptr<Storage> Owner, FactsInput &Into) : Owner(std::move(Owner)), Into(Into) {}
  /// True when there were facts, good or bad.
  bool read(StringRef Bytes, const std::string &Name);

private:
  std::shared_ptr<Storage> Owner;
  FactsInput &Into;

  void complain(const std::string &Name, llvm::Error E, const char *Mend);
  bool readSections(StringRef Bytes, const std::string &Name);
  bool readSection(const ObjectFile &Object, const SectionRef &Section, const std::string &Name);
  bool readMembers(const std::string &Name);
  void addFacts(std::unique_ptr<llvm::MemoryBuffer> Bytes, const std::string &Name);
};

} // namespace

void ObjectReader::complain(const std::string &Name, llvm::Error E, const char *Mend) {
  std::string Text = llvm::toString(std::move(E));
  StringRef Message = Text;
  Message.consume_front(Name + ": ");
  Into.Defects.push_back({Name, Message.rtrim(".\n").str() + Mend});
}

void ObjectReader::addFacts(std::unique_ptr<llvm::MemoryBuffer> Bytes, const std::string &Name) {
  if (llvm::Expected<FactsFile> File = FactsFile::read(std::move(Bytes)))
    Into.Files.push_back(std::move(*File));
  else
    complain(Name, File.takeError(), "");
}

bool ObjectReader::readSection(const ObjectFile &Object, const SectionRef &Section, const std::string &Name) {
  llvm::Expected<StringRef> Content = Section.getContents();
  if (!Content) {
    complain(Name, Content.takeError(), "; build it again");
    return true;
  }
  if (Content->empty())
    return false;
  if (!Section.isCompressed()) {
    addFacts(std::make_unique<Slice>(*Content, Name, Owner), Name);
    return true;
  }
  llvm::SmallVector<uint8_t, 0> Plain;
  llvm::Expected<Decompressor> Packed = Decompressor::create(FactsSection, *Content, Object.isLittleEndian(), Object.is64Bit());
  llvm::Error Failed = Packed ? Packed->resizeAndDecompress(Plain) : Packed.takeError();
  if (Failed)
    complain(Name, std::move(Failed), "; build it again");
  else
    addFacts(llvm::MemoryBuffer::getMemBufferCopy(StringRef(reinterpret_cast<const char *>(Plain.data()), Plain.size()), Name), Name);
  return true;
}

bool ObjectReader::readSections(StringRef Bytes, const std::string &Name) {
  llvm::Expected<std::unique_ptr<ObjectFile>> Object = ObjectFile::createObjectFile(llvm::MemoryBufferRef(Bytes, Name));
  if (!Object) {
    complain(Name, Object.takeError(), "; build it again");
    return true;
  }
  bool Any = false;
  for (const SectionRef &Section : (*Object)->sections()) {
    llvm::Expected<StringRef> SectionName = Section.getName();
    if (!SectionName) {
      complain(Name, SectionName.takeError(), "; build it again");
      return true;
    }
    if (*SectionName == FactsSection)
      Any |= readSection(**Object, Section, Name);
  }
  return Any;
}

bool ObjectReader::readMembers(const std::string &Name) {
  bool Any = false;
  std::vector<std::string> Without;
  llvm::Error Broken = llvm::Error::success();
  for (const Archive::Child &Child : Owner->Members->children(Broken)) {
    llvm::Expected<StringRef> ChildName = Child.getName();
    std::string Shown = Name + "(" + (ChildName ? llvm::sys::path::filename(*ChildName).str() : std::string("?")) + ")";
    llvm::Expected<llvm::MemoryBufferRef> Member = ChildName ? Child.getMemoryBufferRef() : ChildName.takeError();
    if (!Member) {
      complain(Shown, Member.takeError(), "; build the archive again");
      Any = true;
      continue;
    }
    if (read(Member->getBuffer(), Shown))
      Any = true;
    else
      Without.push_back(Shown);
  }
  if (Broken) {
    complain(Name, std::move(Broken), "; build the archive again");
    Any = true;
  }
  if (Any)
    llvm::append_range(Into.WithoutFacts, Without);
  return Any;
}

bool ObjectReader::read(StringRef Bytes, const std::string &Name) {
  switch (llvm::identify_magic(Bytes)) {
  case llvm::file_magic::archive: {
    llvm::Expected<std::unique_ptr<Archive>> Members = Archive::create(llvm::MemoryBufferRef(Bytes, Name));
    if (!Members) {
      complain(Name, Members.takeError(), "; build the archive again");
      return true;
    }
    auto Inner = std::make_shared<Storage>(); // an archive in an archive needs both to live on
    Inner->Bytes = std::make_unique<Slice>(Bytes, Name, Owner);
    Inner->Members = std::move(*Members);
    return ObjectReader(Inner, Into).readMembers(Name);
  }
  case llvm::file_magic::elf:
  case llvm::file_magic::elf_relocatable:
  case llvm::file_magic::elf_executable:
  case llvm::file_magic::elf_shared_object:
  case llvm::file_magic::elf_core:
    return readSections(Bytes, Name);
  default:
    return false; // bitcode, other systems' objects, an index: nothing of ours in them
  }
}

void fencelint::readObject(std::unique_ptr<llvm::MemoryBuffer> Bytes, FactsInput &Into) {
  auto Owner = std::make_shared<Storage>();
  Owner->Bytes = std::move(Bytes);
  std::string Name = Owner->Bytes->getBufferIdentifier().str();
  if (!ObjectReader(Owner, Into).read(Owner->Bytes->getBuffer(), Name))
    Into.WithoutFacts.push_back(Name);
}
