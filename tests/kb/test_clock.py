"""The clock that the sandbox sets forward."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kb.clock import ForwardClock, clock_from, real_clock
from kb.errors import SettingsError

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_without_the_setting_it_is_the_real_time() -> None:
    assert clock_from({}) is real_clock
    assert clock_from({"SANDBOX_CLOCK": ""}) is real_clock
    assert real_clock().tzinfo is UTC


def test_all_who_read_the_file_are_set_forward_at_once(tmp_path: Path) -> None:
    mine, theirs = (ForwardClock(tmp_path / "clock", lambda: NOON) for _ in range(2))
    assert theirs() == NOON
    mine.forward(timedelta(hours=1))
    mine.forward(timedelta(minutes=10, milliseconds=5))
    assert theirs() == NOON + timedelta(hours=1, minutes=10, milliseconds=5)


def test_the_setting_names_the_file(tmp_path: Path) -> None:
    clock = clock_from({"SANDBOX_CLOCK": str(tmp_path / "clock")})
    (tmp_path / "clock").write_text("86400")
    assert clock() - real_clock() > timedelta(hours=23)


@pytest.mark.parametrize("here", ["http://localhost:8000", "https://127.0.0.1/", "http://[::1]:8000", ""])
def test_it_is_set_forward_on_this_machine_alone(tmp_path: Path, here: str) -> None:
    env = {"SANDBOX_CLOCK": str(tmp_path / "clock")}
    assert clock_from(env | {"PUBLIC_URL": here}) == ForwardClock(tmp_path / "clock")
    with pytest.raises(SettingsError, match="for the sandbox only"):
        clock_from(env | {"PUBLIC_URL": "https://support.example.com"})


def test_it_never_goes_back(tmp_path: Path) -> None:
    clock = ForwardClock(tmp_path / "clock", lambda: NOON)
    with pytest.raises(SettingsError):
        clock.forward(timedelta(seconds=-1))
    assert clock() == NOON


@pytest.mark.parametrize("words", ["", "tomorrow", "nan", "inf", "½"])
def test_a_file_that_holds_no_number_is_named(tmp_path: Path, words: str) -> None:
    (tmp_path / "clock").write_text(words, "utf-8")
    with pytest.raises(SettingsError, match="clock does not say"):
        ForwardClock(tmp_path / "clock")()
