//===- BlockWriterTest.cpp - weights streamed to a file -------------------===//
#include "compiler/emit/BlockWriter.h"

#include <filesystem>
#include <gtest/gtest.h>

namespace {

using namespace synfire;

void writeTwoBlocks(BlockWriter &writer) {
  ASSERT_EQ(*writer.add({1, 2, 3}, 1, 3, 8), 0);
  ASSERT_EQ(*writer.add({255, 254}, 2, 1, 8), 1);
}

void expectTwoBlocks(const WeightStore &store) {
  ASSERT_EQ(store.blocks.size(), 2u);
  EXPECT_EQ(store.blocks[1].offset % 64, 0u);
  EXPECT_EQ(weightAt(store, 0, 0, 2), 3);
  EXPECT_EQ(weightAt(store, 1, 0, 0), -1);
  EXPECT_EQ(weightAt(store, 1, 1, 0), -2);
}

TEST(BlockWriter, MemoryAndFileHoldTheSame) {
  auto memory = BlockWriter::create("");
  ASSERT_TRUE(memory.ok());
  writeTwoBlocks(**memory);
  expectTwoBlocks(*(*memory)->finish());

  const auto folder =
      std::filesystem::temp_directory_path() / "synfire-block-writer-test";
  std::filesystem::create_directories(folder);
  {
    auto file = BlockWriter::create(folder.string());
    ASSERT_TRUE(file.ok()) << file.error().message();
    writeTwoBlocks(**file);
    expectTwoBlocks(*(*file)->finish());
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::filesystem::remove_all(folder);
}

TEST(BlockWriter, NamesADirectoryThatIsNotThere) {
  auto writer = BlockWriter::create("/no/such/folder");
  ASSERT_FALSE(writer.ok());
  EXPECT_NE(writer.error().message().find("/no/such/folder"),
            std::string::npos);
}

} // namespace
