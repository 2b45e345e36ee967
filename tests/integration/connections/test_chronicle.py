"""The history as people read it: repetitions once, and deletions in words."""

from datetime import timedelta

from integration.connections.chronicle import chronicle, deleted_words
from integration.connections.disconnect import disconnect
from integration.connections.verify import verify
from integration.connections.views import ReceiptView
from integration.runtime import Runtime
from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.conftest import TestClock
from tests.integration.connections.steps import connect


def test_it_tells_the_newest_first_and_what_was_repeated_once(
    runtime: Runtime, zoom: ZoomStandIn, clock: TestClock
) -> None:
    connect(runtime, zoom)
    for _ in range(3):
        clock.move(timedelta(hours=1).total_seconds())
        verify(runtime, "acme", actor="slack:T0ACME/UJONAS")
    disconnect(runtime, "acme", cause="disconnected", actor="slack:T0ACME/UJONAS")
    with runtime.database.reading() as session:
        ended, checked, *_ = chronicle(session, runtime.vault, "acme")
    assert (checked.times, checked.at) == (3, clock.now)
    assert (ended.summary, ended.kind, ended.times) == ("Disconnected.", "", 1)
    assert (ended.deleted or "").startswith("our permission, the Zoom user's name")
    assert ended.withdrawn == "Zoom has confirmed that our permission is withdrawn."
    assert checked.deleted is checked.withdrawn is None


def test_what_was_deleted_is_counted_in_words(clock: TestClock) -> None:
    deleted = {"access_token": 1, "refresh_token": 1, "meeting_sessions": 1200, "backfills": 0, "odd_things": 2}
    receipt = ReceiptView(deleted=deleted, at=clock.now, revoked=True)
    assert deleted_words(receipt) == "our permission, 1,200 Zoom calls, 2 odd things"
    assert deleted_words(ReceiptView(deleted={}, at=clock.now, revoked=False)) == "there was nothing left"
