"""The ONNX files that we write, read by onnxruntime."""

import numpy as np
import pytest

from kb.model.onnx_format import Graph, value
from kb.model.session import session_of


def _run(graph: Graph, **inputs: np.ndarray) -> np.ndarray:
    file = graph.serialised("test", [value("x", "float32", (1, "n"))], [value("y", "float32", (1, "n"))])
    (found,) = session_of(file).run(["y"], inputs)
    return np.asarray(found)


def test_a_written_graph_computes_what_it_says() -> None:
    graph = Graph()
    graph.add("Add", ["x", graph.constant("one", np.array([1, 2, 3], np.float32))], ["y"])
    assert _run(graph, x=np.array([[10, 20, 30]], np.float32)).tolist() == [[11, 22, 33]]


def test_attributes_of_each_kind_are_written() -> None:
    graph = Graph()
    graph.add("ReduceMean", ["x"], ["mean"], axes=[1], keepdims=1)
    graph.add("LeakyRelu", ["mean"], ["y"], alpha=0.5)
    assert _run(graph, x=np.array([[-4, -2]], np.float32)).tolist() == [[-1.5]]


def test_onnxruntimes_own_operators_can_be_used() -> None:
    graph = Graph()
    graph.add("Gelu", ["x"], ["y"], own=True)
    assert _run(graph, x=np.array([[0, 1]], np.float32))[0] == pytest.approx([0, 0.8413], abs=1e-4)


def test_long_constants_keep_their_bytes() -> None:
    many = np.arange(70_000, dtype=np.float32)
    graph = Graph()
    graph.add("Add", ["x", graph.constant("many", many)], ["y"])
    assert (_run(graph, x=np.zeros((1, 1), np.float32))[0] == many).all()
