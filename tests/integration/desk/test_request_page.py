"""A support request's page: what one reads, what one can do, and that nothing typed is lost."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from integration.runtime import Runtime
from tests.integration.conftest import TestClock
from tests.integration.desk.reading import browser_of, people_of, read, words
from tests.integration.desk.steps import (
    AS_DANA,
    AS_ROBIN,
    ROBIN,
    SAM,
    act,
    answered,
    clocks,
    done,
    hand_over,
    happened,
    kept,
    told,
)
from tests.integration.submitting import submit, token_on

TEXT = "Because a token\nwas revoked."


@pytest.fixture
def desk(client: TestClient, runtime: Runtime) -> TestClient:
    """A browser of one of the staff; `client` remains the bot."""
    people_of(runtime)
    return browser_of(client)


def press(browser: TestClient, request: str, do: str, **typed: str) -> str:
    """Open the page of a request and press a button there: what one reads then."""
    path = f"/staff/queue/{request}"
    response = submit(browser, path, {"do": do, **typed})
    if response.status_code == 303:
        response = browser.get(response.headers["Location"])
    return words(response.text)


def test_it_shows_who_asks_what_until_when_and_how_zoom_stood(desk: TestClient, client: TestClient) -> None:
    request = hand_over(client, name="Dana Fox", more="Since <b>Monday</b>", article="reauthorize-zoom")
    page = read(desk, f"/staff/queue/{request}")
    assert "Dana Fox (Acme Corp) asks for a person" in page
    assert "Answer by 12:30 PT today, 2 h of support time left. Nobody has it yet." in page
    assert "Dana Fox asked, 10:30 PT today Why must I connect again?" in page
    assert "Dana Fox added, 10:30 PT today Since <b>Monday</b>" in page
    assert "Zoom when they asked Zoom is not enabled yet." in page
    assert "The bot answered" in page
    html = desk.get(f"/staff/queue/{request}").text
    assert 'href="/staff/tenants/acme"' in html
    assert not re.search(r"<script>|<style|style=", html)


def test_its_buttons_do_what_those_in_slack_do(desk: TestClient, client: TestClient, runtime: Runtime) -> None:
    request = hand_over(client)
    assert "You took it on." in press(desk, request, "claim")
    assert kept(runtime)[0].claimed_by == SAM
    assert "You have it." in read(desk, f"/staff/queue/{request}")
    assert "Nobody has it yet" in press(desk, request, "release")
    assert "Snoozed until 11:00 PT today." in press(desk, request, "snooze", snooze="30")
    assert "Snoozed until" not in press(desk, request, "snooze", snooze="end")
    assert "It is resolved. To go on with it, reopen it" in press(desk, request, "resolve")
    assert "was closed without an answer" in read(desk, f"/staff/queue/{request}")
    assert "waits again" in press(desk, request, "reopen")
    assert "You answered in another way" in press(desk, request, "answered-elsewhere")
    assert [one.ended for one in clocks(runtime)] == ["closed", "elsewhere"]
    assert happened(runtime) == [
        *("opened", "claimed", "released", "snoozed", "snoozed", "resolved", "reopened", "elsewhere")
    ]


def test_an_answer_is_sent_once_however_often_the_form_is(
    desk: TestClient, client: TestClient, runtime: Runtime
) -> None:
    request = hand_over(client)
    page = desk.get(f"/staff/queue/{request}")
    sent = {"form_token": token_on(page), "do": "answer", "key": "k1", "text": TEXT.replace("\n", "\r\n")}
    for _ in range(2):
        response = desk.post(f"/staff/queue/{request}", data=sent, follow_redirects=False)
        assert response.status_code == 303
    [(_, payload)] = told(runtime, "support_request.answered")
    assert (payload["text"], payload["by"]) == (TEXT, SAM)
    shown = read(desk, response.headers["Location"])
    assert "Your answer was handed over to Slack." in shown
    assert "You answered, 10:30 PT today On its way Because a token was revoked." in shown


def test_an_answer_has_no_nul_as_through_the_api(desk: TestClient, client: TestClient, runtime: Runtime) -> None:
    request = hand_over(client)
    assert "There is no answer yet." in press(desk, request, "answer", text="\0")
    press(desk, request, "answer", text="Because\0 a token was revoked.")
    [(_, payload)] = told(runtime, "support_request.answered")
    assert payload["text"] == "Because a token was revoked."


def test_what_was_typed_survives_a_colleague_who_was_quicker(
    desk: TestClient, client: TestClient, runtime: Runtime
) -> None:
    request = hand_over(client)
    page = desk.get(f"/staff/queue/{request}")
    press(browser_of(client, AS_ROBIN, "Robin Hale"), request, "claim")
    sent = {"form_token": token_on(page), "do": "answer", "key": "k1", "text": TEXT}
    refused = desk.post(f"/staff/queue/{request}", data=sent)
    assert refused.status_code == 409
    assert "Robin Hale took it on meanwhile." in words(refused.text)
    assert f">{TEXT}</textarea>" in refused.text
    assert "Answer anyway" in refused.text
    assert told(runtime, "support_request.answered") == []
    assert "Robin Hale has it." in press(desk, request, "answer", text=TEXT, anyway=ROBIN)
    assert len(told(runtime, "support_request.answered")) == 1


def test_one_overrules_only_the_colleague_whom_one_saw_to_have_it(
    desk: TestClient, client: TestClient, runtime: Runtime
) -> None:
    request = hand_over(client)
    done(client, request, "claim", AS_ROBIN)
    page = desk.get(f"/staff/queue/{request}")
    assert f'name="anyway" value="{ROBIN}"' in page.text
    kim = {"X-Actor": "slack:T0RETAIN/UKIM", "X-Role": "staff"}
    done(client, request, "release", kim)
    done(client, request, "claim", kim)
    sent = {"form_token": token_on(page), "do": "answer", "key": "k1", "text": TEXT, "anyway": ROBIN}
    refused = desk.post(f"/staff/queue/{request}", data=sent)
    assert (refused.status_code, "A colleague took it on meanwhile." in words(refused.text)) == (409, True)
    assert told(runtime, "support_request.answered") == []


def test_who_answers_has_seen_what_a_colleague_answered_meanwhile(
    desk: TestClient, client: TestClient, runtime: Runtime
) -> None:
    request = hand_over(client)
    done(client, request, "claim", AS_ROBIN)
    page = desk.get(f"/staff/queue/{request}")
    done(client, request, "answer", AS_ROBIN, key="view:A1", text="It was revoked.")
    sent = {"form_token": token_on(page), "do": "answer", "key": "k1", "text": TEXT, "anyway": ROBIN, "seen": ""}
    refused = desk.post(f"/staff/queue/{request}", data=sent)
    assert refused.status_code == 409
    assert "A colleague answered meanwhile. Read it above." in words(refused.text)
    assert f">{TEXT}</textarea>" in refused.text
    seen = re.search(r'name="seen" value="([^"]+)"', refused.text)
    assert seen is not None
    for _ in range(2):
        again = desk.post(f"/staff/queue/{request}", data=sent | {"seen": seen[1]}, follow_redirects=False)
        assert again.status_code == 303
    assert len(told(runtime, "support_request.answered")) == 2


def test_what_was_done_is_said_until_something_else_is_done(desk: TestClient, client: TestClient) -> None:
    request = hand_over(client)
    led = submit(desk, f"/staff/queue/{request}", {"do": "claim"}).headers["Location"]
    assert "You took it on." in read(desk, led)
    done(client, request, "resolve", AS_ROBIN)
    assert "You took it on." not in read(desk, led)
    assert "You took it on." not in read(desk, f"/staff/queue/{request}?done=claim")


def test_what_was_typed_survives_one_who_resolved_it_and_its_reopening(desk: TestClient, client: TestClient) -> None:
    request = hand_over(client)
    page = desk.get(f"/staff/queue/{request}")
    done(client, request, "resolve")
    sent = {"form_token": token_on(page), "key": "k1", "text": TEXT}
    refused = desk.post(f"/staff/queue/{request}", data=sent | {"do": "answer"})
    assert (refused.status_code, "Reopen it first." in refused.text) == (409, True)
    assert f">{TEXT}</textarea>" in refused.text
    reopened = desk.post(f"/staff/queue/{request}", data=sent | {"do": "reopen"})
    assert (reopened.status_code, "You reopened it." in reopened.text) == (200, True)
    assert f">{TEXT}</textarea>" in reopened.text


def test_what_cannot_be_done_says_so(desk: TestClient, client: TestClient) -> None:
    request = hand_over(client)
    for sent, said in (
        ({"do": "answer", "text": " \n"}, "There is no answer yet."),
        ({"do": "answer", "text": "x" * 40_001}, "The answer has 40,001 characters"),
        ({"do": "dance", "text": TEXT}, "Nothing was done"),
    ):
        response = submit(desk, f"/staff/queue/{request}", sent)
        assert (response.status_code, said in response.text) == (422, True)
        assert sent["text"].strip() in response.text


def test_a_form_of_another_browser_does_nothing_and_loses_nothing(
    desk: TestClient, client: TestClient, runtime: Runtime
) -> None:
    request = hand_over(client)
    forged = {"form_token": token_on(browser_of(client, AS_ROBIN).get(f"/staff/queue/{request}")), "do": "answer"}
    response = desk.post(f"/staff/queue/{request}", data=forged | {"text": TEXT})
    assert (response.status_code, f">{TEXT}</textarea>" in response.text) == (403, True)
    assert happened(runtime) == ["opened"]


def test_who_came_by_the_web_is_answered_by_mail(desk: TestClient, client: TestClient) -> None:
    del client.headers["Authorization"]
    sent = submit(
        client, "/support", {"question": "Help?", "email": "kim@umbrella.example", "organisation": "Umbrella"}
    )
    request = sent.headers["Location"].rpartition("/")[2]
    page = read(desk, f"/staff/queue/{request}")
    assert "kim@umbrella.example (says: Umbrella) asks for a person" in page
    assert "Answer by e-mail to kim@umbrella.example, then mark it as answered here." in page
    assert "Tell nothing about an organisation." in page
    assert "Send the answer" not in page


def test_an_answer_that_did_not_arrive_says_so(desk: TestClient, client: TestClient, runtime: Runtime) -> None:
    request = hand_over(client)
    answered(client, request)
    [(row, _)] = told(runtime, "support_request.answered")
    claimed = client.post("/v1/notifications/claim", headers={"X-Place": "slack:T0ACME, staff"})
    assert row.id in [one["id"] for one in claimed.json()["notifications"]]
    gone = {"outcome": "gave_up", "reason": "user_not_found"}
    assert client.post(f"/v1/notifications/{row.id}/ack", json=gone).status_code == 204
    page = read(desk, f"/staff/queue/{request}")
    assert "has no answer yet: it could not be delivered Answer not delivered" in page
    assert "Not delivered (user not found)" in page


@pytest.mark.usefixtures("desk")
def test_a_late_one_and_one_that_waits_again(client: TestClient, clock: TestClock) -> None:
    request = hand_over(client)
    clock.move(timedelta(hours=2, minutes=5).total_seconds())
    desk = browser_of(client)
    page = read(desk, f"/staff/queue/{request}")
    assert "Overdue Answer by 12:30 PT today, overdue by 5 min of support time." in page
    answered(client, request)
    act(client, request, "write", AS_DANA, key="m1", text="And now?")
    page = read(desk, f"/staff/queue/{request}")
    assert "Somebody (Acme Corp) wrote again" in page
    assert "Somebody wrote, 12:35 PT today And now?" in page


def test_only_staff_get_there(desk: TestClient, client: TestClient, runtime: Runtime) -> None:
    request = hand_over(client)
    jonas = browser_of(client, AS_DANA | {"X-Role": "admin"})
    assert "not open to you" in read(jonas, f"/staff/queue/{request}", 403)
    assert jonas.post(f"/staff/queue/{request}", data={"do": "claim"}).status_code == 403
    desk.cookies.clear()
    assert "not signed in" in read(desk, f"/staff/queue/{request}", 401)
    assert happened(runtime) == ["opened"]


def test_one_that_is_gone_says_so(desk: TestClient) -> None:
    page = read(desk, f"/staff/queue/{'0' * 32}", 404)
    assert "This support request is not there any more" in page
