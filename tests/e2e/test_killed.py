"""Bot and worker are killed (SIGKILL) at every step: no question, request, reminder or answer is lost, none doubled.

Each is a process of its own. It is stopped inside a call to Slack or to the service, before that call took effect or
after it and before its answer was heard; the worker before or after each of its commits.
"""

import itertools
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from bot.sandbox import cast
from bot.sandbox.driver import Driver, running_sandbox
from bot.sandbox.driver_base import DriverHold
from bot.sandbox.model import Message
from bot.sandbox.reading import readable
from bot.sandbox.records import Timing
from kb import support_hours
from kb.clock import ForwardClock
from tests.e2e.test_chat import QUESTION
from tests.support.bot import wait_for_http
from tests.support.door import Door, Held, door_to
from tests.support.forks import Forks, alive, forking
from tests.support.processes import Processes, running_processes

ANSWER = "technical reasons"
PATIENCE_SECONDS = 30.0
LEASES = 3  # so many may have to run out meanwhile: what a bot is told twice at once, it leaves to itself
# Of a worker: the first ones are about questions, targets and reminders. The steps are longer than a bot is waited for.
COMMITS, STEP_SECONDS = 10, 35
# Slack tries again for minutes; here for as long as another bot needs to come.
SLACK = Timing(ack=1.0, retries=(0.0, 1.0, 5.0), disconnect=1.0)


class Stop(NamedTuple):
    """Where the bot stands still: in a call to `whom` that begins like that, before its effect or after it."""

    whom: str
    call: str
    after: bool

    def __str__(self) -> str:
        return f"{'after' if self.after else 'before'} {self.call}"


def stops(*calls: tuple[str, str]) -> list[Stop]:
    return [Stop(whom, call, after) for whom, call in calls for after in (False, True)]


POST = ("slack", "chat.postMessage")
BEGIN, ACK = ("service", r"POST /v1/notifications/\w+/begin"), ("service", r"POST /v1/notifications/\w+/ack")
QUESTION_STOPS = stops(("service", "POST /v1/questions "), POST, ("service", r"POST /v1/questions/\w+/answered"))
NEWS_STOPS = [*stops(BEGIN, POST), Stop(*ACK, after=False), Stop(*ACK, after=True)]
CARD_STOPS = [*NEWS_STOPS, *stops(("service", r"PUT /v1/support-requests/\w+/card"))]


