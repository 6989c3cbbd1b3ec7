//===- TokenizerStages.h - the stages of a tokenizer.json -------*- C++ -*-===//
//
// Each function reads one component from the root of the file.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_TEXT_TOKENIZERSTAGES_H
#define SYNFIRE_RUNTIME_TEXT_TOKENIZERSTAGES_H

#include "runtime/support/Status.h"
#include "runtime/text/JsonReader.h"
#include "runtime/text/TokenizerParts.h"

#include <functional>
#include <nlohmann/json.hpp>
#include <vector>

namespace synfire {

/// U+2581, SentencePiece's mark for a blank.
inline constexpr const char *sentencePieceBlank = "\xE2\x96\x81";

Status readBpe(const JsonReader &reader, const nlohmann::json &root,
               Bpe &model);
Status readNormalizer(const JsonReader &reader, const nlohmann::json &root,
                      Normalizer &steps);
/// A Replace of the normalizer or, as `component` says, the decoder.
Result<NormalizerStep> readReplace(const JsonReader &reader,
                                   const nlohmann::json &step,
                                   const char *component);
Status readPreTokenizer(const JsonReader &reader, const nlohmann::json &root,
                        PreTokenizer &steps);
Status readDecoder(const JsonReader &reader, const nlohmann::json &root,
                   DecoderRule &rule);
/// What is added before and after a text; `isToken` says which ids exist.
Status readPostProcessor(const JsonReader &reader, const nlohmann::json &root,
                         const std::function<bool(int)> &isToken,
                         std::vector<int> &prefix, std::vector<int> &suffix);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_TEXT_TOKENIZERSTAGES_H
