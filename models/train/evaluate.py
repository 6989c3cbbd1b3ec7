#!/usr/bin/env python3
"""Measures a saved model and writes reference.json, which other code is tested against."""

import argparse
import json
import math
import pathlib

import torch
from torch.nn import functional

import bpe
import llama

WINDOW = 128
PREDICTIONS = 20000
PROTOCOL = (f"token ids of the whole text (a leading <s> where the tokenizer adds one), cut into "
            f"consecutive non-overlapping windows of {WINDOW} inputs; every input predicts the "
            f"next id; mean over all predictions; float32; the first {PREDICTIONS} predictions")


def nats_per_token(model, ids):
    """Mean loss over the first predictions, by the protocol."""
    if len(ids) <= PREDICTIONS:
        raise SystemExit(f"the text has only {len(ids)} tokens, {PREDICTIONS + 1} are needed")
    total = 0.0
    for begin in range(0, PREDICTIONS, WINDOW):
        end = min(begin + WINDOW, PREDICTIONS)
        logits = model(torch.tensor([ids[begin:end]]))[0]
        targets = torch.tensor(ids[begin + 1:end + 1])
        total += functional.cross_entropy(logits, targets, reduction="sum").item()
    return total / PREDICTIONS


def greedy(model, ids, count):
    """The most likely continuation, token by token."""
    ids = list(ids)
    for _ in range(count):
        ids.append(model(torch.tensor([ids]))[0, -1].argmax().item())
    return ids[-count:]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path, help="model folder, with evaluation.txt")
    parser.add_argument("--prompt", default="Once upon a time")
    options = parser.parse_args()

    model = llama.load(options.folder)
    tokenizer = bpe.Tokenizer.load(options.folder / "tokenizer.json")
    text = (options.folder / "evaluation.txt").read_text(encoding="ascii")
    ids = tokenizer.encode(text)
    prompt_ids = tokenizer.encode(options.prompt)
    with torch.no_grad():
        nats = nats_per_token(model, ids)
        logits = model(torch.tensor([prompt_ids]))[0, -1]
        continuation = greedy(model, prompt_ids, 64)
    reference = {
        "protocol": PROTOCOL,
        "texts": {"evaluation.txt": {"predictions": PREDICTIONS, "nats_per_token": nats,
                                     "perplexity": math.exp(nats), "first_ids": ids[:32]}},
        "prompt": options.prompt,
        "prompt_ids": prompt_ids,
        "last_logits_first_16": [round(value, 5) for value in logits[:16].tolist()],
        "greedy_64_ids": continuation,
    }
    (options.folder / "reference.json").write_text(json.dumps(reference, indent=1) + "\n",
                                                   encoding="ascii")
    print(f"{nats:.4f} nats per token, perplexity {math.exp(nats):.4f}")
    print(options.prompt + tokenizer.decode(continuation))


if __name__ == "__main__":
    main()
