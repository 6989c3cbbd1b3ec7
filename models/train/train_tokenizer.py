#!/usr/bin/env python3
"""Learns a byte-level BPE from a text and writes tokenizer.json."""

import argparse

import bpe


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text")
    parser.add_argument("-o", "--output", required=True, help="tokenizer.json to write")
    parser.add_argument("--vocabulary", type=int, default=1024)
    options = parser.parse_args()

    with open(options.text, encoding="ascii") as file:
        text = file.read()
    tokenizer = bpe.train(text, options.vocabulary)
    tokenizer.save(options.output)
    ids = tokenizer.encode(text)
    if tokenizer.decode(ids) != text:
        raise SystemExit("the tokenizer does not give its own training text back")
    print(f"{len(text)} bytes, {len(ids)} tokens, {len(text) / len(ids):.3f} bytes per token")


if __name__ == "__main__":
    main()
