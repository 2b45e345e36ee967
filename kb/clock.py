"""The time. In the sandbox it can be set forward, for all processes at once, by a file that they share."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from kb.errors import SettingsError

Clock = Callable[[], datetime]

FILE_SETTING = "SANDBOX_CLOCK"
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def real_clock() -> datetime:
    """The time: aware, UTC."""
    return datetime.now(UTC)


def clock_from(env: Mapping[str, str]) -> Clock:
    """A process's clock (aware, UTC): the real one, or where SANDBOX_CLOCK names a file, one that it sets forward.

    Raises SettingsError for such a file where PUBLIC_URL is another machine's: people there live by the real time.
    """
    file, public_url = env.get(FILE_SETTING), env.get("PUBLIC_URL")
    if not file:
        return real_clock
    if public_url and urlsplit(public_url).hostname not in LOOPBACK:
        raise SettingsError(
            f"{FILE_SETTING} is for the sandbox only, and PUBLIC_URL names another machine.",
            field=FILE_SETTING,
            remedy=f"Take {FILE_SETTING} out of the settings.",
        )
    return ForwardClock(Path(file))


@dataclass(frozen=True)
class ForwardClock:
    """The real time and as many seconds more as a file says; none while there is no file."""

    file: Path
    real: Clock = real_clock

    def __call__(self) -> datetime:
        """Now. Raises SettingsError where the file holds no number."""
        return self.real() + self._ahead()

    def forward(self, by: timedelta) -> None:
        """Set it forward, for everybody who reads the file. By one at a time: nothing is locked."""
        if by < timedelta():
            raise SettingsError("The clock can only be set forward.", field="by", remedy="Start the sandbox anew.")
        ahead = (self._ahead() + by).total_seconds()
        written = self.file.with_name(f"{self.file.name}.new")
        written.write_text(f"{ahead}\n", "ascii")
        written.replace(self.file)  # nobody reads half of it

    def _ahead(self) -> timedelta:
        try:
            seconds = float(self.file.read_text("ascii"))
        except FileNotFoundError:
            return timedelta()
        except ValueError:
            seconds = math.nan
        if not math.isfinite(seconds):
            raise SettingsError(
                f"{self.file} does not say by how many seconds the clock is ahead.",
                field=FILE_SETTING,
                remedy="Delete it.",
            )
        return timedelta(seconds=seconds)
