import json
from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from integration.connections.models import Connection
from integration.runtime import Runtime
from integration.tenants.models import Tenant
from tests.integration.commands.conftest import Command
from tests.integration.tenants.rows import fill


def connected(runtime: Runtime, verified: timedelta | None) -> None:
    """A tenant whose connection was last verified so long ago."""
    at = None if verified is None else datetime.now(UTC) - verified
    with runtime.database.writing() as session:
        fill(session, runtime.vault, "acme")
        session.execute(update(Tenant).values(zoom_enabled=True, name="Acme Corp"))
        session.execute(update(Connection).values(verified_at=at, since=datetime.now(UTC) - timedelta(days=2)))


def test_a_card_says_state_freshness_cause_and_who_must_act(command: Command, runtime: Runtime) -> None:
    connected(runtime, timedelta(seconds=40))
    said = command("status", "acme")
    assert said.code == 0
    lines = said.text.splitlines()
    assert lines[0] == "Acme Corp (acme)"
    assert lines[1].startswith("Zoom: connected, verified 4")
    assert "  who must act  nobody" in lines
    assert any(line.startswith("  since ") and "(2 days ago)" in line for line in lines)
    assert "connect_links.requester_name of acme (slack:TACME/U1)" in said.text
    assert "connections.zoom_user of acme" in said.text


def test_what_was_not_confirmed_lately_does_not_count_as_verified(command: Command, runtime: Runtime) -> None:
    connected(runtime, timedelta(days=3))
    assert "Zoom: connected, last verified 3 days ago" in command("status", "acme").text


def test_what_was_never_confirmed_says_so(command: Command, runtime: Runtime) -> None:
    connected(runtime, None)
    assert "Zoom: connected, not verified" in command("status", "acme").text


def test_what_does_not_work_is_not_called_verified(command: Command, runtime: Runtime) -> None:
    connected(runtime, timedelta(seconds=11))
    with runtime.database.writing() as session:
        session.execute(update(Connection).values(state="needs_reauthorization", cause="grant_revoked"))
    said = command("status", "acme").text
    assert "Zoom: needs reauthorization; last worked 1" in said
    assert "verified" not in said


def test_a_tenant_that_is_not_connected_has_a_card_too(command: Command) -> None:
    command("tenants", "add", "acme", "Acme Corp")
    said = command("status", "acme")
    assert "Zoom: not enabled\n" in said.text
    assert "None" not in said.text


def test_programs_get_json(command: Command, runtime: Runtime) -> None:
    connected(runtime, timedelta(0))
    shown = json.loads(command("status", "acme", "--json").text)
    assert (shown["tenant"], shown["state"], shown["freshness"]) == ("acme", "connected", "verified")
    assert "token" not in " ".join(shown)


def test_a_tenant_that_does_not_exist_is_named(command: Command) -> None:
    command("tenants", "add", "acme", "Acme Corp")
    assert command("status", "acmee").text == "There is no tenant acmee. Did you mean acme?\n"
