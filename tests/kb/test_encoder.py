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
@pytest.mark.parametrize("text", ["", "如何", "x" * 5000])
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


def test_the_log_says_so_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    env = {"XDG_CACHE_HOME": str(tmp_path)}
    assert [usable_encoder(env), encoder_lacks(env), usable_encoder(env)] == [None, encoder_lacks(env), None]
    assert len(caplog.messages) == 1


@NO_ENCODER
def test_a_process_loads_one_encoder() -> None:
    assert encoder_lacks() is None
    assert usable_encoder() is usable_encoder()


def test_what_is_damaged_is_lacking_and_the_reason_is_said(tmp_path: Path) -> None:
    env = {"XDG_CACHE_HOME": str(tmp_path)}
    model_folder(env).mkdir(parents=True)
    lacking = encoder_lacks(env)
    assert lacking is not None
    assert "encoder.onnx is missing or damaged. The search goes by words alone" in lacking
    assert "python -m kb model install" in lacking


def test_where_there_is_no_home_it_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", no_home)
    assert usable_encoder({}) is None
    assert "XDG_CACHE_HOME" in str(encoder_lacks({}))


@pytest.mark.parametrize("forbidden", ["", "encoder.onnx"])
def test_a_folder_or_a_file_that_may_not_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forbidden: str
) -> None:
    """Root may read everything, so who may not is feigned."""
    env = {"XDG_CACHE_HOME": str(tmp_path)}
    folder = model_folder(env)
    folder.mkdir(parents=True)
    (folder / "encoder.onnx").write_text("")

    def may_not(path: Path, *_args: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    for name in ("open", "is_file", "is_dir") if not forbidden else ("open",):
        monkeypatch.setattr(Path, name, may_not)
    assert usable_encoder(env) is None
    assert "encoder.onnx cannot be read: Permission denied." in str(encoder_lacks(env))
