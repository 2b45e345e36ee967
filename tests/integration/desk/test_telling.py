from fastapi.testclient import TestClient

from integration.desk import telling
from integration.notifications.models import State
from integration.runtime import Runtime
from tests.integration.asking import claim
from tests.integration.desk.steps import AS_DANA, act, answered, done, hand_over, shown, stand_card, told


def changes(runtime: Runtime) -> list[tuple[str, str]]:
    return [(row.about.partition("/")[2], row.state) for row, _ in told(runtime, telling.CHANGED)]


def test_a_card_hears_of_each_change_and_of_the_last_one_only(client: TestClient, runtime: Runtime) -> None:
    request = hand_over(client)
    stand_card(client, request)
    assert changes(runtime) == []
    done(client, request, "claim")
    answered(client, request)
    assert changes(runtime) == [("1", State.SETTLED), ("2", State.OPEN)]
    ((_, settled), (owed, payload)) = told(runtime, telling.CHANGED)
    assert settled == {}
    assert (owed.place, payload) == ("staff", {"request": request, "tenant": None, "version": 2})
    assert shown(client, request)["version"] == 2


def test_what_changed_before_the_card_stood_is_told_once_it_does(client: TestClient, runtime: Runtime) -> None:
    request = hand_over(client)
    done(client, request, "claim")
    assert changes(runtime) == []
    stand_card(client, request)
    stand_card(client, request)
    assert changes(runtime) == [("2", State.OPEN)]
    assert shown(client, request)["card"] == "slack:T0RETAIN/CSTAFF/1.1"
    stand_card(client, request, "slack:T0RETAIN/CSTAFF/2.2")  # it was posted anew
    assert changes(runtime) == [("2", State.SETTLED), ("3", State.OPEN)]


def test_nothing_is_told_of_what_was_refused(client: TestClient, runtime: Runtime) -> None:
    request = hand_over(client)
    stand_card(client, request)
    done(client, request, "resolve")
    assert act(client, request, "claim").status_code == 409
    assert (
        act(client, request, "write", AS_DANA | {"X-Actor": "slack:T0ACME/UEVE"}, key="k", text="t").status_code == 404
    )
    assert changes(runtime) == [("1", State.OPEN)]


def test_the_card_hears_what_became_of_an_answer(client: TestClient, runtime: Runtime) -> None:
    request = hand_over(client)
    stand_card(client, request)
    (said,) = answered(client, request)["said"]
    with runtime.database.writing() as session:
        telling.delivery_known(session, runtime.vault, said["id"], runtime.clock())
        telling.delivery_known(session, runtime.vault, "0" * 32, runtime.clock())  # its request is forgotten
    assert changes(runtime) == [("1", State.SETTLED), ("2", State.OPEN)]


def test_each_bot_gets_what_is_for_its_people(client: TestClient) -> None:
    answered(client, hand_over(client))
    assert [one["kind"] for one in claim(client, place="slack:T9")] == []
    assert [one["kind"] for one in claim(client, place="slack:T0ACME")] == [telling.ANSWERED]
    assert [one["kind"] for one in claim(client, place="staff")] == [telling.OPENED]
