"""MiniLM's forward pass in numpy: token ids in, sentence vectors out.

BERT with 6 layers and 12 heads (``sentence-transformers/all-MiniLM-L6-v2``), float32, the mean over a text's tokens,
unit length. It is what torch and Flax compute, without the gigabytes of either.
"""

import json
import math
import mmap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

LAYERS, HEADS, WIDTH = 6, 12, 384
EPSILON = np.float32(1e-12)
"""What the model was trained with, under the root of its layer norms."""
HIDDEN = np.float32(-1e9)
"""Attention to a token that only fills the row: e to this is 0."""

# Abramowitz and Stegun 7.1.26: numpy has no erf, and this one is exact to 1.5e-7, as float32 is.
ERF = tuple(np.float32(one) for one in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592))
ERF_STEP = np.float32(0.3275911)
ROOT_HALF = np.float32(math.sqrt(0.5))


class Norm(NamedTuple):
    """A layer norm; both of shape (384,)."""

    weight: Floats
    bias: Floats


class Dense(NamedTuple):
    """A linear layer: weight of shape (in, out), bias of shape (out,)."""

    weight: Floats
    bias: Floats


class Layer(NamedTuple):
    """One layer of the encoder; ``attention`` gives query, key and value side by side, (384, 3 * 384)."""

    attention: Dense
    attended: Dense
    attended_norm: Norm
    widen: Dense
    narrow: Dense
    narrow_norm: Norm


class MiniLM:
    """The weights, laid out for products with few rows."""

    def __init__(self, weights: Mapping[str, Floats]) -> None:
        """Take the tensors under the names that BERT's authors gave them.

        Matrices are copied the other way round (42 MB): a product of 16 rows takes 8 ms a text so, and 13 ms as
        they lie in the file. The word embeddings (47 MB) stay in the file, of which a text touches some rows.

        Raises:
            KeyError: a tensor is missing.
            ValueError: a tensor has another shape.
        """
        self._words = shaped(weights["embeddings.word_embeddings.weight"], (-1, WIDTH))
        # Every token is of the first type: there are no pairs of sentences.
        kind = shaped(weights["embeddings.token_type_embeddings.weight"], (-1, WIDTH))[0]
        self._positions = shaped(weights["embeddings.position_embeddings.weight"], (-1, WIDTH)) + kind
        self._norm = _norm(weights, "embeddings.LayerNorm")
        self._layers = [_layer(weights, f"encoder.layer.{number}.") for number in range(LAYERS)]

    def vectors(self, rows: Sequence[Sequence[int]]) -> Floats:
        """The sentence vectors of token ids.

        Args:
            rows: For each text its ids, with those that begin and end a text; none is empty.

        Returns:
            Shape (n, 384), unit length.
        """
        longest = max(map(len, rows))
        ids = np.zeros((len(rows), longest), dtype=np.intp)
        filled = np.zeros((len(rows), longest), dtype=np.float32)
        for number, row in enumerate(rows):
            ids[number, : len(row)] = row
            filled[number, : len(row)] = 1.0
        shape = (len(rows), longest)
        tokens = (self._words[ids] + self._positions[:longest]).reshape(-1, WIDTH)
        tokens = normed(tokens, self._norm)
        hidden = (HIDDEN * (1 - filled))[:, None, None, :]
        for layer in self._layers:
            tokens = normed(tokens + _attended(tokens, layer, shape, hidden), layer.attended_norm)
            wide = gelu(tokens @ layer.widen.weight + layer.widen.bias)
            tokens = normed(tokens + wide @ layer.narrow.weight + layer.narrow.bias, layer.narrow_norm)
        summed = np.einsum("ntw,nt->nw", tokens.reshape(*shape, WIDTH), filled)
        # The mean and the sum have one direction.
        unit: Floats = summed / np.linalg.norm(summed, axis=1, keepdims=True)
        return unit


