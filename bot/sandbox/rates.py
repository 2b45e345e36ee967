"""Slack's rate limits: a tier for each method, and about a message a second in each channel."""

from collections import defaultdict, deque
from dataclasses import dataclass, field

MINUTE = 60.0
POSTS = "chat.postMessage"
POST_WINDOW, POST_BURST = 5.0, 5  # one a second, short bursts allowed


@dataclass
class Rates:
    """Remembers calls by what they count against; times are seconds of any steady clock."""

    _seen: defaultdict[tuple[str, ...], deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def wait(self, key: tuple[str, ...], now: float, most: int, window: float) -> int:
        """0 when one more call fits (it is then counted), else the whole seconds to wait."""
        calls = self._seen[key]
        while calls and calls[0] <= now - window:
            calls.popleft()
        if len(calls) < most:
            calls.append(now)
            return 0
        return max(1, round(calls[0] + window - now))

    def check(self, team_id: str, method: str, per_minute: int, channel: str, now: float) -> int:
        """Seconds that this call must wait; 0 lets it pass."""
        if method == POSTS:
            return self.wait((team_id, method, channel), now, POST_BURST, POST_WINDOW)
        return self.wait((team_id, method), now, per_minute, MINUTE)
