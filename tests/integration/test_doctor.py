"""The doctor, with real servers around it: the web process, the Zoom stand-in, and answers of any kind."""

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import make_url, update
from sqlalchemy.engine import URL

from integration.app import create_app
from integration.connections.models import Connection
from integration.db import Base
from integration.doctor import CHECKS, examine
from integration.doctor.finding import Finding, Patient
from integration.notifications.models import Notification
from integration.questions.models import Question
from integration.runtime import Runtime, make_runtime
from integration.webhooks.models import Webhook
from integration.zoom.sandbox.driver import ZoomStandIn
from integration.zoom.wire import make_http
from tests.integration.answering import Other, answering
from tests.integration.conftest import KEY_ENTRY, make_settings
from tests.integration.serving import environment, process, serving
from tests.integration.tenants.rows import fill
from tests.support.zoom import running_zoom

NEW_ENTRY = "k2:" + base64.b64encode(bytes(range(100, 132))).decode()
MANIFEST = Path(__file__).parents[2] / "bot" / "manifest.yaml"
SCOPES = yaml.safe_load(MANIFEST.read_text("utf-8"))["oauth_config"]["scopes"]["bot"]
TOKEN = "xoxb-a-bots-token"
CLOSED = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def zoom() -> Iterator[ZoomStandIn]:
    with running_zoom() as stand_in:
        yield stand_in


@pytest.fixture
def web(database_url: URL) -> Iterator[str]:
    with serving(create_app(make_settings(database_url))) as served:
        yield served.url


@contextmanager
def patient(url: URL, env: Mapping[str, str] | None = None, **settings: object) -> Iterator[Patient]:
    runtime = make_runtime(make_settings(url, **settings))
    yield Patient(runtime, env or {}, make_http)
    runtime.database.close()


def look(name: str, url: URL, env: Mapping[str, str] | None = None, **settings: object) -> Finding:
    with patient(url, env, **settings) as examined:
        return CHECKS[name](examined)


def at(zoom: ZoomStandIn) -> dict[str, Any]:
    return {
        "zoom_client_id": zoom.client_id,
        "zoom_client_secret": zoom.client_secret,
        "zoom_oauth_url": zoom.oauth_url,
        "zoom_api_url": zoom.api_url,
    }


def test_where_all_is_well_nothing_fails_and_every_line_says_so(database_url: URL, web: str, zoom: ZoomStandIn) -> None:
    with answering(Other(body={"ok": True, "team": "Retain"}, headers={"x-oauth-scopes": ",".join(SCOPES)})) as slack:
        env = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_API_URL": f"{slack.url}/api/"}
        with patient(database_url, env, public_url=web, **at(zoom)) as examined:
            found = dict(examine(examined))
    assert {name: one.level for name, one in found.items()} == dict.fromkeys(CHECKS, "ok") | {"public address": "warn"}
    assert slack.sent == [("/api/auth.test", f"Bearer {TOKEN}")]


def test_a_finding_that_is_not_well_says_what_to_do(empty_database_url: URL) -> None:
    with patient(empty_database_url, public_url=CLOSED, zoom_oauth_url=CLOSED) as examined:
        found = dict(examine(examined))
    assert {name for name, one in found.items() if one.level == "fail"} == {
        "tables",
        "keys",
        "worker",
        "notifications",
        "public address",
        "webhooks",
    }
    assert all(bool(one.remedy) == (one.level in ("warn", "fail")) for one in found.values())


@pytest.mark.parametrize("url", ["sqlite:////nonexistent/x.db", "postgresql+psycopg://u:pass-word@127.0.0.1:1/db"])
def test_a_database_that_is_away_is_said_without_its_secrets(url: str) -> None:
    with patient(make_url(url)) as examined:
        found = [CHECKS[name](examined) for name in ("database", "tables", "keys", "worker", "notifications")]
    assert {one.level for one in found} == {"fail"}
    assert "pass-word" not in str(found)