@dataclass
class Mortals:
    """The product with one bot and one worker, which come and go."""

    slack: Driver
    product: Processes
    door: Door
    forks: Forks
    names: Iterator[str] = field(default_factory=lambda: (f"kim{number}" for number in itertools.count()))
    bot: int = 0
    worker: int = 0

    def newcomer(self) -> str:
        """Somebody of Acme to whom nothing was said yet."""
        return self.slack.add_person("maya", next(self.names)).handle

    def bot_comes(self) -> None:
        self.bot = self.forks.start("bot", self.product.bot_env)
        self.slack.wait_until_connected("acme", timeout=PATIENCE_SECONDS)

    def bot_dies(self) -> None:
        os.kill(self.bot, signal.SIGKILL)
        self.slack.wait_for(lambda: not self.slack.world.connected(cast.ACME) or None, "the bot to be gone", 15)

    def bot_dies_at(self, stop: Stop, act: Callable[[], object]) -> None:
        """Let something happen, and kill the bot where it stands still; another comes, and leases run out."""
        held = self.hold(stop)
        act()
        held.wait(PATIENCE_SECONDS)
        self.bot_dies()
        self.slack.faults.let_go()
        self.door.let_go()
        self.product.later(seconds=61)
        self.bot_comes()
        self.until_all_is_told()

    def open_time_later(self, **by: float) -> None:
        """Set the clock to where so much of the support hours has gone by."""
        now = self.product.clock()
        self.product.clock.forward(support_hours.after(now, timedelta(**by)) - now)

    def hold(self, stop: Stop) -> DriverHold | Held:
        if stop.whom == "slack":
            return self.slack.faults.hold(stop.call, after=stop.after)
        return self.door.hold(stop.call, after=stop.after)

    def until_all_is_told(self) -> None:
        """No question is unanswered, and no notification is owed; nor is anything that waits for a lease to run out."""
        for _ in range(LEASES):
            if self._all_is_told_within(PATIENCE_SECONDS / LEASES):
                break
            self.product.later(seconds=61)
        else:
            raise AssertionError(self.rows("SELECT kind, state, attempts, reason FROM notifications"))
        self.slack.wait_until_idle(quiet=0.1, timeout=15)

    def _all_is_told_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        owed = "SELECT (SELECT count(*) FROM questions WHERE answered_at IS NULL)"
        while self.rows(f"{owed} + (SELECT count(*) FROM notifications WHERE state = 'open')") != [(0,)]:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    def rows(self, query: str, *values: object) -> list[Any]:
        with closing(sqlite3.connect(self.product.folder / "service.db", timeout=15)) as database:
            return database.execute(query, values).fetchall()

    def worker_dies_at(self, commit: int) -> None:
        """A worker does its duties, and dies at its commit of that number: before it if that is odd, or else after."""
        worker = self.forks.start("round", self.product.env, ends_at=commit)
        while alive(worker):
            time.sleep(0.02)

    def is_left_alone(self, who: str) -> None:
        """Somebody asks, and the bot that claims the question is never heard of again."""
        actor, place = f"slack:{cast.ACME}/{self.slack.world.person(who).id}", f"slack:{cast.ACME}/{self.slack.dm(who)}"
        self.product.api("POST", "/v1/questions", {"key": who, "text": QUESTION, "actor": actor, "place": place})

    def asks(self, who: str) -> str:
        """Hand a question over as the bot does for somebody; the request's id."""
        body = {"key": f"form:{who}", "text": f"A question of {who}", "name": who, "via": "slack"}
        actor = f"slack:{cast.ACME}/{self.slack.world.person(who).id}"
        return str(self.product.api("POST", "/v1/support-requests", body, actor=actor, tenant="acme")["id"])

    def resolves_all(self) -> None:
        """So that of what was asked before nobody is reminded."""
        for (request,) in self.rows("SELECT id FROM support_requests WHERE state != 'resolved'"):
            self.product.api("POST", f"/v1/support-requests/{request}/resolve")
        self.until_all_is_told()

    def told(self, channel: str, words: str) -> list[Message]:
        return [said for said in self.slack.messages(channel) if said.bot_id and words in said.text]


@pytest.fixture(scope="module")
def mortals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mortals]:
    folder = tmp_path_factory.mktemp("killed")
    with (
        running_sandbox(installed=(), timing=SLACK, clock=ForwardClock(folder / "clock")) as slack,
        running_processes(slack, folder) as product,
        forking(folder / "forks.log") as forks,
        door_to(product.web_port) as door,
    ):
        product.door = door.address
        product.clock.forward(support_hours.next_opening(product.clock()) - product.clock())
        product.start("web")
        there = Mortals(slack, product, door, forks)
        there.bot = forks.start("bot", product.bot_env)
        wait_for_http(f"http://127.0.0.1:{product.bot_port}/healthz")
        product.settle_in("acme", "retain")
        there.worker = forks.start("worker", product.env)
        yield there
        for process in filter(alive, (there.bot, there.worker)):
            os.kill(process, signal.SIGKILL)


@pytest.mark.parametrize("stop", QUESTION_STOPS, ids=str)
def test_a_question_is_answered_once(mortals: Mortals, stop: Stop) -> None:
    who = mortals.newcomer()
    mortals.bot_dies_at(stop, lambda: mortals.slack.say(who, "dm", QUESTION))
    mortals.slack.wait_for_message(mortals.slack.dm(who), ANSWER, timeout=PATIENCE_SECONDS)
    mortals.until_all_is_told()
    assert len(mortals.told(mortals.slack.dm(who), "")) == 1


@pytest.mark.parametrize("stop", CARD_STOPS, ids=str)
def test_a_request_is_shown_to_the_staff_once(mortals: Mortals, stop: Stop) -> None:
    who = mortals.newcomer()
    mortals.bot_dies_at(stop, lambda: mortals.asks(who))
    assert len(mortals.told(cast.STAFF_CHANNEL, f"A question of {who}")) == 1
    assert mortals.rows("SELECT card IS NOT NULL FROM support_requests WHERE key = ?", f"form:{who}") == [(True,)]


