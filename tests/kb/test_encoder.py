"""The sentence encoder, and what is said where it is not installed."""

import logging
from pathlib import Path

import pytest

from kb.encoder import Encoder, encoder_lacks, model_folder, usable_encoder
from tests.kb.conftest import NO_ENCODER


@NO_ENCODER
def test_texts_that_mean_the_same_are_nearer_than_texts_with_the_same_words() -> None:
    encoder = Encoder(model_folder())
    asked = encoder.encode("How long do I wait?")
    assert asked @ encoder.encode("response time") > asked @ encoder.encode("How long is a football match?")
    assert asked @ asked == pytest.approx(1)


@NO_ENCODER
@pytest.mark.parametrize("text", ["", "如何", "x" * 5000, "\ud800".encode("utf-8", "replace").decode()])
def test_any_text_has_a_vector_of_length_one(text: str) -> None:
    vector = Encoder(model_folder()).encode(text)
    assert vector @ vector == pytest.approx(1)


def test_without_the_encoder_the_log_says_what_is_missing_and_what_to_do(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    env = {"XDG_CACHE_HOME": str(tmp_path)}
    with caplog.at_level(logging.WARNING):
        assert usable_encoder(env) is None
    assert encoder_lacks(env) == caplog.messages[0]
    assert "by words alone" in caplog.messages[0]
    assert "python -m kb model install" in caplog.messages[0]


def test_a_damaged_encoder_is_done_without_and_the_log_names_the_file(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    env = {"XDG_CACHE_HOME": str(tmp_path)}
    model_folder(env).mkdir(parents=True)
    assert usable_encoder(env) is None
    assert "encoder.onnx is missing or damaged" in caplog.text
