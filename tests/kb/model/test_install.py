"""Installing the encoder where it cannot be, and what is done where it is installed already."""

import os
from pathlib import Path

import pytest

from kb.encoder import Encoder, model_folder
from kb.errors import ModelError
from kb.model.install import check_reference, install, is_sound
from tests.kb.conftest import NO_ENCODER


def test_what_is_no_official_file_leaves_nothing_behind(tmp_path: Path) -> None:
    env = {"XDG_CACHE_HOME": str(tmp_path), "KB_MODEL_DIR": str(tmp_path / "missing")}
    with pytest.raises(ModelError, match="cannot be read"):
        install(env, lambda _step, _folder: None)
    assert list((tmp_path / "retain-kb").iterdir()) == []


def test_a_cache_that_cannot_be_written_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError) as caught:
        install({"XDG_CACHE_HOME": str(tmp_path / "file")}, lambda _step, _folder: None)
    assert caught.value.remedy is not None
    assert "XDG_CACHE_HOME" in caught.value.remedy


def test_a_damaged_encoder_is_not_sound(tmp_path: Path) -> None:
    (tmp_path / "encoder.onnx").write_bytes(b"half a file")
    assert not is_sound(tmp_path)
    with pytest.raises(ModelError, match="missing or damaged"):
        Encoder(tmp_path)


@NO_ENCODER
def test_an_installed_encoder_is_left_as_it_is_and_computes_what_is_recorded() -> None:
    steps: list[str] = []
    check_reference(Encoder(install(os.environ, lambda step, _folder: steps.append(step))))
    assert steps == []
    assert is_sound(model_folder())
