"""Time from a typed question to its answer in Slack, beside a bare Bolt app that only echoes, in the same run."""

import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from slack_bolt import App
from slack_sdk import WebClient

from bot import socket_mode
from bot.sandbox.driver import Driver, running_sandbox
from bot.sandbox.model import Message
from tests.support.bot import running_bot
from tests.support.service import running_service

QUESTION = "I'm being asked to authorize the Zoom app again. Why?"
TIMES = 60


def main() -> None:
    """Print milliseconds and the ratio to the echo: what our claim, search, record and words cost."""
    echo = _measured(_echoing)
    alone = _measured(_answering_alone)
    with tempfile.TemporaryDirectory() as folder, running_service(Path(folder)) as service:
        whole = _measured(lambda slack: _answering(slack, lambda: running_bot(slack, service=service)))
    print(f"{'question to answer':24}{'p50 ms':>8}{'p95 ms':>8}{'ratio':>7}")
    for name, seconds in (("a bare Bolt echo", echo), ("the bot alone", alone), ("the bot and service", whole)):
        p50, p95 = statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]
        print(f"{name:24}{p50 * 1000:8.0f}{p95 * 1000:8.0f}{p50 / statistics.median(echo):7.2f}")


def _measured(run: Callable[[Driver], list[float]]) -> list[float]:
    with running_sandbox() as slack:
        return run(slack)


def _answering_alone(slack: Driver) -> list[float]:
    return _answering(slack, lambda: running_bot(slack))


def _answering(slack: Driver, start: Callable[[], AbstractContextManager[object]]) -> list[float]:
    with start():
        return _times(slack)


def _echoing(slack: Driver) -> list[float]:
    app = App(client=WebClient(slack.bot_token(), base_url=slack.api_url))
    app.event("message")(lambda event, say: say(text=event["text"], thread_ts=event["ts"]))
    handler = socket_mode.connect(app, slack.app_token())
    try:
        slack.wait_until_connected()
        return _times(slack)
    finally:
        socket_mode.close(handler)


def _times(slack: Driver) -> list[float]:
    taken = []
    for number in range(TIMES + 1):
        started = time.perf_counter()
        asked = slack.say("maya", "dm", QUESTION)
        slack.wait_for_message(slack.dm("maya"), partial(_answers, asked.ts))
        if number:  # the first one warms up
            taken.append(time.perf_counter() - started)
    slack.wait_until_idle()
    return taken


def _answers(ts: str, message: Message) -> bool:
    return message.thread_ts == ts
