"""What is kept in the user's cache, and what happens where nothing can be kept."""

from pathlib import Path

import numpy as np
import pytest

from kb.cache import MOST_KEPT, Arrays, cache_folder, cached


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


def test_only_the_last_files_are_kept() -> None:
    for value in range(MOST_KEPT + 3):
        _compute(value)
    assert len(list(cache_folder().iterdir())) == MOST_KEPT


def test_where_nothing_can_be_kept_it_is_computed_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert [_compute(3)["x"].tolist(), _compute(3)["x"].tolist()] == [[3], [3]]
