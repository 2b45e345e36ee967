"""all-MiniLM-L6-v2 as a graph that computes with whole numbers of eight bits."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from kb.features import Floats
from kb.model.onnx_format import Graph, value

NAME = "all-MiniLM-L6-v2"
LAYERS, HEADS, WIDTH = 6, 12, 384
MEANS = {3: "middle", 5: "last"}
_EPSILON = 1e-12
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
    parts = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
    joined = _product(graph, weights, f"{at}.heads", hidden, parts)
    split = [f"{part}.out" for part in parts]
    graph.add("Split", [joined], split, axis=2)
    seen = graph.add("MultiHeadAttention", split, [f"{at}.seen"], own=True, num_heads=HEADS)
    attended = _product(graph, weights, f"{at}.attended", seen, [f"{at}.attention.output.dense"])
    hidden = _added_and_normed(graph, weights, f"{at}.attention.output.LayerNorm", attended, hidden)
    wide = _product(graph, weights, f"{at}.wide", hidden, [f"{at}.intermediate.dense"])
    active = graph.add("Gelu", [wide], [f"{at}.active"], own=True)
    narrow = _product(graph, weights, f"{at}.narrow", active, [f"{at}.output.dense"])
    return _added_and_normed(graph, weights, f"{at}.output.LayerNorm", narrow, hidden)


def _product(graph: Graph, weights: Weights, name: str, hidden: str, parts: list[str]) -> str:
    """One product with the matrices of several parts side by side, and their biases added."""
    matrix = np.concatenate([weights[f"{part}.weight"] for part in parts]).T
    bias = np.concatenate([weights[f"{part}.bias"] for part in parts])
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