def _attended(tokens: Floats, layer: Layer, shape: tuple[int, int], hidden: Floats) -> Floats:
    """What each token hears from the others of its text, (n * tokens, 384)."""
    size = WIDTH // HEADS
    all_three = tokens @ layer.attention.weight + layer.attention.bias
    query, key, value = all_three.reshape(*shape, 3, HEADS, size).transpose(2, 0, 3, 1, 4)
    weights = query @ key.swapaxes(2, 3) * np.float32(size**-0.5) + hidden
    weights -= weights.max(axis=-1, keepdims=True)
    np.exp(weights, out=weights)
    weights /= weights.sum(axis=-1, keepdims=True)
    heard = (weights @ value).swapaxes(1, 2).reshape(-1, WIDTH)
    found: Floats = heard @ layer.attended.weight + layer.attended.bias
    return found


def normed(rows: Floats, norm: Norm) -> Floats:
    """Each row with mean 0 and variance 1, scaled."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", centred, centred)[:, None] / np.float32(rows.shape[1])
    found: Floats = centred / np.sqrt(variance + EPSILON) * norm.weight + norm.bias
    return found


def gelu(x: Floats) -> Floats:
    """The activation: ``x`` times the chance that a standard normal is below it."""
    scaled = x * ROOT_HALF
    size = np.abs(scaled)
    step = 1 / (1 + ERF_STEP * size)
    tail = np.zeros_like(step)
    for factor in ERF:
        tail = (tail + factor) * step
    tail *= np.exp(-size * size)
    found: Floats = 0.5 * x * (1 + np.copysign(1 - tail, scaled))
    return found


def open_minilm(path: Path) -> MiniLM:
    """The model of a safetensors file, which is mapped: of the word embeddings, a text touches some rows.

    Raises:
        OSError: the file cannot be read.
        KeyError: a tensor is missing.
        ValueError: it is no such file, or a tensor has another shape.
    """
    with path.open("rb") as file:
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    model = MiniLM(tensors(content))
    if hasattr(mmap, "MADV_DONTNEED"):  # Linux and macOS: what was copied need not stay in memory twice
        content.madvise(mmap.MADV_DONTNEED)
    return model


def tensors(content: mmap.mmap) -> dict[str, Floats]:
    """The float32 tensors of a safetensors file: 8 bytes of length, a JSON header, the numbers.

    The library of that name would read all 91 MB, of which 47 MB are words that no text of ours has.
    """
    begin = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:begin])
    found: dict[str, Floats] = {}
    for name, tensor in header.items():
        if name != "__metadata__" and tensor["dtype"] == "F32":
            first, last = tensor["data_offsets"]
            numbers = np.frombuffer(content, "<f4", (last - first) // 4, begin + first)
            found[name] = numbers.reshape(tensor["shape"])
    return found


def shaped(tensor: Floats, shape: tuple[int, ...]) -> Floats:
    """The tensor, held to its shape; -1 is any size.

    Raises:
        ValueError: it has another one.
    """
    if tensor.ndim != len(shape) or any(
        wanted not in {-1, size} for wanted, size in zip(shape, tensor.shape, strict=True)
    ):
        raise ValueError(f"a tensor has shape {tensor.shape}, not {shape}")
    return tensor


def _layer(weights: Mapping[str, Floats], name: str) -> Layer:
    attention = [
        _dense(weights, f"{name}attention.self.{part}", WIDTH, WIDTH) for part in ("query", "key", "value")
    ]
    return Layer(
        Dense(
            np.concatenate([one.weight for one in attention], axis=1),
            np.concatenate([one.bias for one in attention]),
        ),
        _dense(weights, f"{name}attention.output.dense", WIDTH, WIDTH),
        _norm(weights, f"{name}attention.output.LayerNorm"),
        _dense(weights, f"{name}intermediate.dense", WIDTH, 4 * WIDTH),
        _dense(weights, f"{name}output.dense", 4 * WIDTH, WIDTH),
        _norm(weights, f"{name}output.LayerNorm"),
    )


def _dense(weights: Mapping[str, Floats], name: str, width: int, out: int) -> Dense:
    return Dense(
        np.ascontiguousarray(shaped(weights[f"{name}.weight"], (out, width)).T),
        np.array(shaped(weights[f"{name}.bias"], (out,))),
    )


def _norm(weights: Mapping[str, Floats], name: str) -> Norm:
    return Norm(
        np.array(shaped(weights[f"{name}.weight"], (WIDTH,))),
        np.array(shaped(weights[f"{name}.bias"], (WIDTH,))),
    )
