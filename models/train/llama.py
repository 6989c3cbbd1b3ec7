"""A small LLaMA in PyTorch, with its files in the Hugging Face layout."""

import json
import struct

import torch
from torch import nn
from torch.nn import functional


class RmsNorm(nn.Module):
    """Root mean square normalisation with a gain per channel."""

    def __init__(self, size, epsilon):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self._epsilon = epsilon

    def forward(self, x):
        scale = torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self._epsilon)
        return x * scale * self.weight


def rotary_table(positions, head_dim, theta):
    """Cosine and sine per position and channel, the two halves alike."""
    frequencies = theta ** (-torch.arange(0, head_dim, 2, dtype=torch.float32) / head_dim)
    angles = torch.outer(torch.arange(positions, dtype=torch.float32), frequencies)
    angles = torch.cat((angles, angles), dim=-1)
    return angles.cos(), angles.sin()


def rotate(x, cosine, sine):
    """Rotary embedding in the rotate_half convention."""
    first, second = x.chunk(2, dim=-1)
    return x * cosine + torch.cat((-second, first), dim=-1) * sine


class Attention(nn.Module):
    """Causal attention in which several query heads share a key/value head."""

    def __init__(self, config):
        super().__init__()
        hidden = config["hidden_size"]
        self._head_dim = config["head_dim"]
        self._heads = config["num_attention_heads"]
        self._kv_heads = config["num_key_value_heads"]
        self.q_proj = nn.Linear(hidden, self._heads * self._head_dim, bias=False)
        self.k_proj = nn.Linear(hidden, self._kv_heads * self._head_dim, bias=False)
        self.v_proj = nn.Linear(hidden, self._kv_heads * self._head_dim, bias=False)
        self.o_proj = nn.Linear(self._heads * self._head_dim, hidden, bias=False)

    def _split(self, x, heads):
        return x.view(x.shape[0], x.shape[1], heads, self._head_dim).transpose(1, 2)

    def forward(self, x, cosine, sine, mask):
        batch, length, _ = x.shape
        query = rotate(self._split(self.q_proj(x), self._heads), cosine, sine)
        key = rotate(self._split(self.k_proj(x), self._kv_heads), cosine, sine)
        value = self._split(self.v_proj(x), self._kv_heads)
        sharing = self._heads // self._kv_heads
        key = key.repeat_interleave(sharing, dim=1)
        value = value.repeat_interleave(sharing, dim=1)
        scores = query @ key.transpose(-1, -2) * self._head_dim ** -0.5 + mask
        mixed = scores.softmax(-1) @ value
        return self.o_proj(mixed.transpose(1, 2).reshape(batch, length, -1))


class Mlp(nn.Module):
    """SwiGLU feed-forward."""

    def __init__(self, config):
        super().__init__()
        hidden, inner = config["hidden_size"], config["intermediate_size"]
        self.gate_proj = nn.Linear(hidden, inner, bias=False)
        self.up_proj = nn.Linear(hidden, inner, bias=False)
        self.down_proj = nn.Linear(inner, hidden, bias=False)

    def forward(self, x):
        return self.down_proj(functional.silu(self.gate_proj(x)) * self.up_proj(x))


class Block(nn.Module):
    """One layer: attention and feed-forward, each behind its norm."""

    def __init__(self, config):
        super().__init__()
        hidden, epsilon = config["hidden_size"], config["rms_norm_eps"]
        self.input_layernorm = RmsNorm(hidden, epsilon)
        self.self_attn = Attention(config)
        self.post_attention_layernorm = RmsNorm(hidden, epsilon)
        self.mlp = Mlp(config)

    def forward(self, x, cosine, sine, mask):
        x = x + self.self_attn(self.input_layernorm(x), cosine, sine, mask)
        return x + self.mlp(self.post_attention_layernorm(x))


class Decoder(nn.Module):
    """The layers between token ids and the last norm."""

    def __init__(self, config):
        super().__init__()
        self.embed_tokens = nn.Embedding(config["vocab_size"], config["hidden_size"])
        self.layers = nn.ModuleList(Block(config) for _ in range(config["num_hidden_layers"]))
        self.norm = RmsNorm(config["hidden_size"], config["rms_norm_eps"])


class Llama(nn.Module):
    """Token ids to logits; the embedding is also the output layer.

    The modules are named so that state_dict has the Hugging Face tensor names.
    """

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.model = Decoder(config)
        positions = config["max_position_embeddings"]
        self._cosine, self._sine = rotary_table(positions, config["head_dim"],
                                                config["rope_theta"])
        self._mask = torch.full((positions, positions), float("-inf")).triu(1)

    def initialise(self):
        """Normal weights; the layers that write to the residual start smaller."""
        normal = self.config["hidden_size"] ** -0.5
        residual = normal * (2 * self.config["num_hidden_layers"]) ** -0.5
        for name, parameter in self.named_parameters():
            if name.endswith("embed_tokens.weight"):
                nn.init.normal_(parameter, std=0.02)
            elif name.endswith(("o_proj.weight", "down_proj.weight")):
                nn.init.normal_(parameter, std=residual)
            elif parameter.dim() == 2:
                nn.init.normal_(parameter, std=normal)

    def forward(self, ids):
        length = ids.shape[1]
        x = self.model.embed_tokens(ids)
        for layer in self.model.layers:
            x = layer(x, self._cosine[:length], self._sine[:length],
                      self._mask[:length, :length])
        return functional.linear(self.model.norm(x), self.model.embed_tokens.weight)


def save(model, folder):
    """Writes config.json and model.safetensors (16-bit floats) into the folder."""
    (folder / "config.json").write_text(json.dumps(model.config, indent=2) + "\n",
                                        encoding="ascii")
    header, chunks, offset = {"__metadata__": {"format": "pt"}}, [], 0
    for name, tensor in model.state_dict().items():
        data = tensor.detach().half().numpy().astype("<f2").tobytes()
        header[name] = {"dtype": "F16", "shape": list(tensor.shape),
                        "data_offsets": [offset, offset + len(data)]}
        chunks.append(data)
        offset += len(data)
    text = json.dumps(header, separators=(",", ":")).encode("ascii")
    text += b" " * (-len(text) % 8)
    unfinished = folder / "model.safetensors.part"
    with open(unfinished, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.writelines(chunks)
    unfinished.replace(folder / "model.safetensors")


def load(folder):
    """Reads what `save` wrote; the weights become float32."""
    config = json.loads((folder / "config.json").read_text(encoding="ascii"))
    model = Llama(config)
    blob = (folder / "model.safetensors").read_bytes()
    (length,) = struct.unpack_from("<Q", blob)
    header = json.loads(blob[8:8 + length])
    del header["__metadata__"]
    weights = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        values = torch.frombuffer(bytearray(blob[begin:end]), dtype=torch.float16)
        weights[name] = values.view(entry["shape"]).float()
    model.load_state_dict(weights)
    return model.eval()
