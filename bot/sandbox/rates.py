"""Slack's rate limits: a tier for each method; for posts about one a second in a channel, and a few hundred a minute.

https://docs.slack.dev/apis/web-api/rate-limits says "several hundred messages per minute" of a workspace: at least
three hundred, then.
"""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

MINUTE = 60.0
POSTS = "chat.postMessage"
POST_WINDOW, POST_BURST = 5.0, 5  # one a second, short bursts allowed
POSTS_OF_WORKSPACE = 300


@dataclass(frozen=True)
class Limit:
    """At most so many calls within so many seconds, of those that count against the same `key`."""

    key: tuple[str, ...]
    most: int
    window: float


@dataclass
class Rates:
    """Remembers calls by what they count against; times are seconds of any steady clock."""

    _seen: defaultdict[tuple[str, ...], deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def check(self, team_id: str, method: str, per_minute: int, channel: str, now: float) -> int:
        """The whole seconds that this call must wait; 0 lets it pass, and counts it."""
        limits = list(_limits(team_id, method, per_minute, channel))
        wait = max(self._wait(limit, now) for limit in limits)
        if not wait:
            for limit in limits:
                self._seen[limit.key].append(now)
        return wait

    def _wait(self, limit: Limit, now: float) -> int:
        calls = self._seen[limit.key]
        while calls and calls[0] <= now - limit.window:
            calls.popleft()
        return 0 if len(calls) < limit.most else max(1, round(calls[0] + limit.window - now))


def _limits(team_id: str, method: str, per_minute: int, channel: str) -> Iterator[Limit]:
    if method == POSTS:
        yield Limit((team_id, method, channel), POST_BURST, POST_WINDOW)
        yield Limit((team_id, method), POSTS_OF_WORKSPACE, MINUTE)
    else:
        yield Limit((team_id, method), per_minute, MINUTE)