@pytest.mark.parametrize("stop", NEWS_STOPS, ids=str)
def test_an_answer_reaches_its_asker_once(mortals: Mortals, stop: Stop) -> None:
    who = mortals.newcomer()
    request = mortals.asks(who)
    mortals.until_all_is_told()
    words = {"key": f"answer:{who}", "text": f"An answer for {who}"}
    mortals.bot_dies_at(stop, lambda: mortals.product.api("POST", f"/v1/support-requests/{request}/answer", words))
    assert len(mortals.told(mortals.slack.dm(who), words["text"])) == 1


@pytest.mark.parametrize("stop", stops(POST), ids=str)
def test_a_reminder_comes_once(mortals: Mortals, stop: Stop) -> None:
    mortals.resolves_all()
    who = mortals.newcomer()
    mortals.asks(who)
    mortals.until_all_is_told()
    mortals.bot_dies_at(stop, lambda: mortals.open_time_later(minutes=91))
    assert len(mortals.told(cast.STAFF_CHANNEL, f"left to answer {who}")) == 1


@pytest.mark.parametrize(("stop", "shown"), [(Stop(*BEGIN, after=True), 0), (Stop(*POST, after=True), 1)], ids=str)
def test_what_cannot_be_proven_is_not_sent_again_and_staff_are_told_of_it(
    mortals: Mortals, stop: Stop, shown: int
) -> None:
    who, slack = mortals.newcomer(), mortals.slack
    granted = slack.app("retain").scopes
    slack.withhold("retain", "channels:history", "groups:history")
    mortals.bot_dies_at(stop, lambda: mortals.asks(who))
    slack.app("retain").scopes = granted
    assert len(mortals.told(cast.STAFF_CHANNEL, f"A question of {who}")) == shown
    ((request,),) = mortals.rows("SELECT id FROM support_requests WHERE key = ?", f"form:{who}")
    states = mortals.rows(
        "SELECT state FROM notifications WHERE kind = 'support_request.opened' AND about = ?", request
    )
    assert states == [("possibly_delivered",)]
    told = mortals.told(cast.STAFF_CHANNEL, "A support request may not have been shown to you")
    (notice,) = [one for one in told if request in str(one.blocks)]
    assert slack.click("sam", notice, "Show the request")
    slack.wait_for_message(
        cast.STAFF_CHANNEL, lambda one: one.ephemeral_to is not None and who in readable(one.blocks), viewer="sam"
    )


@pytest.mark.parametrize("stop", stops(("service", "POST /v1/support-requests ")), ids=str)
def test_a_form_that_is_sent_again_is_one_request(mortals: Mortals, stop: Stop) -> None:
    who, slack = mortals.newcomer(), mortals.slack
    slack.command(who, "dm", "/retain", "support")
    form, words = slack.wait_for_modal(who, "Talk to a person"), {"Your question": f"A question of {who}"}
    mortals.bot_dies_at(stop, lambda: slack.submit(who, form, words))
    sent = slack.submit(who, slack.wait_for_modal(who), words)
    assert sent is not None
    assert "Your question is with the people at Retain" in readable(sent.blocks)
    actor = f"slack:{cast.ACME}/{slack.world.person(who).id}"
    assert mortals.rows("SELECT count(*) FROM support_requests WHERE actor = ?", actor) == [(1,)]
    mortals.until_all_is_told()
    assert len(mortals.told(cast.STAFF_CHANNEL, f"A question of {who}")) == 1


def test_a_worker_that_dies_at_any_commit_owes_everything_once(mortals: Mortals) -> None:
    """Before each death a question was left unanswered for too long, and a target has come near."""
    mortals.resolves_all()
    os.kill(mortals.worker, signal.SIGKILL)
    mortals.bot_dies()  # nobody delivers meanwhile
    people = [mortals.newcomer() for _ in range(COMMITS)]
    for who in people:
        mortals.asks(who)
        mortals.product.later(seconds=STEP_SECONDS)
    mortals.open_time_later(seconds=90 * 60 + 1 - COMMITS * STEP_SECONDS)
    for commit, who in enumerate(people, start=1):
        mortals.is_left_alone(who)
        mortals.product.later(seconds=STEP_SECONDS)
        mortals.worker_dies_at(commit)
    mortals.worker = mortals.forks.start("worker", mortals.product.env)
    mortals.bot_comes()
    mortals.until_all_is_told()
    for who in people:
        assert len(mortals.told(mortals.slack.dm(who), ANSWER)) == 1
        assert len(mortals.told(cast.STAFF_CHANNEL, f"left to answer {who}")) == 1