def test_keys_that_are_missing_or_left_over_are_named(database_url: URL, runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        fill(session, runtime.vault, "acme")
    assert look("keys", database_url).level == "ok"
    left_over = look("keys", database_url, encryption_keys=f"{NEW_ENTRY},{KEY_ENTRY}")
    assert (left_over.level, "k1" in left_over.text) == ("warn", True)
    assert left_over.remedy == "Run: python -m integration keys rotate"
    missing = look("keys", database_url, encryption_keys=NEW_ENTRY)
    assert (missing.level, "k1" in missing.text) == ("fail", True)


@pytest.mark.parametrize(
    ("model", "column", "what"),
    [(Question, "owed_at", "question"), (Webhook, "due_at", "webhook")],
)
def test_work_that_nobody_does_is_noticed(
    database_url: URL, runtime: Runtime, model: type[Base], column: str, what: str
) -> None:
    with runtime.database.writing() as session:
        fill(session, runtime.vault, "acme")
        for other in (Question, Webhook):
            name = "owed_at" if other is Question else "due_at"
            session.execute(update(other).values({name: datetime.now(UTC) + timedelta(hours=1)}))
        session.execute(update(Connection).values(check_due_at=None))
        for table in ("grants", "revocations"):
            session.execute(Base.metadata.tables[table].delete())
    assert look("worker", database_url).level == "ok"
    with runtime.database.writing() as session:
        session.execute(update(model).values({column: datetime.now(UTC) - timedelta(minutes=6)}))
    found = look("worker", database_url)
    assert (found.level, what in found.text) == ("warn", True)
    assert "python -m integration worker" in (found.remedy or "")


def test_notifications_that_nobody_fetches_are_noticed(database_url: URL, runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        fill(session, runtime.vault, "acme")
        session.execute(update(Notification).values(due_at=datetime.now(UTC) - timedelta(minutes=6)))
    found = look("notifications", database_url)
    assert (found.level, "python -m bot" in (found.remedy or "")) == ("warn", True)


def test_a_public_address_without_a_name_or_without_an_answer_fails(database_url: URL) -> None:
    no_name = look("public address", database_url, public_url="https://no-such-host.invalid")
    assert (no_name.level, no_name.text) == ("fail", "no-such-host.invalid has no address.")
    no_answer = look("public address", database_url, public_url=CLOSED)
    assert (no_answer.level, "does not answer" in no_answer.text) == ("fail", True)


@pytest.mark.parametrize("other", [Other(404), Other(body={"status": "fine"}), Other(302, headers={"Location": "/x"})])
def test_a_public_address_of_somebody_else_fails(database_url: URL, other: Other) -> None:
    with answering(other):
        found = look("public address", database_url, public_url=other.url)
    assert (found.level, "not as the web process does" in found.text) == ("fail", True)


def test_a_web_process_with_another_webhook_secret_is_found_out(database_url: URL, web: str) -> None:
    found = look("webhooks", database_url, public_url=web, zoom_webhook_secret="another-secret")
    assert (found.level, "ZOOM_WEBHOOK_SECRET" in found.text) == ("fail", True)
    assert "another-secret" not in str(found)


def test_a_webhook_address_that_does_not_lead_to_us_fails(database_url: URL) -> None:
    with answering(Other(200, body={"plainToken": "x"})) as other:
        found = look("webhooks", database_url, public_url=other.url)
    assert (found.level, "/webhooks/zoom" in (found.remedy or "")) == ("fail", True)


def test_a_webhook_address_that_is_reached_is_named_for_zoom(database_url: URL, web: str) -> None:
    assert f"{web}/webhooks/zoom" in look("webhooks", database_url, public_url=web).text


def test_zoom_that_knows_us_is_told_from_zoom_that_does_not(database_url: URL, zoom: ZoomStandIn) -> None:
    known = look("Zoom", database_url, public_url="https://support.example.com", **at(zoom))
    assert known.level == "ok"
    assert "https://support.example.com/oauth/zoom/callback" in known.text
    unknown = look("Zoom", database_url, **at(zoom) | {"zoom_client_secret": "a-wrong-secret"})
    assert (unknown.level, "ZOOM_CLIENT_SECRET" in (unknown.remedy or "")) == ("fail", True)
    assert "a-wrong-secret" not in str(unknown)


def test_a_redirect_address_that_zoom_does_not_know_is_named(database_url: URL) -> None:
    with answering(Other(400, body={"errorCode": 4709, "reason": "Redirect URI mismatch", "error": "x"})) as other:
        found = look("Zoom", database_url, zoom_oauth_url=other.url)
    assert found.level == "fail"
    assert "http://localhost:8000/oauth/zoom/callback" in (found.remedy or "")


@pytest.mark.parametrize("other", [Other(500), Other(429), Other(200, body={})])
def test_zoom_that_does_not_answer_properly_is_no_fault_of_ours(database_url: URL, other: Other) -> None:
    with answering(other):
        assert look("Zoom", database_url, zoom_oauth_url=other.url).level == "warn"
    assert look("Zoom", database_url, zoom_oauth_url=CLOSED).level == "warn"


def test_without_a_token_slack_is_not_asked(database_url: URL) -> None:
    found = look("Slack", database_url, {"SLACK_BOT_TOKEN": " "})
    assert (found.level, "not set" in found.text) == ("skip", True)


@pytest.mark.parametrize(
    ("other", "level", "words"),
    [
        (Other(body={"ok": False, "error": "invalid_auth"}), "fail", "invalid_auth"),
        (Other(body={"ok": True}, headers={"x-oauth-scopes": ",".join(SCOPES[1:])}), "fail", f"lacks {SCOPES[0]}."),
        (Other(body={"ok": True}, headers={"x-oauth-scopes": ", ".join([*SCOPES, "more"])}), "ok", "all scopes"),
        (Other(503), "warn", "does not answer"),
    ],
)
def test_what_slack_says_to_the_bots_token(database_url: URL, other: Other, level: str, words: str) -> None:
    with answering(other):
        found = look("Slack", database_url, {"SLACK_BOT_TOKEN": TOKEN, "SLACK_API_URL": other.url})
    assert found.level == level
    assert words in found.text
    assert TOKEN not in str(found)


@pytest.mark.parametrize(
    ("ahead", "level", "words"),
    [(0, "ok", "agrees"), (100, "warn", "behind"), (-100, "warn", "ahead"), (400, "fail", "behind")],
)
def test_a_clock_that_differs_is_noticed(database_url: URL, ahead: int, level: str, words: str) -> None:
    with (
        answering(Other(date=datetime.now(UTC) + timedelta(seconds=ahead))) as other,
        patient(database_url) as examined,
    ):
        examined.ask("GET", other.url)
        found = CHECKS["clock"](examined)
    assert (found.level, words in found.text) == (level, True)


def test_a_time_that_cannot_be_read_is_no_time(database_url: URL) -> None:
    with answering(Other(headers={"Date": "yesterday"})) as other, patient(database_url) as examined:
        assert examined.ask("GET", other.url) is not None
        assert CHECKS["clock"](examined).level in ("ok", "warn")


def test_the_command_prints_a_line_for_each_and_fails_with_the_worst(
    database_url: URL, web: str, zoom: ZoomStandIn
) -> None:
    env = environment(
        database_url,
        PUBLIC_URL=web,
        ZOOM_CLIENT_ID=zoom.client_id,
        ZOOM_CLIENT_SECRET=zoom.client_secret,
        ZOOM_OAUTH_URL=zoom.oauth_url,
        ZOOM_API_URL=zoom.api_url,
        SLACK_BOT_TOKEN="",
    )
    code, output = run(env)
    assert code == 0, output
    assert "0 failed, 1 to look at" in output
    code, output = run({**env, "PUBLIC_URL": CLOSED})
    assert code == 1
    lines = [line for line in output.splitlines() if line.startswith(("ok ", "warn ", "fail ", "skip "))]
    assert len(lines) == len(CHECKS)
    assert "test-webhook-secret" not in output


def run(env: Mapping[str, str]) -> tuple[int, str]:
    with process("integration", "doctor", env=env) as running:
        output, _ = running.communicate(timeout=60)
        return running.returncode, output
