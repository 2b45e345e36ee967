import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import func, make_url, select, update

from integration.app import create_app
from integration.desk.models import SupportRequest
from integration.help_centre import support_pages
from integration.help_centre.support_form import NO_EMAIL, NOT_AN_EMAIL, NOTHING_ASKED, TRAP_FILLED
from integration.pages import throttle
from integration.policy import Role
from integration.runtime import Runtime
from integration.signing_in import service as signing_in
from integration.signing_in.models import PageLink
from integration.signing_in.service import Asked
from integration.tenants import personal_data
from integration.tenants.models import Tenant, Workspace
from kb.errors import ArticleError
from tests.integration.conftest import TestClock, make_settings
from tests.integration.connections.steps import STAFF
from tests.integration.submitting import submit, token_on

WRITTEN = {
    "key": "a" * 32,
    "question": "Why do my <hours> differ?",
    "more": "Since Monday.\r\nTwo meetings.",
    "name": "Ada King",
    "email": "ada@acme.example",
    "organisation": "Acme",
    "zone": "Europe/Berlin",
    "about": "meeting-durations",
    "trap": "",
}


def send(client: TestClient, site: str = "same-origin", **changes: str) -> Response:
    headers = {"Sec-Fetch-Site": site}
    return submit(client, "/support", WRITTEN | changes, headers=headers)


def told(page: Response) -> str:
    """What one reads, the times without what scripts know them by."""
    return re.sub(r"<[^>]*>", "", page.text)


def requests(runtime: Runtime) -> int:
    with runtime.database.reading() as session:
        return session.scalar(select(func.count()).select_from(SupportRequest)) or 0


def filled_in(page: str) -> Mapping[str, str]:
    """What a browser would send of this page."""
    lines = dict(re.findall(r'<input [^>]*name="(\w+)"[^>]*? value="([^"]*)"', page))
    areas = dict(re.findall(r'<textarea [^>]*name="(\w+)"[^>]*>\n?([^<]*)</textarea>', page))
    return lines | areas | {"zone": next(iter(re.findall(r'value="([^"]*)" selected', page)), "")}


