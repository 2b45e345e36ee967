from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from integration.notifications import service
from integration.notifications.handing_on import MOST_INSTEAD, MOST_TOLD
from integration.runtime import Runtime
from integration.tenants import preferences
from tests.integration.asking import claim, notifications

GONE, THERE, ADMIN = "slack:T1/UGONE", "slack:T1/UTHERE", "slack:T1/UADMIN"


def owe(runtime: Runtime, *actors: str, kind: str = "k", thing: str = "event", change: str = "lost") -> None:
    with runtime.database.writing() as session:
        for number, actor in enumerate(actors):
            about = f"{thing}/{number}" if thing else f"e{number}"
            payload = {"actor": actor, "change": change}
            now = runtime.clock()
            service.owe(session, runtime.vault, kind=kind, about=about, payload=payload, now=now, place=actor)


def give_up(client: TestClient, one: dict[str, object], *instead: str) -> int:
    body = {"outcome": "gave_up", "reason": "user_disabled", "instead": instead}
    return client.post(f"/v1/notifications/{one['id']}/ack", json=body).status_code


def test_who_stands_in_hears_the_same_once(client: TestClient, runtime: Runtime) -> None:
    owe(runtime, GONE, THERE)
    for one in claim(client, place=GONE):
        assert give_up(client, one, THERE, ADMIN, ADMIN) == 204
        assert give_up(client, one, "slack:T1/ULATE") == 204  # the first outcome stays
    (handed_on,) = claim(client, place=ADMIN)
    assert handed_on["payload"] == {"actor": ADMIN, "change": "lost"}
    assert [one["payload"] for one in claim(client)] == [{"actor": THERE, "change": "lost"}]
    give_up(client, handed_on, GONE)  # to whom it was owed before: it goes in no circle
    assert claim(client) == []


def test_several_who_left_at_once_hand_on_to_each_once(client: TestClient, runtime: Runtime) -> None:
    owe(runtime, *(f"slack:T1/U{number}" for number in range(3)))
    with ThreadPoolExecutor(3) as bots:
        list(bots.map(lambda one: give_up(client, one, ADMIN, THERE), claim(client)))
    handed_on = claim(client)
    assert sorted(one["payload"]["actor"] for one in handed_on) == [ADMIN, THERE]  # type: ignore[index]


def test_no_more_than_so_many_are_told_of_one_thing(client: TestClient, runtime: Runtime) -> None:
    owe(runtime, GONE, *(f"slack:T1/U{number}" for number in range(MOST_TOLD - 3)))
    (one,) = claim(client, place=GONE)
    assert give_up(client, one, *(f"slack:T2/U{number}" for number in range(MOST_INSTEAD))) == 204
    assert len(notifications(runtime)) == MOST_TOLD
    too_many = give_up(client, one, *(f"slack:T2/U{number}" for number in range(MOST_INSTEAD + 1)))
    assert too_many == 422


@pytest.mark.parametrize(
    ("kind", "change", "heard"),
    [("connection.changed", "restored", 0), ("backfill.finished", "-", 0), ("connection.changed", "lost", 1)],
)
def test_good_news_is_not_handed_on_to_who_does_not_want_it(
    client: TestClient, runtime: Runtime, kind: str, change: str, heard: int
) -> None:
    with runtime.database.writing() as session:
        preferences.change(session, ADMIN, reminders=None, news=False, now=runtime.clock())
    owe(runtime, GONE, kind=kind, change=change)
    (one,) = claim(client)
    assert give_up(client, one, ADMIN, THERE) == 204
    assert [one["payload"]["actor"] for one in claim(client, place=ADMIN)] == [ADMIN] * heard  # type: ignore[index]
    assert len(claim(client, place=THERE)) == 1


@pytest.mark.parametrize("thing", ["", "event"])
def test_what_is_for_one_person_alone_is_not_handed_on(client: TestClient, runtime: Runtime, thing: str) -> None:
    owe(runtime, GONE, thing=thing)
    (one,) = claim(client)
    give_up(client, one, ADMIN)
    assert len(claim(client)) == (1 if thing else 0)
