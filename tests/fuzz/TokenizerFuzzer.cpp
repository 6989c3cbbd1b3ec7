//===- TokenizerFuzzer.cpp - any bytes as tokenizer and as text -----------===//
//
// An input is a tokenizer.json, a zero byte (which no JSON text holds) and a
// text to encode.
//
//===----------------------------------------------------------------------===//
#include "runtime/support/Utf8.h"
#include "runtime/text/Tokenizer.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace synfire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data,
                                      std::size_t size) {
  std::string_view input(reinterpret_cast<const char *>(data), size);
  const std::size_t zero = input.find('\0');
  auto tokenizer = Tokenizer::parse(input.substr(0, zero), "tokenizer.json");
  if (!tokenizer || zero == std::string_view::npos)
    return 0;

  std::vector<int> ids = (*tokenizer)->encode(input.substr(zero + 1));
  for (int id : ids)
    if (id < 0 || id >= (*tokenizer)->vocabularySize())
      std::abort();
  std::string text = (*tokenizer)->decode(ids);
  if (!isValidUtf8(text))
    std::abort();
  (void)(*tokenizer)->encode(text);
  return 0;
}
