//===- ShippedModelsTest.cpp - every shipped model file loads --------------===//
#include "checks/models/ModelTable.h"
#include "gtest/gtest.h"

using namespace fencelint;

namespace {

TEST(ShippedModels, Load) {
  ModelTable Table;
  EXPECT_EQ(llvm::toString(Table.add(FENCELINT_SHIPPED_MODELS)), "");
  EXPECT_EQ(llvm::toString(Table.finish()), "");
  EXPECT_FALSE(Table.files().empty());
}

TEST(ShippedModels, EveryEntryIsFoundUnderItsName) {
  ModelTable Table;
  llvm::consumeError(Table.add(FENCELINT_SHIPPED_MODELS));
  llvm::consumeError(Table.finish());
  for (const ModelFile &File : Table.files())
    for (const FunctionModel &Function : File.Functions)
      EXPECT_NE(Table.function(Function.Name, Function.File), nullptr) << Function.Name;
}

} // namespace
