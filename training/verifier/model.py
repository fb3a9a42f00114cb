"""The verifier's network: a transformer that reads a claim and its evidence at once, with three logits on top.

It is written out here for three reasons: two kinds of stock weights fit it (MPNet and BERT), it trains in plain
bfloat16, and it exports to ONNX with nothing but tokens going in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

CLASSES = 3  # supported, refuted, not enough
REACH = 128  # tokens of distance from which MPNet no longer tells distances apart


@dataclass(frozen=True)
class Shape:
    """The sizes of a network; `buckets` of relative distance (0: none), `types` of text told apart (0: none)."""

    vocabulary: int
    positions: int
    hidden: int
    layers: int
    heads: int
    inner: int
    pad: int
    epsilon: float
    first_position: int = 0
    buckets: int = 0
    types: int = 0

    def cut(self, layers: int) -> Shape:
        """The same with its top layers off."""
        return replace(self, layers=min(layers, self.layers))


MPNET = Shape(30527, 514, 768, 12, 12, 3072, pad=1, epsilon=1e-5, first_position=2, buckets=32)
MINILM = Shape(30522, 512, 384, 12, 12, 1536, pad=0, epsilon=1e-12, types=2)


class Layer(nn.Module):
    """Attention and two dense steps, each added to what went in and normalised."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.seen = nn.Linear(shape.hidden, 3 * shape.hidden)  # query, key and value in one product
        self.attended = nn.Linear(shape.hidden, shape.hidden)
        self.attended_norm = nn.LayerNorm(shape.hidden, shape.epsilon)
        self.up = nn.Linear(shape.hidden, shape.inner)
        self.down = nn.Linear(shape.inner, shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden, shape.epsilon)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """[pairs, tokens, hidden], what is added to the attention [pairs, heads, tokens, tokens] -> as `x`."""
        pairs, tokens, hidden = x.shape
        three = self.seen(x).view(pairs, tokens, 3, self.heads, hidden // self.heads).permute(2, 0, 3, 1, 4)
        mixed = attention(three[0], three[1], three[2], bias)
        x = self.attended_norm(x + self.attended(mixed.transpose(1, 2).reshape(pairs, tokens, hidden)))
        changed: Tensor = self.norm(x + self.down(functional.gelu(self.up(x))))
        return changed


def attention(query: Tensor, key: Tensor, value: Tensor, bias: Tensor) -> Tensor:
    """[pairs, heads, tokens, size] three times, and what is added to their products -> as `query`.

    Written out on a CPU, where the way back through PyTorch's own function takes three times as long.
    """
    if query.is_cuda:
        return functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
    products = torch.matmul(query * query.shape[-1] ** -0.5, key.transpose(-1, -2)) + bias
    return torch.matmul(torch.softmax(products, dim=-1), value)


class Network(nn.Module):
    """Tokens of pairs -> three logits each."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.words = nn.Embedding(shape.vocabulary, shape.hidden)
        self.positions = nn.Embedding(shape.positions, shape.hidden)
        self.types = nn.Embedding(shape.types, shape.hidden) if shape.types else None
        self.norm = nn.LayerNorm(shape.hidden, shape.epsilon)
        self.distances = nn.Embedding(shape.buckets, shape.heads) if shape.buckets else None
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.pooled = nn.Linear(shape.hidden, shape.hidden)
        self.logits = nn.Linear(shape.hidden, CLASSES)
        widest = shape.positions
        far = torch.arange(1 - widest, widest)
        self.register_buffer("buckets", bucket(far, shape.buckets) if shape.buckets else far, persistent=False)

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor | None = None) -> Tensor:
        """int64 [pairs, tokens] twice, and the type of each token where the network tells them apart -> logits
        [pairs, 3]. Real tokens come first in each row."""
        tokens = ids.shape[1]
        place = torch.arange(tokens, device=ids.device)
        x = self.words(ids) + self.positions(place + self.shape.first_position)
        if self.types is not None:
            x = x + self.types(torch.zeros_like(ids) if types is None else types)
        x = self.norm(x)
        hidden = (1 - mask[:, None, None, :].to(x.dtype)) * -10_000.0
        if self.distances is not None:
            far = place[None, :] - place[:, None] + self.shape.positions - 1
            bias = self.distances(self.buckets[far]).permute(2, 0, 1)[None] + hidden
        else:
            bias = hidden
        for layer in self.layers:
            x = layer(x, bias)
        made: Tensor = self.logits(torch.tanh(self.pooled(x[:, 0])))
        return made


def bucket(far: Tensor, buckets: int) -> Tensor:
    """Distances in tokens (key less query) -> the bucket that MPNet puts each in: near ones apart, far ones
    together, behind and ahead apart."""
    half = buckets // 2
    ahead = (far > 0).long() * half
    size = far.abs()
    exact = half // 2
    share = torch.log(size.clamp(min=1).float() / exact) / math.log(REACH / exact)
    coarse = (exact + (share * (half - exact)).long()).clamp(max=half - 1)
    return ahead + torch.where(size < exact, size, coarse)


def freeze_embeddings(network: Network) -> None:
    """Leave what turns tokens into vectors as it is: it hardly moves in a few passes, and costs time."""
    for module in (network.words, network.positions, network.types, network.norm, network.distances):
        if module is not None:
            module.requires_grad_(False)


def new_head(network: Network, seed: int) -> None:
    """Untrained logits."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        network.logits.weight.normal_(std=0.02, generator=generator)
        network.logits.bias.zero_()


def trained(path: Path, shape: Shape | None = None) -> Network:
    """The network of a run's `network.pt` or `checkpoint.pt`, float32, with as many layers as that holds.

    Without a `shape`, that of the stock weights whose words it has.
    """
    state = torch.load(path, weights_only=True, map_location="cpu")
    state = state.get("network", state)
    words = tuple(state["words.weight"].shape)
    shape = shape or next(stock for stock in (MPNET, MINILM) if (stock.vocabulary, stock.hidden) == words)
    layers = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("layers."))
    made = Network(replace(shape, layers=layers))
    made.load_state_dict(state)
    return made.eval()
