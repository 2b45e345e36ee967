"""What took a while to compute, kept in this user's cache under the hash of what it was computed from."""

import logging
import os
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger(__name__)

Arrays = Mapping[str, NDArray[Any]]

MOST_KEPT = 12  # files of a kind: the last ones used


def cache_folder(env: Mapping[str, str] = os.environ) -> Path:
    """Where this user's programs keep what can be made again."""
    home = env.get("XDG_CACHE_HOME", "").strip()
    return (Path(home) if home else Path.home() / ".cache") / "retain-kb"


def cached(kind: str, digest: str, compute: Callable[[Arrays], Arrays]) -> Arrays:
    """What `compute` made of the same content before, else what it makes now, which is kept.

    `compute` is given what was kept last of the same kind, to take from it what still holds. Where nothing can be
    kept, it is computed each time.
    """
    folder = cache_folder()
    path = folder / f"{kind}-{digest}.npz"
    known = _read(path)
    if known is None:
        known = compute(_latest(folder, kind))
        _keep(path, known)
    return known


def _read(path: Path) -> Arrays | None:
    try:
        with path.open("rb") as file, np.load(file) as arrays:
            found = dict(arrays)
        path.touch()
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):  # not there, or damaged: made anew
        return None
    return found


def _latest(folder: Path, kind: str) -> Arrays:
    files = _by_age(folder, kind)
    return (_read(files[0]) if files else None) or {}


def _keep(path: Path, arrays: Arrays) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".new", delete=False) as file:
            np.savez(file, allow_pickle=False, **arrays)
        Path(file.name).replace(path)
        for old in _by_age(path.parent, path.name.partition("-")[0])[MOST_KEPT:]:
            old.unlink(missing_ok=True)
    except OSError as error:
        log.info("%s is not kept, which makes the next start slower: %s", path.name, error.strerror)


def _by_age(folder: Path, kind: str) -> list[Path]:
    """The last used first."""
    files = []
    for path in folder.glob(f"{kind}-*.npz"):
        try:
            files.append((-path.stat().st_mtime_ns, path))
        except FileNotFoundError:  # another process has just tidied up
            continue
    return [path for _, path in sorted(files)]
