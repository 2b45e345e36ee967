"""How Zoom behaves where what is known about it conflicts: each can be simulated, the first is the default."""

from collections.abc import Mapping
from dataclasses import dataclass

from integration.zoom.sandbox.errors import NotPossible


@dataclass(frozen=True)
class Habit:
    key: str
    title: str
    choices: Mapping[str, str]

    @property
    def default(self) -> str:
        return next(iter(self.choices))


LINGERS_SECONDS = 60

HABITS = (
    Habit(
        "old_refresh", "After a refresh, the old refresh token",
        {"dies": "dies at once", "lingers": "works for another minute"},
    ),
    Habit(
        "old_access", "After a refresh, the old access token",
        {"lingers": "works until its hour is over", "dies": "dies at once"},
    ),
    Habit(
        "dead_refresh", "A dead refresh token is answered with",
        {"400": "400, invalid_grant", "401": "401, invalid_request, as in older reports"},
    ),
    Habit("dead_access", "A dead access token is answered with", {"401": "401 and 124", "400": "400 and 124"}),
    Habit("api_url", "The token's answer names the API's address", {"no": "no", "yes": "yes"}),
    Habit("limit_headers", "Ordinary answers carry", {"all": "all limit headers", "category": "only the category"}),
    Habit(
        "retry_after", "When the daily limit is reached, Retry-After is",
        {"date": "a date", "seconds": "a number of seconds", "absent": "absent"},
    ),
    Habit("limit_code", "The code of a rate limit's answer is", {"429": "429", "4001": "4001"}),
    Habit(
        "rooms", "Personal links are told",
        {"alone": "with one user, as documented", "listed": "in the list of users too"},
    ),
    Habit(
        "old_ids", "A meeting's id, 30 days after its last use, is",
        {"kept": "known still", "forgotten": "forgotten, as documented"},
    ),
    Habit("history_days", "Days of the history are", {"utc": "UTC's", "account": "those of its reader's time zone"}),
    Habit(
        "history_ids", "The history names a meeting's id",
        {"number": "as a number", "grouped": "in groups of digits", "missing": "not at all"},
    ),
    Habit("history_runs", "A call that runs is in the history", {"no": "not yet", "yes": "without an end"}),
    Habit("stamp", "Webhooks are stamped in", {"seconds": "seconds", "milliseconds": "milliseconds"}),
    Habit("event_ts", "An uninstall names its time (event_ts)", {"payload": "in the payload", "top": "beside it"}),
    Habit("happened_at", "A call tells its time (event_ts)", {"top": "beside the payload", "payload": "in it"}),
    Habit("happened_in", "That time is in", {"milliseconds": "milliseconds", "seconds": "seconds"}),
    Habit("meeting_id", "Events name a meeting's id", {"text": "as text", "number": "as a number"}),
    Habit("host_joins", "That the host joined", {"no": "is not told", "yes": "is told"}),
)  # fmt: skip
BY_KEY: Mapping[str, Habit] = {habit.key: habit for habit in HABITS}


class Habits(dict[str, str]):
    """The chosen habits, by key."""

    def __init__(self) -> None:
        super().__init__({habit.key: habit.default for habit in HABITS})

    def choose(self, **choices: str) -> None:
        """Raises NotPossible for a habit or a choice that does not exist."""
        for key, choice in choices.items():
            if key not in BY_KEY or choice not in BY_KEY[key].choices:
                known = ", ".join(BY_KEY[key].choices) if key in BY_KEY else ", ".join(BY_KEY)
                raise NotPossible(f"{key}={choice} is not a habit of Zoom's here. Choose from: {known}.")
            self[key] = choice

    def reset(self) -> None:
        self.update(Habits())
