"""What is kept in the user's cache, and what happens where nothing can be kept."""

from pathlib import Path
from typing import IO

import numpy as np
import pytest

from kb.cache import MOST_KEPT, Arrays, cache_folder, cached
from kb.errors import SettingsError


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def _compute(value: int) -> Arrays:
    return cached("things", f"digest{value}", lambda _before: {"x": np.array([value])})


def _must_not(_before: Arrays) -> Arrays:
    raise AssertionError


def test_what_was_computed_is_not_computed_again() -> None:
    _compute(1)
    assert cached("things", "digest1", _must_not)["x"].tolist() == [1]


def test_what_was_kept_last_helps_with_what_is_new() -> None:
    _compute(1)
    assert cached("things", "other", lambda before: before)["x"].tolist() == [1]
    assert cached("others", "other", lambda before: before) == {}


def test_a_damaged_file_is_made_anew() -> None:
    _compute(1)
    (file,) = cache_folder().iterdir()
    file.write_bytes(file.read_bytes()[:40])
    assert _compute(1)["x"].tolist() == [1]
    assert cached("things", "digest1", _must_not)["x"].tolist() == [1]


def test_whatever_byte_is_damaged_it_is_as_it_was_or_made_anew() -> None:
    """A flag says "encrypted" then, a method of compression is unknown, the list of files is empty."""
    _compute(1)
    (file,) = cache_folder().iterdir()
    whole = file.read_bytes()
    for place in range(0, len(whole), 2):
        for value in (0, 1, 9, 255):
            file.write_bytes(whole[:place] + bytes([value]) + whole[place + 1 :])
            assert _compute(1)["x"].tolist() == [1]


def test_a_file_that_reads_well_but_lacks_something_is_made_anew() -> None:
    _compute(1)
    (file,) = cache_folder().iterdir()
    with file.open("wb") as other:
        np.savez(other, y=np.array([2]))
    assert _compute(1)["x"].tolist() == [1]
    with file.open("wb") as other:
        np.save(other, np.array([2]))
    assert _compute(1)["x"].tolist() == [1]


def test_what_may_be_read_but_not_written_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may write everything, so who may not is feigned."""
    _compute(1)

    def may_not(*_args: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "touch", may_not)
    assert cached("things", "digest1", _must_not)["x"].tolist() == [1]


def test_a_folder_that_may_not_be_seen_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    _compute(1)

    def may_not(*_args: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    for name in ("stat", "open", "mkdir", "glob"):
        monkeypatch.setattr(Path, name, may_not)
    assert _compute(1)["x"].tolist() == [1]


def test_others_may_read_what_is_kept_as_they_may_other_files(tmp_path: Path) -> None:
    _compute(1)
    (file,) = cache_folder().iterdir()
    (tmp_path / "other").write_text("")
    assert file.stat().st_mode == (tmp_path / "other").stat().st_mode


def test_what_could_not_be_written_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def disk_is_full(file: IO[bytes], **_arrays: object) -> None:
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", disk_is_full)
    assert _compute(1)["x"].tolist() == [1]
    assert list(cache_folder().iterdir()) == []


def test_where_there_is_no_home_it_is_computed_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", no_home)
    assert _compute(1)["x"].tolist() == [1]
    with pytest.raises(SettingsError, match="no home"):
        cache_folder()


def test_only_the_last_files_are_kept() -> None:
    for value in range(MOST_KEPT + 3):
        _compute(value)
    assert len(list(cache_folder().iterdir())) == MOST_KEPT


def test_where_nothing_can_be_kept_it_is_computed_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert [_compute(3)["x"].tolist(), _compute(3)["x"].tolist()] == [[3], [3]]
