"""Byte-level byte-pair encoding, in the Hugging Face tokenizer.json format.

Only what ASCII text needs: the pre-tokenisation is GPT-2's regular expression
with its Unicode classes written out for ASCII.
"""

import collections
import json
import re

SPECIAL_TOKENS = ("<unk>", "<s>", "</s>")

_PRE_TOKEN = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[A-Za-z]+| ?[0-9]+"
                        r"| ?[^\sA-Za-z0-9]+|\s+(?!\S)|\s+")


def _byte_characters():
    """GPT-2's table: a printable character for every byte."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table = {byte: chr(byte) for byte in printable}
    for byte in range(256):
        if byte not in table:
            table[byte] = chr(256 + len(table) - len(printable))
    return table


BYTE_CHARACTERS = _byte_characters()
CHARACTER_BYTES = {character: byte for byte, character in BYTE_CHARACTERS.items()}


def pre_tokens(text):
    """Splits text as GPT-2 does; each piece in byte characters."""
    if not text.isascii():
        raise ValueError("this tokenizer's pre-tokenisation handles ASCII text only")
    for match in _PRE_TOKEN.finditer(text):
        yield "".join(BYTE_CHARACTERS[byte] for byte in match[0].encode("ascii"))


def _merge(pieces, left, right):
    """The pieces with every adjacent (left, right) joined."""
    merged = []
    at = 0
    while at < len(pieces):
        if at + 1 < len(pieces) and pieces[at] == left and pieces[at + 1] == right:
            merged.append(left + right)
            at += 2
        else:
            merged.append(pieces[at])
            at += 1
    return merged


def train(text, vocabulary_size):
    """Learns the merges of a tokenizer; ties go to the pair that sorts first."""
    counts = collections.Counter(pre_tokens(text))
    words = [(list(word), count) for word, count in sorted(counts.items())]
    base = [*SPECIAL_TOKENS, *sorted(BYTE_CHARACTERS.values())]
    merges = []
    while len(base) + len(merges) < vocabulary_size:
        pairs = collections.Counter()
        for pieces, count in words:
            for pair in zip(pieces, pieces[1:]):
                pairs[pair] += count
        if not pairs:
            raise ValueError("the text has too few different words for this vocabulary")
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        words = [(_merge(pieces, *best) if best[0] in pieces else pieces, count)
                 for pieces, count in words]
    vocabulary = {token: index for index, token in enumerate(
        base + [left + right for left, right in merges])}
    return Tokenizer(vocabulary, merges)


class Tokenizer:
    """Text to token ids and back."""

    def __init__(self, vocabulary, merges):
        self._vocabulary = vocabulary
        self._merges = merges
        self._ranks = {pair: rank for rank, pair in enumerate(merges)}
        self._tokens = {index: token for token, index in vocabulary.items()}
        self._cache = {}

    @classmethod
    def load(cls, path):
        """Reads a tokenizer.json that `save` wrote."""
        with open(path, encoding="utf-8") as file:
            model = json.load(file)["model"]
        return cls(model["vocab"], [tuple(merge.split(" ")) for merge in model["merges"]])

    def save(self, path):
        """Writes tokenizer.json."""
        byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True,
                      "use_regex": True}
        document = {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": [{"id": index, "content": token, "single_word": False,
                              "lstrip": False, "rstrip": False, "normalized": False,
                              "special": True} for index, token in enumerate(SPECIAL_TOKENS)],
            "normalizer": None,
            "pre_tokenizer": byte_level,
            "post_processor": None,
            "decoder": {**byte_level, "add_prefix_space": True},
            "model": {"type": "BPE", "dropout": None, "unk_token": None,
                      "continuing_subword_prefix": None, "end_of_word_suffix": None,
                      "fuse_unk": False, "byte_fallback": False, "vocab": self._vocabulary,
                      "merges": [" ".join(pair) for pair in self._merges]},
        }
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=False, indent=0)
            file.write("\n")

    def _encode_word(self, word):
        pieces = list(word)
        while len(pieces) > 1:
            pair = min(zip(pieces, pieces[1:]),
                       key=lambda pair: self._ranks.get(pair, len(self._ranks)))
            if pair not in self._ranks:
                break
            pieces = _merge(pieces, *pair)
        return [self._vocabulary[piece] for piece in pieces]

    def encode(self, text):
        """Token ids of the text, nothing added."""
        ids = []
        for word in pre_tokens(text):
            if word not in self._cache:
                self._cache[word] = self._encode_word(word)
            ids.extend(self._cache[word])
        return ids

    def decode(self, ids):
        """The text of token ids; special tokens are left out."""
        characters = "".join(self._tokens[index] for index in ids
                             if index >= len(SPECIAL_TOKENS))
        return bytes(CHARACTER_BYTES[c] for c in characters).decode("utf-8", "replace")
