"""Several workspaces: the real bot, installed over its own pages in a stand-in for Slack, removed, and told of."""

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from bot.installation import announcing
from bot.sandbox import installs
from bot.sandbox.driver import Driver, running_sandbox
from bot.sandbox.model import Registration
from bot.sandbox.records import Timing
from tests.bot.conftest import QUESTION
from tests.support.bot import running_shared_bot
from tests.support.service import API_KEY, Service

ANSWER = "technical reasons"


@pytest.fixture
def slack() -> Iterator[Driver]:
    """A Slack where the app is installed nowhere."""
    with running_sandbox(installed=()) as driver:
        yield driver


@pytest.fixture
def app(slack: Driver, tmp_path: Path) -> Iterator[Registration]:
    """A bot of all workspaces, without a service behind it."""
    with running_shared_bot(slack, tmp_path) as registration:
        yield registration


@pytest.fixture
def browser() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def begin(browser: requests.Session, app: Registration) -> str:
    """Goes to Slack's page; its address."""
    asked = browser.get(str(app.install_url), timeout=10)
    assert asked.ok
    return asked.url


def decide(browser: requests.Session, page: str, person: str = "ines", answer: str = "allow") -> str:
    """What Slack would send the browser to."""
    decided = browser.post(page, {"person": person, "answer": answer}, timeout=10, allow_redirects=False)
    return decided.headers["location"]


def install(app: Registration, person: str) -> None:
    installs.install(str(app.install_url), person)


def answered(slack: Driver, person: str) -> None:
    slack.say(person, "dm", QUESTION)
    slack.wait_for_message(slack.dm(person), ANSWER, timeout=10)


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_each_workspace_that_installs_the_app_is_answered_with_its_own_token(
    slack: Driver, tmp_path: Path, mode: str
) -> None:
    with running_shared_bot(slack, tmp_path, mode=mode) as app:
        for person in ("ines", "jonas"):
            install(app, person)
            answered(slack, person)
    teams = {call.team_id for call in slack.calls_of("chat.postMessage")}
    assert teams == {"T0INITECH", "T0ACME"}
    assert [call for call in slack.calls if not call.ok] == []


def test_the_page_at_the_end_says_what_happens_next(app: Registration, browser: requests.Session) -> None:
    done = browser.get(decide(browser, begin(browser, app)), timeout=10)
    assert done.status_code == 200
    assert "Retain is installed in Initech" in done.text
    assert "links this workspace to your organisation" in done.text
    assert "/app_redirect?app=A0RETAIN&amp;team=T0INITECH" in done.text
    assert done.headers["cache-control"] == "no-store"
    assert done.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in done.headers["content-security-policy"]
    assert browser.cookies.get_dict() == {}


def test_an_installation_outlives_the_process(slack: Driver, tmp_path: Path) -> None:
    with running_shared_bot(slack, tmp_path) as app:
        install(app, "ines")
    with running_shared_bot(slack, tmp_path):
        answered(slack, "ines")


def test_a_person_who_cancels_is_told_and_may_try_again(
    slack: Driver, app: Registration, browser: requests.Session
) -> None:
    cancelled = browser.get(decide(browser, begin(browser, app), answer="cancel"), timeout=10)
    assert "Retain was not installed" in cancelled.text
    assert 'href="/slack/install"' in cancelled.text
    assert slack.calls_of("oauth.v2.access") == []
    assert "is installed in Initech" in browser.get(decide(browser, begin(browser, app)), timeout=10).text


def test_a_code_that_another_browser_began_with_is_refused(
    slack: Driver, app: Registration, browser: requests.Session
) -> None:
    landing = decide(browser, begin(browser, app))
    refused = requests.get(landing, timeout=10)
    assert refused.status_code == 400
    assert "Please start again" in refused.text
    assert slack.calls_of("oauth.v2.access") == []


