//===- Normalizer.cpp - rewriting text before it is cut -------------------===//
#include "runtime/text/Normalizer.h"

namespace synfire {

std::string replaceAll(std::string_view text, std::string_view pattern,
                       std::string_view content) {
  std::string result;
  result.reserve(text.size());
  std::size_t position = 0;
  while (true) {
    std::size_t found = text.find(pattern, position);
    result += text.substr(position, found - position);
    if (found == std::string_view::npos)
      return result;
    result += content;
    position = found + pattern.size();
  }
}

std::string normalize(const Normalizer &steps, std::string_view text) {
  std::string result(text);
  for (const NormalizerStep &step : steps) {
    if (step.kind == NormalizerStep::Kind::Replace)
      result = replaceAll(result, step.pattern, step.content);
    else if (!result.empty())
      result.insert(0, step.content);
  }
  return result;
}

} // namespace synfire