def test_what_is_written_reaches_the_staff_and_the_asker_reads_by_when(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    sent = send(client)
    assert sent.status_code == 303
    page = client.get(sent.headers["Location"])
    assert "A person answers by 12:30 PT today (21:30 your time)" in told(page)
    assert page.headers["X-Robots-Tag"].startswith("noindex")
    assert "to a…@acme.example." in page.text
    assert "Ada" not in page.text
    assert "ada@" not in page.text
    (asked,) = client.get("/v1/support-requests", headers=STAFF).json()["requests"]
    assert (asked["via"], asked["actor"], asked["tenant"], asked["place"]) == ("web", None, None, None)
    assert asked["contact"] == {"name": "Ada King", "email": "ada@acme.example", "organisation": "Acme"}
    assert (asked["text"], asked["more"]) == (WRITTEN["question"], "Since Monday.\nTwo meetings.")
    assert (asked["time_zone"], asked["article"]) == ("Europe/Berlin", "meeting-durations")
    clock.move(7201)
    assert "We are late" in client.get(sent.headers["Location"]).text
    client.post(f"/v1/support-requests/{asked['id']}/answered-elsewhere", headers=STAFF).raise_for_status()
    assert "has answered you" in client.get(sent.headers["Location"]).text


def test_what_was_closed_without_an_answer_does_not_send_anybody_to_their_mail(client: TestClient) -> None:
    page = send(client).headers["Location"]
    (asked,) = client.get("/v1/support-requests", headers=STAFF).json()["requests"]
    client.post(f"/v1/support-requests/{asked['id']}/resolve", headers=STAFF).raise_for_status()
    assert "It was closed without an answer." in client.get(page).text
    assert "has answered you" not in client.get(page).text


def test_a_request_whose_person_is_forgotten_shows_no_address(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    page = send(client).headers["Location"]
    with runtime.database.writing() as session:
        personal_data.forget_person(session, runtime.vault, WRITTEN["email"], clock.now, by="slack:T1/USTAFF")
    shown = client.get(page)
    assert shown.status_code == 200
    assert "acme.example" not in shown.text


def test_whoever_is_signed_in_asks_as_themselves_and_is_answered_in_slack(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    asked = Asked("/", "slack:T7/U7", Role.ADMIN, "globex", "haruka@globex.example", "Haruka Sato")
    with runtime.database.writing() as session:
        session.add(Tenant(id="globex", name="Globex", created_at=clock.now))
        session.flush()
        session.add(Workspace(team="T7", tenant_id="globex", first_seen_at=clock.now))
        link = signing_in.make_link(session, runtime.vault, asked, clock.now)
        signing_in.sign_in(session, runtime.vault, link.token, "c" * 43, clock.now)
    client.cookies.set("retain-pages", "c" * 43)
    page = client.get("/support?q=Please+enable+Zoom")
    assert "You are signed in as Haruka Sato of Globex" in page.text
    assert filled_in(page.text)["question"] == "Please enable Zoom"
    assert "email" not in filled_in(page.text)
    assert page.headers["Cache-Control"] == "no-store"
    sent = submit(client, "/support", {"key": "a" * 32, "question": "Please enable Zoom", "email": "eve@evil.example"})
    assert "comes to you in Slack" in client.get(sent.headers["Location"]).text
    with runtime.database.reading() as session:
        request = session.scalars(select(SupportRequest)).one()
        assert (request.actor, request.tenant_id, request.via) == ("slack:T7/U7", "globex", "web")
        assert "evil" not in runtime.vault.open(
            request.contact or "", table="support_requests", column="contact", row=request.id
        )


def test_where_who_is_signed_in_cannot_be_read_or_is_over_the_form_is_anybodys(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    asked = Asked("/", "slack:T7/U7", Role.ADMIN, None, "haruka@globex.example", "Haruka Sato")
    with runtime.database.writing() as session:
        link = signing_in.make_link(session, runtime.vault, asked, clock.now)
        signing_in.sign_in(session, runtime.vault, link.token, "c" * 43, clock.now)
    client.cookies.set("retain-pages", "c" * 43)
    token = token_on(client.get("/support"))
    clock.move(1801)
    late = client.post("/support", data={"form_token": token, "question": "Why is it so?"})
    assert late.status_code == 403
    assert (filled_in(late.text)["question"], filled_in(late.text)["email"]) == ("Why is it so?", "")
    clock.move(-1801)
    with runtime.database.writing() as session:
        session.execute(update(PageLink).values(name="broken"))
    assert filled_in(client.get("/support").text)["email"] == ""


def test_sent_twice_it_is_one_request_and_changed_it_is_another(client: TestClient, runtime: Runtime) -> None:
    assert send(client).headers["Location"] == send(client).headers["Location"]
    assert requests(runtime) == 1
    send(client, question="And another thing")
    assert requests(runtime) == 2


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"question": " "}, NOTHING_ASKED),
        ({"email": ""}, NO_EMAIL),
        ({"email": "ada at acme"}, NOT_AN_EMAIL),
        ({"email": "ada?bcc=eve%40x.example@acme.example"}, NOT_AN_EMAIL),
        ({"more": "x" * 4001}, "shorten it to 4,000 characters"),
        ({"name": "x" * 255}, "shorten it to 254 characters"),
        ({"trap": "http://buy.example"}, TRAP_FILLED),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    client: TestClient, runtime: Runtime, changes: dict[str, str], told: str
) -> None:
    refused = send(client, **changes)
    assert refused.status_code == 422
    (name,) = changes
    assert f'id="{name}-wrong"' in refused.text
    assert f'href="#{name}"' in refused.text
    assert told in refused.text
    kept = {field: text.replace("\r\n", "\n").strip() for field, text in (WRITTEN | changes).items()}
    kept["form_token"] = token_on(refused)
    shown = {field: text.replace("&lt;", "<").replace("&gt;", ">") for field, text in filled_in(refused.text).items()}
    assert shown == kept
    assert requests(runtime) == 0


def test_while_the_database_is_away_what_was_typed_stays(clock: TestClock) -> None:
    settings = make_settings(make_url("sqlite:////nowhere/retain.db"))
    client = TestClient(create_app(settings, clock=clock), base_url="http://localhost:8000")
    assert client.get("/support").status_code == 200
    refused = send(client)
    assert refused.status_code == 503
    assert support_pages.AWAY in refused.text
    assert filled_in(refused.text)["email"] == WRITTEN["email"]


def test_one_address_cannot_flood_the_staff(client: TestClient, runtime: Runtime, clock: TestClock) -> None:
    for number in range(throttle.MOST):
        assert send(client, question=f"Question {number}").status_code == 303
    refused = send(client)
    assert refused.status_code == 429
    assert filled_in(refused.text)["email"] == WRITTEN["email"]
    clock.move(throttle.WITHIN.total_seconds())
    assert send(client).status_code == 303


def test_another_sites_form_and_what_is_no_form_are_not_taken(client: TestClient, runtime: Runtime) -> None:
    assert client.post("/support", content=b"&".join([b"a=1"] * 51)).status_code == 400
    assert client.post("/support", content=b"\xff\xfe\0").status_code == 403
    refused = send(client, site="cross-site")
    assert refused.status_code == 403
    assert support_pages.NOT_FROM_HERE in refused.text
    assert filled_in(refused.text)["question"] == "Why do my &lt;hours&gt; differ?"
    assert requests(runtime) == 0


def test_a_form_that_stood_open_for_days_is_shown_again_with_all_that_was_typed(
    client: TestClient, clock: TestClock
) -> None:
    token = token_on(client.get("/support"))
    clock.move(2 * 86_400)
    late = client.post("/support", data=WRITTEN | {"form_token": token}, follow_redirects=False)
    assert late.status_code == 403
    again = client.post("/support", data=filled_in(late.text), follow_redirects=False)
    assert again.status_code == 303


def test_the_form_names_the_article_that_one_comes_from(pages: TestClient) -> None:
    assert 'href="/support?about=connect-zoom"' in pages.get("/help/connect-zoom").text
    page = pages.get("/support", params={"about": "connect-zoom"}).text
    assert filled_in(page)["about"] == "connect-zoom"
    assert "Connect Zoom" in page
    assert filled_in(pages.get("/support", params={"about": "nothing"}).text)["about"] == ""
    assert filled_in(pages.get("/support", params={"q": "zoom ico"}).text)["question"] == "zoom ico"
    assert 'href="/support"' not in page
    assert "Write to us with the form above" in page
    assert pages.get("/support").headers["Cache-Control"] == "no-store"
    for unknown in ("0" * 32, "%00", "x"):
        assert pages.get(f"/support/{unknown}").status_code == 404


def test_out_of_hours_it_says_when_a_person_answers(pages: TestClient, clock: TestClock) -> None:
    clock.now = datetime(2025, 1, 18, 12, tzinfo=UTC)
    assert "a person answers by Mon 11:00 PT." in told(pages.get("/support"))


def test_people_are_reached_while_the_articles_cannot_be_read(
    client: TestClient, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> NoReturn:
        raise ArticleError("Two articles claim one question.", path=Path("a.md"), line=1)

    monkeypatch.setattr("integration.runtime.load_library", broken)
    assert client.get("/support?about=connect-zoom").status_code == 200
    assert send(client).status_code == 303
    assert requests(runtime) == 1