@pytest.mark.parametrize("state", ["", "forged", "\u00e9"])
def test_a_state_that_is_missing_or_forged_is_refused(
    slack: Driver, app: Registration, browser: requests.Session, state: str
) -> None:
    begin(browser, app)
    landing = str(app.redirect_url)
    refused = browser.get(landing, params={"code": "1.2.3", "state": state}, timeout=10)
    assert refused.status_code == 400
    assert slack.calls_of("oauth.v2.access") == []


def test_the_same_way_back_works_once(slack: Driver, app: Registration, browser: requests.Session) -> None:
    landing = decide(browser, begin(browser, app))
    assert browser.get(landing, timeout=10).status_code == 200
    again = browser.get(landing, timeout=10)
    assert again.status_code == 400
    assert len(slack.calls_of("oauth.v2.access")) == 1


def test_a_code_that_slack_does_not_take_any_more(app: Registration, browser: requests.Session) -> None:
    state = parse_qs(urlsplit(begin(browser, app)).query)["state"][0]
    spent = browser.get(str(app.redirect_url), params={"code": "1.2.3", "state": state}, timeout=10)
    assert spent.status_code == 400
    assert "That took too long" in spent.text


@pytest.mark.parametrize(("status", "error"), [(500, "internal_error"), (200, "fatal_error"), (429, "ratelimited")])
@pytest.mark.parametrize("method", ["oauth.v2.access", "auth.test"])
def test_while_slack_fails_nothing_is_installed(
    slack: Driver, app: Registration, browser: requests.Session, method: str, status: int, error: str
) -> None:
    landing = decide(browser, begin(browser, app))
    slack.faults.fail(method, status=status, error=error)
    failed = browser.get(landing, timeout=10)
    assert failed.status_code == 503
    assert "Slack does not answer" in failed.text
    assert 'href="/slack/install"' in failed.text


