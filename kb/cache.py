"""What took a while to compute, kept in this user's cache under the hash of what it was computed from."""

import logging
import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.errors import SettingsError

log = logging.getLogger(__name__)

Arrays = Mapping[str, NDArray[Any]]

MOST_KEPT = 12  # files of a kind: the last ones used

_NAMES = "names of all"  # a file's own list of what it must hold


def cache_folder(env: Mapping[str, str] = os.environ) -> Path:
    """Where this user's programs keep what can be made again. Raises SettingsError where the user has no home."""
    named = env.get("XDG_CACHE_HOME", "").strip()
    try:
        return (Path(named) if named else Path.home() / ".cache") / "retain-kb"
    except RuntimeError as error:
        raise SettingsError(
            "This user has no home to keep a cache in.",
            field="XDG_CACHE_HOME",
            remedy="Remedy: name a folder for it in XDG_CACHE_HOME.",
        ) from error


def cached(kind: str, digest: str, compute: Callable[[Arrays], Arrays]) -> Arrays:
    """What `compute` made of the same content before, else what it makes now, which is kept.

    `compute` is given what was kept last of the same kind, to take from it what still holds. Where nothing can be
    kept, it is computed each time.
    """
    try:
        folder = cache_folder()
    except SettingsError as error:
        log.info("nothing is kept, which makes the next start slower: %s", error)
        return compute({})
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
        names = found.pop(_NAMES).tolist()
    except Exception:  # noqa: BLE001 -- bytes by chance raise whatever they like, and all can be made anew
        return None
    with suppress(OSError):  # of another user, or on a disk that cannot be written: it can be used all the same
        path.touch()
    return found if names == sorted(found) else None


def _latest(folder: Path, kind: str) -> Arrays:
    files = _by_age(folder, kind)
    return (_read(files[0]) if files else None) or {}


def _keep(path: Path, arrays: Arrays) -> None:
    new = path.with_name(f"{path.name}.{secrets.token_hex(8)}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with new.open("xb") as file:  # which others may read where this user's files are for others to read
                np.savez(file, allow_pickle=False, **{**arrays, _NAMES: np.array(sorted(arrays))})
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
        for old in _by_age(path.parent, path.name.partition("-")[0])[MOST_KEPT:]:
            old.unlink(missing_ok=True)
    except OSError as error:
        log.info("%s is not kept, which makes the next start slower: %s", path.name, error.strerror)


def _by_age(folder: Path, kind: str) -> list[Path]:
    """The last used first; none where they are not for this user to see."""
    files = []
    with suppress(OSError):
        for path in folder.glob(f"{kind}-*.npz"):
            with suppress(OSError):  # another process has just tidied up
                files.append((-path.stat().st_mtime_ns, path))
    return [path for _, path in sorted(files)]
