"""Installing the encoder where it cannot be, and what is done where it is installed already."""

import hashlib
import os
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from kb.cache import cache_folder
from kb.encoder import GRAPH, Encoder, model_folder
from kb.errors import ModelError
from kb.model.commands import model
from kb.model.files import TOKENIZER
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


def _made_of(graph: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Installs with this graph; the official files are taken for granted."""
    source = model_folder() / TOKENIZER
    (tmp_path / TOKENIZER).write_bytes(source.read_bytes() if source.is_file() else b"{}")
    monkeypatch.setattr("kb.model.install.bring", lambda _place, _env: tmp_path)
    monkeypatch.setattr("kb.model.install.read_floats", lambda _path: {})
    monkeypatch.setattr("kb.model.install.encoder_graph", lambda _weights: graph)
    return install({"XDG_CACHE_HOME": str(tmp_path / "cache")}, lambda _step, _folder: None)


def test_a_machine_that_makes_another_graph_is_named_and_asked_to_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ModelError, match=f"numpy {np.__version__}") as caught:
        _made_of(b"another graph", monkeypatch, tmp_path)
    assert hashlib.sha256(b"another graph").hexdigest() in caught.value.message
    assert "report" in str(caught.value.remedy)
    assert "model install" not in str(caught.value)


@NO_ENCODER
def test_what_was_installed_before_and_what_was_left_half_made_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = cache_folder({"XDG_CACHE_HOME": str(tmp_path / "cache")})
    for name in ("model-of-before", "installing-long-ago", "installing-now"):
        (cache / name).mkdir(parents=True)
        (cache / name / "file").write_text("")
    os.utime(cache / "installing-long-ago", (0, 0))
    (cache / "vectors-1.npz").write_text("")
    made = _made_of((model_folder() / GRAPH).read_bytes(), monkeypatch, tmp_path)
    assert {path.name for path in cache.iterdir()} == {made.name, "installing-now", "vectors-1.npz"}


def test_without_a_home_it_is_said_where_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", no_home)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    done = CliRunner().invoke(model, ["install"])
    assert done.exit_code == 1
    assert "XDG_CACHE_HOME" in done.stderr
