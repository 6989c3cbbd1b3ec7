#!/usr/bin/env python3
"""Trains the model on a text and writes it in the Hugging Face layout."""

import argparse
import math
import pathlib
import time

import torch
from torch.nn import functional

import bpe
import llama

CONFIG = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "hidden_size": 128,
    "intermediate_size": 352,
    "num_hidden_layers": 4,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 32,
    "vocab_size": 1024,
    "max_position_embeddings": 256,
    "rms_norm_eps": 1e-05,
    "rope_theta": 10000.0,
    "hidden_act": "silu",
    "tie_word_embeddings": True,
    "attention_bias": False,
    "mlp_bias": False,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "torch_dtype": "float16",
}


class Windows:
    """Random windows of the corpus.

    Every second one starts with a story, for that is how a prompt starts too.
    """

    def __init__(self, text, tokenizer, length, seed):
        ids, starts = [], []
        separator = tokenizer.encode("\n\nx")[:2]
        for story in text.rstrip("\n").split("\n\n"):
            starts.append(len(ids))
            ids.extend(tokenizer.encode(story))
            ids.extend(separator)
        self._ids = torch.tensor(ids, dtype=torch.int16)
        last = len(ids) - length - 1
        self._starts = torch.tensor([start for start in starts if start <= last])
        self._last = last
        self._span = torch.arange(length + 1)
        self._random = torch.Generator().manual_seed(seed)

    def __len__(self):
        return len(self._ids)

    def batch(self, size):
        """Inputs and the ids that follow them, both [size, length]."""
        half = size // 2
        anywhere = torch.randint(self._last + 1, (size - half,), generator=self._random)
        story = torch.randint(len(self._starts), (half,), generator=self._random)
        begin = torch.cat((anywhere, self._starts[story]))
        window = self._ids[begin[:, None] + self._span].long()
        return window[:, :-1], window[:, 1:]


def learning_rate(step, options):
    """Linear warm-up, then a cosine down to a twentieth of the peak."""
    if step < options.warmup:
        return options.rate * (step + 1) / options.warmup
    progress = (step - options.warmup) / max(1, options.steps - options.warmup)
    return options.rate * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * progress)))


def held_out_loss(model, ids, length=128, windows=64):
    """Mean loss over the first windows of a text that is not trained on."""
    with torch.no_grad():
        inputs = torch.tensor(ids[:windows * length]).view(windows, length)
        targets = torch.tensor(ids[1:windows * length + 1])
        return functional.cross_entropy(model(inputs).flatten(0, 1), targets).item()


def optimiser_for(model, options):
    """AdamW with weight decay on matrices only."""
    matrices = [p for p in model.parameters() if p.dim() == 2]
    vectors = [p for p in model.parameters() if p.dim() != 2]
    return torch.optim.AdamW([{"params": matrices, "weight_decay": 0.1},
                              {"params": vectors, "weight_decay": 0.0}],
                             lr=options.rate, betas=(0.9, 0.95))


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text", help="training text, stories separated by empty lines")
    parser.add_argument("--held-out", required=True, help="text to watch the loss on")
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True,
                        help="model folder; its tokenizer.json must be there already")
    parser.add_argument("--resume", action="store_true",
                        help="start from the weights that are in the folder")
    parser.add_argument("--steps", type=int, default=10000, help="length of the rate schedule")
    parser.add_argument("--stop-after", type=int, help="stop at this step of the schedule")
    parser.add_argument("--batch", type=int, default=4, help="windows per step")
    parser.add_argument("--rate", type=float, default=2.5e-3, help="peak learning rate")
    parser.add_argument("--warmup", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--save-every", type=int, default=500)
    options = parser.parse_args()
    options.last_step = min(options.stop_after or options.steps, options.steps)
    return options


def main():
    options = parse_options()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    torch.set_flush_denormal(True)

    tokenizer = bpe.Tokenizer.load(options.output / "tokenizer.json")
    text = pathlib.Path(options.text).read_text(encoding="ascii")
    windows = Windows(text, tokenizer, CONFIG["max_position_embeddings"], options.seed)
    held_out = tokenizer.encode(pathlib.Path(options.held_out).read_text(encoding="ascii"))

    if options.resume:
        model = llama.load(options.output).train()
    else:
        model = llama.Llama(CONFIG)
        model.initialise()
    print(f"{sum(p.numel() for p in model.parameters())} parameters, "
          f"{len(windows)} training tokens", flush=True)
    optimiser = optimiser_for(model, options)

    begin = time.monotonic()
    average = None
    for step in range(options.last_step):
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(step, options)
        inputs, targets = windows.batch(options.batch)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(inputs)
        loss = functional.cross_entropy(logits.float().flatten(0, 1), targets.flatten())
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        average = loss.item() if average is None else 0.98 * average + 0.02 * loss.item()
        done = step + 1
        if done % 50 == 0:
            spent = time.monotonic() - begin
            print(f"step {done} loss {average:.4f} {1000 * spent / done:.0f} ms/step", flush=True)
        if done % options.save_every == 0 or done == options.last_step:
            llama.save(model, options.output)
            print(f"step {done} saved, held-out loss {held_out_loss(model, held_out):.4f}",
                  flush=True)


if __name__ == "__main__":
    main()
