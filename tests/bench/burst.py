"""A burst: a thousand questions from two hundred people in one minute, in four workspaces, with Slack's rate limits on.

Web, worker and bot are processes of their own, as in production. Every question must be answered once.
"""

import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bot.sandbox.driver import Driver, running_sandbox
from bot.sandbox.model import Message
from bot.sandbox.records import Timing
from tests.support.processes import running_processes

LIKE = {"acme": "maya", "globex": "haruka", "retain": "tom", "initech": "leo"}
PEOPLE, QUESTIONS, SECONDS = 200, 1_000, 60.0
PATIENCE_SECONDS = 180.0
ASKED = (
    "I'm being asked to authorize the Zoom app again. Why?",
    "How do I connect Zoom to Retain?",
    "Why is the meeting shorter in the report than in my calendar?",
    "What does Retain do with the Zoom integration?",
    "What is the capital of Mongolia?",
)


def main() -> None:
    """Print how long answers took, and fail unless each question has one."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_sandbox(timing=Timing(), rate_limits=True, installed=()) as slack,
        running_processes(slack, Path(folder)) as product,
    ):
        product.start("web", "worker", "bot")
        product.settle_in(*LIKE)
        people = newcomers(slack)
        asked = ask(slack, people)
        answers = answered(slack, people, len(asked))
    report(asked, answers)


def newcomers(slack: Driver) -> Sequence[str]:
    """People of all workspaces, taking turns."""
    numbers = range(PEOPLE // len(LIKE))
    return [slack.add_person(like, f"{team}{number}").handle for number in numbers for team, like in LIKE.items()]


def ask(slack: Driver, people: Sequence[str]) -> Sequence[Message]:
    """Everybody asks in their direct message, evenly over the minute."""
    asked, begun = [], time.monotonic()
    for number in range(QUESTIONS):
        time.sleep(max(0.0, begun + number * SECONDS / QUESTIONS - time.monotonic()))
        asked.append(slack.say(people[number % len(people)], "dm", ASKED[number // len(people) % len(ASKED)]))
    return asked


def answered(slack: Driver, people: Sequence[str], expected: int) -> Sequence[Message]:
    """The bot's messages, once there are enough of them and all is quiet."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        answers = [said for who in people for said in slack.messages("dm", viewer=who) if said.bot_id]
        if len(answers) >= expected:
            slack.wait_until_idle(quiet=2.0, timeout=30.0)
            break
        time.sleep(1.0)
    return [said for who in people for said in slack.messages("dm", viewer=who) if said.bot_id]


def report(asked: Sequence[Message], answers: Sequence[Message]) -> None:
    """By the times at which Slack had the question and the answer."""
    times = [
        [float(one.ts) - float(question.ts) for one in answers if one.thread_ts == question.ts] for question in asked
    ]
    once = [several[0] for several in times if len(several) == 1]
    percentiles = statistics.quantiles(once, n=100)
    late = f"p50 {percentiles[49]:.2f} s, p99 {percentiles[98]:.2f} s, slowest {max(once):.2f} s"
    print(f"{len(asked)} questions of {PEOPLE} people in {SECONDS:.0f} s: {late}")
    doubled, lost = sum(len(several) > 1 for several in times), times.count([])
    if doubled or lost or len(answers) != len(asked):
        raise SystemExit(f"{lost} were not answered, {doubled} more than once; {len(answers)} messages in all")


if __name__ == "__main__":
    main()
