"""all-MiniLM-L6-v2 as a graph that computes with whole numbers of eight bits.

What a product is fed is quantised by one scale for the whole text, so whatever stands out makes all else coarse. Two
things keep that small: channels that are large in every text are made smaller before, and their weights larger
("SmoothQuant", https://arxiv.org/abs/2211.10438), and what only the first token makes large is computed apart.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from kb.features import Floats
from kb.model.onnx_format import Graph, value

NAME = "all-MiniLM-L6-v2"
LAYERS, HEADS, WIDTH = 6, 12, 384
MEANS = {3: "middle", 5: "last"}
_EPSILON = 1e-12
# By layer: what the first token, which stands for the whole text, makes four times as large as anything else.
_OUTSTANDING = {0: [856], 1: [607], 2: [1004, 218], 3: [358]}
_SHARE_OF_WEIGHTS = 0.3  # of the balance between a channel's size and that of its weights
_SPREADS = 3  # how many standard deviations a channel reaches
_LARGEST = 63  # seven bits: then no processor's sums of products overflow, and all compute the same

Weights = Mapping[str, Floats]


def encoder_graph(weights: Weights) -> bytes:
    """The file for onnxruntime. It takes `ids` of one text's tokens and their `positions`, both (1, tokens).

    It gives, for each of MEANS, the mean over the tokens of what that layer knows, shape (1, WIDTH). The matrices are
    quantised by column ("per channel"), the words' embeddings by row.
    """
    graph = Graph()
    hidden = _embedded(graph, weights)
    for number in range(LAYERS):
        hidden = _layer(graph, weights, number, hidden)
        if number in MEANS:
            graph.add("ReduceMean", [hidden], [MEANS[number]], axes=[1], keepdims=0)
    inputs = [value(name, "int64", (1, "tokens")) for name in ("ids", "positions")]
    return graph.serialised(NAME, inputs, [value(name, "float32", (1, WIDTH)) for name in MEANS.values()])


def quantised(matrix: Floats, axis: int) -> tuple[NDArray[np.int8], Floats]:
    """Whole numbers, and the scale by which each row or column of them is multiplied; `axis` runs along those."""
    scales = np.maximum(np.abs(matrix).max(axis=axis, keepdims=True), 1e-8) / np.float32(_LARGEST)
    return np.rint(matrix / scales).astype(np.int8), scales.astype(np.float32)


def _embedded(graph: Graph, weights: Weights) -> str:
    words, scales = quantised(weights["embeddings.word_embeddings.weight"], axis=1)
    graph.add("Gather", [graph.constant("words", words), "ids"], ["word.whole"])
    graph.add("Gather", [graph.constant("words.scale", scales), "ids"], ["word.scale"])
    graph.add("Cast", ["word.whole"], ["word.float"], to=1)
    graph.add("Mul", ["word.float", "word.scale"], ["word"])
    # Every text is of the first of two types.
    places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    graph.add("Gather", [graph.constant("places", places), "positions"], ["place"])
    return _added_and_normed(graph, weights, "embeddings.LayerNorm", "word", "place")


def _layer(graph: Graph, weights: Weights, number: int, hidden: str) -> str:
    at = f"encoder.layer.{number}"
    norm = f"encoder.layer.{number - 1}.output.LayerNorm" if number else "embeddings.LayerNorm"
    parts = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
    matrix, bias = _joined(weights, parts)
    joined = _product(graph, f"{at}.heads", *_evened(graph, weights, norm, hidden, matrix), bias)
    split = [f"{part}.out" for part in parts]
    graph.add("Split", [joined], split, axis=2)
    seen = graph.add("MultiHeadAttention", split, [f"{at}.seen"], own=True, num_heads=HEADS)
    attended = _product(graph, f"{at}.attended", seen, *_joined(weights, [f"{at}.attention.output.dense"]))
    hidden = _added_and_normed(graph, weights, f"{at}.attention.output.LayerNorm", attended, hidden)
    return _added_and_normed(graph, weights, f"{at}.output.LayerNorm", _thought(graph, weights, number, hidden), hidden)


def _thought(graph: Graph, weights: Weights, number: int, hidden: str) -> str:
    """What a layer makes of each token by itself."""
    at, apart = f"encoder.layer.{number}", _OUTSTANDING.get(number, [])
    into, bias = _joined(weights, [f"{at}.intermediate.dense"])
    out, out_bias = _joined(weights, [f"{at}.output.dense"])
    aside = [part.copy() for part in (into[:, apart], bias[apart], out[apart])]
    into[:, apart], bias[apart], out[apart] = 0, 0, 0
    norm = f"{at}.attention.output.LayerNorm"
    wide = _product(graph, f"{at}.wide", *_evened(graph, weights, norm, hidden, into), bias)
    narrow = _product(graph, f"{at}.narrow", graph.add("Gelu", [wide], [f"{at}.active"], own=True), out, out_bias)
    if not apart:
        return narrow
    names = [graph.constant(f"{at}.apart.{n}", part) for n, part in enumerate(aside)]
    graph.add("MatMul", [hidden, names[0]], [f"{at}.apart.product"])
    graph.add("Add", [f"{at}.apart.product", names[1]], [f"{at}.apart.wide"])
    graph.add("Gelu", [f"{at}.apart.wide"], [f"{at}.apart.active"], own=True)
    graph.add("MatMul", [f"{at}.apart.active", names[2]], [f"{at}.apart.narrow"])
    return graph.add("Add", [narrow, f"{at}.apart.narrow"], [f"{at}.thought"])


def _joined(weights: Weights, parts: list[str]) -> tuple[Floats, Floats]:
    """The matrices of several parts side by side, and their biases."""
    matrix = np.concatenate([weights[f"{part}.weight"] for part in parts]).T.copy()
    return matrix, np.concatenate([weights[f"{part}.bias"] for part in parts])


def _evened(graph: Graph, weights: Weights, norm: str, hidden: str, matrix: Floats) -> tuple[str, Floats]:
    """What comes out of a norm with its channels evened, and the matrix for that.

    Powers of two lose no digit, and are the same on whatever machine.
    """
    size = _SPREADS * np.abs(weights[f"{norm}.weight"]) + np.abs(weights[f"{norm}.bias"])
    balance = (1 - _SHARE_OF_WEIGHTS) * np.log2(size) - _SHARE_OF_WEIGHTS * np.log2(np.abs(matrix).max(axis=1))
    powers = np.rint(balance).astype(int)
    name = f"{norm}.evening"
    graph.constant(name, np.ldexp(np.float32(1), -powers))
    return graph.add("Mul", [hidden, name], [f"{norm}.even"]), np.ldexp(matrix, powers[:, None])


def _product(graph: Graph, name: str, hidden: str, matrix: Floats, bias: Floats) -> str:
    """A product with a matrix, and a bias added."""
    whole, scales = quantised(matrix, axis=0)
    constants = [
        graph.constant(f"{name}.weight", whole),
        graph.constant(f"{name}.scale", scales[0]),
        "",  # zero stands for zero
        graph.constant(f"{name}.bias", bias),
    ]
    return graph.add("DynamicQuantizeMatMul", [hidden, *constants], [name], own=True)


def _added_and_normed(graph: Graph, weights: Weights, name: str, hidden: str, skipped: str) -> str:
    constants = [graph.constant(f"{name}.{part}", weights[f"{name}.{part}"]) for part in ("weight", "bias")]
    inputs = [hidden, skipped, *constants]
    return graph.add("SkipLayerNormalization", inputs, [f"{name}.out"], own=True, epsilon=_EPSILON)
