//===- TokenizerJson.h - reading tokenizer.json -----------------*- C++ -*-===//
//
// The file of Hugging Face's tokenizers library (its documentation:
// "Components" and "The tokenization pipeline"; field names: the serde types of
// its Rust sources). What is understood:
//
//   model           BPE: vocab, merges ("a b" or ["a", "b"]), unk_token,
//                   fuse_unk, byte_fallback, ignore_merges
//   added_tokens    id, content, lstrip, rstrip, normalized
//   normalizer      Prepend, Replace by a String, Sequence
//   pre_tokenizer   ByteLevel, Split (Isolated, Removed), Digits, Metaspace,
//                   Sequence
//   post_processor  TemplateProcessing (single), ByteLevel, Sequence
//   decoder         ByteLevel, Metaspace, or a Sequence of Replace,
//                   ByteFallback, Fuse, Strip in this order
//
// truncation and padding are the business of whoever makes batches.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_TEXT_TOKENIZERJSON_H
#define SYNFIRE_RUNTIME_TEXT_TOKENIZERJSON_H

#include "runtime/support/Status.h"
#include "runtime/text/TokenizerParts.h"

#include <string>
#include <string_view>

namespace synfire {

/// Errors name `where` and the key; components that are not understood are
/// refused as "not supported".
Result<TokenizerParts> parseTokenizerJson(std::string_view text,
                                          const std::string &where);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_TEXT_TOKENIZERJSON_H
