"""5,000 webhooks while web and worker are killed again and again: none is lost, and none counts twice."""

import asyncio
import random
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import URL

from integration.meetings.models import CalendarEvent
from integration.runtime import Runtime
from integration.webhooks.models import Webhook, WebhookState
from tests.integration.conftest import TestClock
from tests.integration.serving import environment
from tests.integration.webhooks.burst import Body, Burst
from tests.integration.webhooks.steps import about, calls, connect
from tests.integration.webhooks.zoom_says import signed

TENANTS = {"acme": "acc-1", "globex": "acc-2"}
MEETINGS = 250  # of each tenant; each is held in two calls, and each call is told of by five deliveries
WEB_DIES_AT = (1500, 3500)  # so many were answered well
WORKER_DIES_AT = (1000, 2500)  # so many were acted upon


@dataclass(frozen=True)
class Call:
    tenant: str
    uuid: str
    meeting: str
    start: datetime
    end: datetime

    def told(self) -> Iterator[bytes]:
        """What Zoom says of it; the last one comes twice."""
        said = {"uuid": self.uuid, "id": self.meeting, "start_time": self.start.isoformat()}
        for name in ("started", "participant_joined", "participant_left"):
            yield about(f"meeting.{name}", account=TENANTS[self.tenant], **said)
        yield from [about("meeting.ended", account=TENANTS[self.tenant], end_time=self.end.isoformat(), **said)] * 2


@dataclass
class Mortal:
    """A process that is killed and started again."""

    command: Sequence[str]
    env: Mapping[str, str]
    deaths: int = 0
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", *self.command], env=dict(self.env))

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()  # SIGKILL: it does nothing more
        self.process.wait()

    def die_and_rise(self) -> None:
        self.kill()
        self.deaths += 1
        self.start()


def held(seed: int) -> list[Call]:
    """Every meeting in two calls of the same id, which overlap, touch, or have a break between them."""
    chance = random.Random(seed)
    first = datetime.now(UTC).replace(microsecond=0) - timedelta(days=40)
    made = []
    for number, tenant in ((number, tenant) for tenant in TENANTS for number in range(MEETINGS)):
        start = first + timedelta(hours=3 * number)
        length, pause = chance.randrange(60, 1800), chance.choice((-30, 0, 45))
        again = start + timedelta(seconds=length + pause)
        meeting = str(93_000_000_000 + number % 50)  # 50 recurring ones
        made.append(Call(tenant, f"{tenant}-{number}-a", meeting, start, start + timedelta(seconds=length)))
        made.append(Call(tenant, f"{tenant}-{number}-b", meeting, again, again + timedelta(seconds=600)))
    return made


def plan(runtime: Runtime, made: Sequence[Call]) -> dict[str, int]:
    """A calendar event of an hour for each meeting; returns by its id how many seconds it really took."""
    expected = {}
    with runtime.database.writing() as session:
        for one, other in zip(made[::2], made[1::2], strict=True):
            row = one.uuid
            sealed = runtime.vault.seal(one.meeting, table="calendar_events", column="meeting_id", row=row)
            event = CalendarEvent(
                id=row,
                tenant_id=one.tenant,
                google_id="",
                google_hash=row,
                details="",
                meeting_id=sealed,
                meeting_hash=runtime.vault.lookup_hash("zoom_meeting", one.meeting),
                start_at=one.start,
                end_at=one.start + timedelta(hours=1),
                scheduled_seconds=3600,
                customer_rules=1,
            )
            session.add(event)
            gap = max(0, int((other.start - one.end).total_seconds()))
            expected[row] = int((other.end - one.start).total_seconds()) - gap
    return expected


def deliveries(made: Sequence[Call], seed: int) -> list[Body]:
    bodies = [body for call in made for body in call.told()]
    random.Random(seed).shuffle(bodies)
    now = datetime.now(UTC)
    return [(body, signed(body, now)) for body in bodies]


def acted_upon(runtime: Runtime) -> int:
    with runtime.database.reading() as session:
        done = select(func.count()).select_from(Webhook).where(Webhook.state == WebhookState.DONE)
        return session.scalar(done) or 0


async def scene(runtime: Runtime, burst: Burst, web: Mortal, worker: Mortal, distinct: int) -> None:
    sending = asyncio.create_task(burst.send())
    while not sending.done() or acted_upon(runtime) < distinct:
        if web.deaths < len(WEB_DIES_AT) and burst.stored >= WEB_DIES_AT[web.deaths]:
            web.die_and_rise()
        if worker.deaths < len(WORKER_DIES_AT) and acted_upon(runtime) >= WORKER_DIES_AT[worker.deaths]:
            worker.die_and_rise()
        await asyncio.sleep(0.02)
    await sending


@pytest.mark.timeout(600)  # half a minute of computing: on a busy machine it is slow, not stuck
def test_a_burst_survives_the_death_of_everybody_else(runtime: Runtime, database_url: URL, clock: TestClock) -> None:
    for tenant, account in TENANTS.items():
        connect(runtime, clock, tenant=tenant, account=account)
    made = held(seed=4)
    expected = plan(runtime, made)
    sent = deliveries(made, seed=4)
    assert len(sent) == 5000
    burst = Burst(free_port(), sent.copy())
    env = environment(database_url, LOG_LEVEL="ERROR")
    uvicorn = ("uvicorn", "--factory", "integration.app:create_app", "--port", str(burst.port), "--log-level", "error")
    web, worker = Mortal(uvicorn, env), Mortal(("integration", "worker"), env)
    with ExitStack() as ends:
        for process in (web, worker):
            process.start()
            ends.callback(process.kill)
        asyncio.run(scene(runtime, burst, web, worker, len({body for body, _ in sent})))
    assert (web.deaths, worker.deaths) == (len(WEB_DIES_AT), len(WORKER_DIES_AT))
    assert burst.lost > 0
    assert {status for status in burst.statuses if status < 500} == {204}
    check_rows(runtime, made, expected, {body for body, _ in sent})


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def check_rows(runtime: Runtime, made: Sequence[Call], expected: Mapping[str, int], sent: set[bytes]) -> None:
    with runtime.database.reading() as session:
        rows = session.execute(select(Webhook.state, Webhook.attempts)).all()
        assert rows == [("done", 1)] * len(sent)
        settled = select(CalendarEvent.id, CalendarEvent.actual_seconds).where(~CalendarEvent.running)
        assert {row.id: row.actual_seconds for row in session.execute(settled)} == expected
    known = sorted(calls(runtime))
    assert known == sorted((one.tenant, one.uuid, one.meeting, one.start, one.end) for one in made)