def test_what_is_our_fault_is_said_under_a_reference_and_logged_without_a_secret(
    slack: Driver, tmp_path: Path, browser: requests.Session, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    with running_shared_bot(slack, tmp_path, more={"SLACK_CLIENT_SECRET": "a-wrong-secret"}) as app:
        landing = decide(browser, begin(browser, app))
        failed = browser.get(landing, timeout=10)
    assert failed.status_code == 500
    assert "Something went wrong on our side" in failed.text
    line = next(record.getMessage() for record in caplog.records if "installation failed" in record.getMessage())
    assert "bad_client_secret" in line
    assert line.split("reference ")[1][:8] in failed.text
    code = parse_qs(urlsplit(landing).query)["code"][0]
    assert not any(secret in caplog.text for secret in ("a-wrong-secret", code))


def test_no_token_reaches_a_log_or_a_page(
    slack: Driver, app: Registration, browser: requests.Session, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    done = browser.get(decide(browser, begin(browser, app)), timeout=10)
    answered(slack, "ines")
    for secret in (slack.bot_token("initech"), app.client_secret, app.app_token, app.signing_secret):
        assert secret not in caplog.text + done.text


def test_a_removed_app_is_forgotten_and_can_come_back(
    slack: Driver, app: Registration, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="bot")
    install(app, "ines")
    install(app, "jonas")
    slack.faults.redeliver(3)
    slack.uninstall("initech")
    slack.wait_for(lambda: "T0INITECH: its installation is deleted" in caplog.text or None, "the news")
    slack.wait_until_idle()
    assert caplog.text.count("its installation is deleted") == 1
    assert {d.outcome for d in slack.deliveries if d.team_id == "T0INITECH"} == {"acked"}
    answered(slack, "jonas")
    install(app, "ines")
    answered(slack, "ines")


def test_late_news_of_a_removal_does_not_undo_a_new_installation(slack: Driver, app: Registration) -> None:
    install(app, "ines")
    for late in ({"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["U0BOTINITECH"]}}):
        slack.send_event("initech", late)
    slack.wait_until_idle()
    answered(slack, "ines")


def test_revoked_tokens_of_people_change_nothing(slack: Driver, app: Registration) -> None:
    install(app, "ines")
    slack.send_event("initech", {"type": "tokens_revoked", "tokens": {"oauth": ["U0INES"], "bot": []}})
    slack.wait_until_idle()
    answered(slack, "ines")


def test_a_workspace_that_we_know_nothing_of_is_told_and_logged_and_harms_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with running_sandbox(installed=("acme",), timing=Timing()) as slack, running_shared_bot(slack, tmp_path) as app:
        slack.say("maya", "dm", QUESTION)
        slack.command("maya", "#general", "/retain", "help")
        slack.wait_for_message("#general", "not installed in this workspace any more", viewer="maya")
        slack.wait_until_idle()
        assert {d.outcome for d in slack.deliveries} == {"acked"}
        install(app, "ines")
        answered(slack, "ines")
    assert "the workspace T0ACME is left alone: the app's installation there is not known" in caplog.text


# -- with the service ---------------------------------------------------------------------------------


@pytest.fixture
def shared(slack: Driver, service: Service, tmp_path: Path) -> Iterator[Registration]:
    """A bot of all workspaces, with the service behind it."""
    with running_shared_bot(slack, tmp_path, service=service) as registration:
        yield registration


def call(service: Service, method: str, path: str, body: dict[str, object] | None = None) -> requests.Response:
    headers = {"Authorization": f"Bearer {API_KEY}", "X-Actor": "slack:T0RETAIN/U0SAM", "X-Role": "staff"}
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, service.url + path, json=body, headers=headers, timeout=10)


def known(service: Service, team: str) -> bool:
    return call(service, "GET", f"/v1/workspaces/{team}").status_code == 200


def test_the_service_is_told_of_a_new_workspace(
    shared: Registration, service: Service, browser: requests.Session
) -> None:
    done = browser.get(decide(browser, begin(browser, shared)), timeout=10)
    assert "links this workspace to your organisation" in done.text
    assert call(service, "GET", "/v1/workspaces/T0INITECH").json()["workspace_name"] == "Initech"


def test_in_a_linked_workspace_there_is_nothing_to_wait_for(
    shared: Registration, service: Service, browser: requests.Session
) -> None:
    assert call(service, "POST", "/v1/tenants", {"id": "initech", "name": "Initech"}).status_code == 201
    assert call(service, "PUT", "/v1/workspaces/T0INITECH", {"tenant": "initech"}).ok
    done = browser.get(decide(browser, begin(browser, shared)), timeout=10)
    assert "linked to your organisation already" in done.text
    assert "What happens next" not in done.text


def test_a_service_that_is_down_is_told_when_it_is_back(
    slack: Driver, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "AGAIN_SECONDS", 0.1)
    with running_shared_bot(slack, tmp_path, service=service) as app:
        service.stop()
        install(app, "ines")
        service.start()
        wait_until(lambda: known(service, "T0INITECH"))


def test_what_is_owed_in_a_workspace_is_delivered_there(
    slack: Driver, shared: Registration, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    install(shared, "carlos")
    for team, person in (("T0INITECH", "ines"), ("T0GLOBEX", "haruka")):
        question: dict[str, object] = {
            "key": f"event:{team}",
            "text": QUESTION,
            "actor": f"slack:{team}/{slack.world.person(person).id}",
            "place": f"slack:{team}/{slack.dm(person)}",
        }
        assert call(service, "POST", "/v1/questions", question).status_code == 201
    service.clock.forward(31)
    slack.wait_for_message(slack.dm("haruka"), ANSWER, timeout=15)
    assert {c.team_id for c in slack.calls_of("chat.postMessage")} == {"T0GLOBEX"}
    wait_until(lambda: "gave_up (the app is not installed in the workspace T0INITECH)" in caplog.text)


def wait_until(look: Callable[[], bool]) -> None:
    for _ in range(300):
        if look():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it did not happen")
