#!/usr/bin/env python3
"""Continues a prompt with a saved model."""

import argparse
import pathlib

import torch

import bpe
import llama


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--prompt", default="Once upon a time")
    parser.add_argument("--tokens", type=int, default=200)
    parser.add_argument("--temperature", type=float, default=0.0, help="0 takes the likeliest")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    torch.manual_seed(options.seed)
    model = llama.load(options.folder)
    tokenizer = bpe.Tokenizer.load(options.folder / "tokenizer.json")
    context = model.config["max_position_embeddings"]
    ids = tokenizer.encode(options.prompt)
    if not ids:
        parser.error("the prompt is empty")
    with torch.no_grad():
        for _ in range(options.tokens):
            logits = model(torch.tensor([ids[-context:]]))[0, -1]
            if options.temperature > 0:
                chances = (logits / options.temperature).softmax(-1)
                ids.append(torch.multinomial(chances, 1).item())
            else:
                ids.append(logits.argmax().item())
    print(tokenizer.decode(ids))


if __name__ == "__main__":
    main()
