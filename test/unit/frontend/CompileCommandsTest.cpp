// What is read from an entry of a database, and what makes two commands the same.
#include "plugin/frontend/CompileCommands.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"

using namespace fencelint;

namespace {

using Strings = std::vector<std::string>;

/// A database with this text, in a file of its own.
CompileDatabase read(llvm::StringRef Text) {
  llvm::SmallString<128> Path;
  int File;
  EXPECT_FALSE(llvm::sys::fs::createTemporaryFile("commands", "json", File, Path));
  llvm::raw_fd_ostream(File, /*shouldClose=*/true) << Text;
  llvm::Expected<CompileDatabase> Database = loadDatabase(Path);
  llvm::sys::fs::remove(Path);
  EXPECT_TRUE(bool(Database));
  return Database ? *Database : (llvm::consumeError(Database.takeError()), CompileDatabase());
}

TEST(CompileCommands, PathsAreAbsoluteAndWithoutDots) {
  EXPECT_EQ(normalPath("b/../c.c", "/a"), "/a/c.c");
  EXPECT_EQ(normalPath("/x/./y"), "/x/y");
  EXPECT_EQ(normalPath("../x.c", "/a/b"), "/a/x.c");
}

TEST(CompileCommands, ACommandLineIsSplitAsAShellWould) {
  CompileDatabase D = read(R"([{"directory": "/d", "file": "a.c", "command": "cc -DX='\"a b\"' -c a.c"}])");
  ASSERT_EQ(D.Commands.size(), 1u);
  EXPECT_EQ(D.Commands[0].File, "/d/a.c");
  EXPECT_EQ(D.Commands[0].Arguments, (Strings{"cc", "-DX=\"a b\"", "-c", "a.c"}));
}

TEST(CompileCommands, WrappersAreDropped) {
  CompileDatabase D = read(R"([{"directory": "/d", "file": "a.c", "command": "icecc ccache gcc -c a.c"},
                               {"directory": "/d", "file": "a.c", "command": "cc a.c -c"}])");
  ASSERT_EQ(D.Commands.size(), 2u);
  EXPECT_EQ(D.Commands[0].Arguments.front(), "gcc");
  EXPECT_EQ(D.Commands[1].Arguments.front(), "cc");
}

TEST(CompileCommands, OtherLanguagesAreLeftOutAndEqualCommandsAreOne) {
  CompileDatabase D = read(R"([{"directory": "/d", "file": "a.S", "command": "cc -c a.S"},
                               {"directory": "/d", "file": "a.c", "command": "cc -c a.c"},
                               {"directory": "/d", "file": "a.c", "command": "cc -c a.c"},
                               {"directory": "/d", "file": "a.c", "command": "cc -DX -c a.c"}])");
  ASSERT_EQ(D.Commands.size(), 2u);
  EXPECT_NE(D.Commands[0].key(), D.Commands[1].key());
  EXPECT_EQ(D.Commands[0].key().size(), 16u);
}

TEST(CompileCommands, FilesWithoutADatabaseGetTheCompilerOfTheirLanguage) {
  std::vector<CompileCommand> C = commandsFor({"a.c", "b.cpp"}, {"-DX"});
  ASSERT_EQ(C.size(), 2u);
  EXPECT_EQ(C[0].Arguments, (Strings{"clang", "-DX", "a.c"}));
  EXPECT_EQ(C[1].Arguments.front(), "clang++");
}

} // namespace
