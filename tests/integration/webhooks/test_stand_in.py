"""The Zoom stand-in's webhooks, over real HTTP, in each form that Zoom is known to use."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy.engine import URL

from integration.app import create_app
from integration.db import Database
from integration.webhooks.models import Webhook
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import make_settings
from tests.integration.serving import serving
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
