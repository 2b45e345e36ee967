"""The encoder's graph, made of weights by chance: the official ones are not in the repository."""

import numpy as np
import pytest

from kb.features import Floats
from kb.model.graph import LAYERS, MEANS, WIDTH, encoder_graph, quantised
from kb.model.session import session_of

_WORDS, _PLACES, _WIDE = 50, 8, 4 * WIDTH


@pytest.fixture(scope="module")
def weights() -> dict[str, Floats]:
    chance = np.random.default_rng(7)
    sizes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (_WORDS, WIDTH),
        "embeddings.position_embeddings.weight": (_PLACES, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
    }
    shapes = {"attention.self.query": (WIDTH, WIDTH), "attention.self.key": (WIDTH, WIDTH)}
    shapes |= {"attention.self.value": (WIDTH, WIDTH), "attention.output.dense": (WIDTH, WIDTH)}
    shapes |= {"intermediate.dense": (_WIDE, WIDTH), "output.dense": (WIDTH, _WIDE)}
    for layer in range(LAYERS):
        for name, shape in shapes.items():
            sizes[f"encoder.layer.{layer}.{name}.weight"] = shape
            sizes[f"encoder.layer.{layer}.{name}.bias"] = shape[:1]
    made = {name: chance.normal(0, 0.05, shape).astype(np.float32) for name, shape in sizes.items()}
    norms = [f"encoder.layer.{n}.{part}output.LayerNorm" for n in range(LAYERS) for part in ("attention.", "")]
    for norm in ["embeddings.LayerNorm", *norms]:
        made |= {f"{norm}.weight": np.ones(WIDTH, np.float32), f"{norm}.bias": np.zeros(WIDTH, np.float32)}
    return made


def test_equal_weights_make_equal_bytes_that_run(weights: dict[str, Floats]) -> None:
    file = encoder_graph(weights)
    assert file == encoder_graph(weights)
    session = session_of(file)
    ids, positions = np.array([[3, 1, 4]]), np.array([[0, 1, 2]])
    means = session.run(None, {"ids": ids, "positions": positions})
    assert [mean.shape for mean in means] == [(1, WIDTH)] * len(MEANS)
    again = session.run(None, {"ids": ids[:, ::-1].copy(), "positions": positions})
    assert np.isfinite(means).all()
    assert not np.allclose(means, again)


def test_each_column_is_quantised_by_its_own_scale() -> None:
    matrix = np.array([[1.0, 100.0], [-0.4, 25.0]], np.float32)
    whole, scales = quantised(matrix, axis=0)
    assert whole.tolist() == [[63, 63], [-25, 16]]
    assert whole * scales == pytest.approx(matrix, rel=0.02)
