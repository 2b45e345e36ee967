"""The Zoom stand-in's webhooks, over real HTTP, in each form that Zoom is known to use."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.engine import URL

from integration.app import create_app
from integration.db import Database
from integration.runtime import Runtime
from integration.webhooks.models import Webhook
from integration.webhooks.service import act_upon_due
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import TestClock, make_settings
from tests.integration.serving import serving
from tests.integration.webhooks.steps import calls, connect
from tests.support.zoom import running_zoom


@contextmanager
def zoom_telling(database_url: URL) -> Iterator[ZoomStandIn]:
    with running_zoom() as zoom:
        settings = make_settings(database_url, zoom_webhook_secret=zoom.webhook_secret)
        with serving(create_app(settings)) as service:
            zoom.aim_webhooks(f"{service.url}/webhooks/zoom")
            yield zoom


def number_stored(database_url: URL) -> int:
    database = Database(database_url)
    with database.reading() as session:
        found = session.query(Webhook).count()
    database.close()
    return found


def test_zoom_finds_the_address_valid(database_url: URL) -> None:
    with zoom_telling(database_url) as zoom:
        assert zoom.validate_webhook()
    assert number_stored(database_url) == 0


@pytest.mark.parametrize("stamp", ["seconds", "milliseconds"])
def test_an_event_arrives_and_its_copy_changes_nothing(database_url: URL, stamp: str) -> None:
    with zoom_telling(database_url) as zoom:
        zoom.faults.habits(stamp=stamp)
        delivery = zoom.deauthorized("jonas", late=timedelta(minutes=85))
        again = zoom.send_again(delivery)
    assert (delivery.status, again.status) == (204, 204)
    assert number_stored(database_url) == 1


FORMS: tuple[dict[str, str], ...] = (
    {},
    {"meeting_id": "number", "happened_at": "payload", "happened_in": "seconds", "host_joins": "yes"},
)


@pytest.mark.parametrize("habits", FORMS)
def test_a_call_that_dropped_is_known_as_zoom_has_it(
    database_url: URL, runtime: Runtime, clock: TestClock, habits: dict[str, str]
) -> None:
    began = datetime(2026, 11, 20, 9, tzinfo=UTC)
    with zoom_telling(database_url) as zoom:
        zoom.faults.habits(**habits)
        connect(runtime, clock, account=zoom.world.accounts["acme"].id)
        held = zoom.hold("jonas", "pmi", began=began, segments=((0, 600), (630, 0), (700, 2000)))
        lost = zoom.hold("jonas", began=began + timedelta(hours=2), send=["meeting.participant_joined"])
        zoom.tell(held[:1])
    clock.now = datetime.now(UTC)
    while act_upon_due(runtime):
        pass
    expected = [("acme", one.uuid, one.meeting_id, one.began, one.ended) for one in held]
    assert calls(runtime) == [*expected, ("acme", lost[0].uuid, lost[0].meeting_id, lost[0].began, None)]
