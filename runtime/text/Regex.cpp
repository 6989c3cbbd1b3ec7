//===- Regex.cpp - Unicode regular expressions ----------------------------===//
#include "runtime/text/Regex.h"

#include "runtime/support/Utf8.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <fmt/format.h>
#include <limits>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace synfire {

namespace {

struct Free {
  void operator()(pcre2_code *code) const { pcre2_code_free(code); }
  void operator()(pcre2_match_data *data) const { pcre2_match_data_free(data); }
  void operator()(pcre2_match_context *context) const {
    pcre2_match_context_free(context);
  }
};

} // namespace

struct Regex::Code {
  std::unique_ptr<pcre2_code, Free> pattern;
};

Result<Regex> Regex::compile(const std::string &pattern) {
  return compileWith(pattern, /*literal=*/false);
}

Result<Regex> Regex::compileLiteral(const std::string &literal) {
  return compileWith(literal, /*literal=*/true);
}

Result<Regex> Regex::compileWith(const std::string &pattern, bool literal) {
  // \C could split a character in two.
  const std::uint32_t options =
      PCRE2_UTF |
      (literal ? PCRE2_LITERAL : PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C);
  int number = 0;
  PCRE2_SIZE position = 0;
  std::unique_ptr<pcre2_code, Free> compiled(
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()),
                    pattern.size(), options, &number, &position, nullptr));
  if (!compiled) {
    PCRE2_UCHAR text[256] = {};
    pcre2_get_error_message(number, text, sizeof text);
    return makeError(fmt::format("the pattern '{}' is wrong at character {}: "
                                 "{}",
                                 pattern, position,
                                 reinterpret_cast<const char *>(text)));
  }
  // Where there is no just-in-time compiler the interpreter does the same.
  (void)pcre2_jit_compile(compiled.get(), PCRE2_JIT_COMPLETE);
  auto code = std::make_shared<Code>();
  code->pattern = std::move(compiled);
  Regex result;
  result.code = std::move(code);
  return result;
}

std::vector<Regex::Match> Regex::findAll(std::string_view text) const {
  std::vector<Match> matches;
  std::unique_ptr<pcre2_match_data, Free> data(
      pcre2_match_data_create_from_pattern(code->pattern.get(), nullptr));
  std::unique_ptr<pcre2_match_context, Free> context(
      pcre2_match_context_create(nullptr));
  // A run of n blanks costs a tokenizer's pattern about n steps back, which is
  // reasonable for any n; patterns that take many times more are not.
  constexpr std::size_t stepsBeforeSuspicion = 1'000'000, stepsPerByte = 8;
  const std::size_t steps = stepsBeforeSuspicion + stepsPerByte * text.size();
  constexpr std::size_t maxSteps = std::numeric_limits<std::uint32_t>::max();
  pcre2_set_match_limit(context.get(),
                        static_cast<std::uint32_t>(std::min(steps, maxSteps)));
  constexpr std::uint32_t heapKibibytes = 256 * 1024;
  pcre2_set_heap_limit(context.get(), heapKibibytes);

  const auto *subject = reinterpret_cast<PCRE2_SPTR>(text.data());
  const PCRE2_SIZE *range = pcre2_get_ovector_pointer(data.get());
  std::size_t position = 0;
  while (position < text.size()) {
    const auto match = [&](std::uint32_t options) {
      return pcre2_match(code->pattern.get(), subject, text.size(), position,
                         PCRE2_NO_UTF_CHECK | options, data.get(),
                         context.get());
    };
    int found = match(0);
    // Compiled code has a small stack; the interpreter takes the heap.
    if (found == PCRE2_ERROR_JIT_STACKLIMIT)
      found = match(PCRE2_NO_JIT);
    if (found < 0)
      break;
    // PCRE2 since 10.38 refuses \K where it could move a match backwards.
    assert(range[0] >= position && range[1] >= range[0] &&
           "match out of order");
    if (range[1] > range[0]) {
      matches.push_back({range[0], range[1]});
      position = range[1];
    } else {
      position = range[1];
      if (position < text.size())
        position += firstCharacter(text.substr(position)).length;
    }
  }
  return matches;
}

} // namespace synfire
