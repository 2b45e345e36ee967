"""Trouble on demand: what goes wrong, where, for whom, and how often."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field

from integration.zoom.sandbox.errors import NotPossible

# Where a fault can be: every call, a group of calls, or one kind of call.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "oauth": ("exchange", "refresh", "revoke"),
    "api": (
        "me", "permissions", "users", "user", "past_meeting", "instances", "participants", "history", "report", "other",
    ),
}  # fmt: skip
GROUP_OF: Mapping[str, str] = {kind: group for group, kinds in GROUPS.items() for kind in kinds}
PLACES: Mapping[str, str] = {
    "all": "everywhere",
    "oauth": "OAuth: all calls",
    "exchange": "OAuth: exchange of a code",
    "refresh": "OAuth: refresh",
    "revoke": "OAuth: revoke",
    "api": "API: all calls",
    "me": "API: who am I",
    "permissions": "API: what a user may do",
    "users": "API: list of users",
    "user": "API: one user",
    "past_meeting": "API: a past meeting",
    "instances": "API: a meeting's past instances",
    "participants": "API: who took part",
    "history": "API: history of meetings",
    "report": "API: report of a user's meetings",
}


@dataclass(frozen=True)
class Kind:
    """One kind of trouble. `only`: the group of calls that it is confined to."""

    key: str
    title: str
    meaning: str
    only: str | None = None


LATER = "A token in use still works: set the clock an hour forward."

KINDS = (
    Kind("server_error", "Zoom is down", "Every call ends with 500, and nothing happens."),
    Kind("rate_limited", "Too many calls a second", "429 with the headers of the per-second limit."),
    Kind("rate_limited_today", "Too many calls today", "429 with the headers of the daily limit."),
    Kind("timeout", "No answer", "The call is taken, and nothing comes back until the caller gives up."),
    Kind("slow", "Slow", "Each call takes this much longer (seconds below)."),
    Kind("invalid_grant", "The grant is refused", f"Refresh tokens and codes are refused. {LATER}", "oauth"),
    Kind("invalid_client", "The app is refused", f"Its id or secret are refused. {LATER}", "oauth"),
    Kind("scopes_changed", "A scope was taken away", "New tokens lack a scope, and the API answers 400 with 4711."),
    Kind("app_disabled", "An admin disabled the app", "Refresh is answered with 4738, the API and consent with 4717."),
    Kind("user_removed", "Who connected was removed", "Every call is answered with 4735."),
    Kind("half_written", "The answer breaks off", "It takes effect, and the answer ends in the middle of its body."),
    Kind("unreadable", "The answer is a web page", "200 with HTML, as from a proxy; nothing happens."),
    Kind("cut_before", "Connection cut before the effect", "The call is read and the connection dropped."),
    Kind("cut_after", "Connection cut after the effect", "It takes effect (a refresh rotates); the answer is lost."),
    Kind("timeout_after", "No answer after the effect", "It takes effect, and nothing comes back."),
    Kind("error_after", "500 after the effect", "It takes effect, and the answer is 500."),
)  # fmt: skip
BY_KEY: Mapping[str, Kind] = {kind.key: kind for kind in KINDS}


@dataclass
class Fault:
    """A fault that is on. `times` None: until it is switched off. `account`: the slug of the only one it strikes."""

    number: int
    kind: Kind
    where: str
    account: str | None
    times: int | None
    seconds: float

    def strikes(self, call: str, account: str | None) -> bool:
        group = GROUP_OF.get(call)
        return (
            self.where in (call, group, "all")
            and self.kind.only in (None, group)
            and self.account in (None, account)
            and group is not None
        )


@dataclass
class Faults:
    """The faults that are on, oldest first. `cleared` counts how often all were switched off."""

    on: list[Fault] = field(default_factory=list)
    cleared: int = 0
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def switch_on(
        self,
        kind: str,
        *,
        where: str = "all",
        account: str | None = None,
        times: int | None = None,
        seconds: float = 2.0,
    ) -> int:
        """`kind` from KINDS, `where` from PLACES; returns the number that switches it off. Raises NotPossible."""
        if kind not in BY_KEY:
            raise NotPossible(f"There is no fault {kind!r}. Choose from: {', '.join(BY_KEY)}.")
        if where not in PLACES:
            raise NotPossible(f"There is no place {where!r}. Choose from: {', '.join(PLACES)}.")
        if (times is not None and times < 1) or not 0 <= seconds <= 3600:
            raise NotPossible("A fault happens at least once, and takes at most an hour.")
        fault = Fault(next(self._numbers), BY_KEY[kind], where, account, times, seconds)
        self.on.append(fault)
        return fault.number

    def switch_off(self, number: int) -> None:
        self.on = [fault for fault in self.on if fault.number != number]

    def clear(self) -> None:
        """Back to normal; calls that were left without an answer end."""
        self.on = []
        self.cleared += 1

    def take(self, call: str, account: str | None) -> Fault | None:
        """The fault that this call suffers, used up by one."""
        for fault in self.on:
            if fault.strikes(call, account):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times == 0:
                        self.on.remove(fault)
                return fault
        return None

    def is_on(self, kind: str, account: str) -> bool:
        return any(fault.kind.key == kind and fault.account in (None, account) for fault in self.on)
