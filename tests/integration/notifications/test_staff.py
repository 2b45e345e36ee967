from datetime import timedelta

from fastapi.testclient import TestClient

from integration.notifications import service
from integration.notifications.staff import tell_staff
from integration.runtime import Runtime
from tests.integration.asking import claim
from tests.integration.conftest import TestClock


def tell(runtime: Runtime, about: str = "thing-1") -> bool:
    with runtime.database.writing() as session:
        return tell_staff(
            session,
            runtime.vault,
            topic="incident",
            title="A title",
            text="A text.",
            about=about,
            now=runtime.clock(),
            data={"count": 3},
        )


def test_staff_are_told_in_their_place_with_all_that_a_message_needs(client: TestClient, runtime: Runtime) -> None:
    assert tell(runtime)
    assert claim(client, place="slack:T1") == []
    (one,) = claim(client, place="slack:T1, staff")
    assert one["kind"] == "staff.notice"
    assert one["payload"] == {
        "topic": "incident",
        "title": "A title",
        "text": "A text.",
        "tenant": None,
        "article": None,
        "data": {"count": 3},
    }


def test_of_one_thing_they_are_told_once(client: TestClient, runtime: Runtime) -> None:
    assert [tell(runtime), tell(runtime), tell(runtime, "thing-2")] == [True, False, True]
    assert len(claim(client, place="staff")) == 2


def owe(runtime: Runtime, place: str, about: str, seconds: float = 0) -> None:
    with runtime.database.writing() as session:
        now = runtime.clock()
        due = now + timedelta(seconds=seconds)
        service.owe(
            session, runtime.vault, kind="k", about=about, payload={"place": place}, now=now, place=place, due=due
        )


def test_a_bot_names_all_the_places_that_it_serves(client: TestClient, runtime: Runtime) -> None:
    for number, place in enumerate(("slack:T1/U1", "slack:T2/U2", "slack:T3/U3", "staff", "staffing/x")):
        owe(runtime, place, str(number))
    claimed = claim(client, place=" slack:T1 ,staff,, slack:T3")
    assert sorted(str(one["payload"]["place"]) for one in claimed) == ["slack:T1/U1", "slack:T3/U3", "staff"]  # type: ignore[index]


def test_what_is_due_later_is_claimed_later_and_can_be_taken_back_until_then(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    owe(runtime, "staff", "one", seconds=60)
    owe(runtime, "staff", "two", seconds=60)
    clock.move(59)
    assert claim(client) == []
    with runtime.database.writing() as session:
        assert not service.may_be_known(session, "k", ["one", "two"])
        service.settle(session, runtime.vault, about=["one"], now=clock.now)
    clock.move(1)
    assert len(claim(client)) == 1
    with runtime.database.reading() as session:
        assert service.may_be_known(session, "k", ["two"])
        assert not service.may_be_known(session, "k", ["one"])
