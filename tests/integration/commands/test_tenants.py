import json
import re
import stat
from pathlib import Path

import pytest
from sqlalchemy import select, update

from integration.connections.models import Connection, ConnectionEvent
from integration.db import Base
from integration.runtime import Runtime
from integration.tenants.models import Tenant
from tests.integration.commands.conftest import Command
from tests.integration.tenants.rows import fill

ADD = ("tenants", "add", "acme", "Acme Corp", "--domain", "acme.example", "--enable-zoom")


def test_a_tenant_is_added_once(command: Command, runtime: Runtime) -> None:
    first, again = command(*ADD), command(*ADD)
    assert (first.code, again.code) == (0, 0)
    assert first.text.startswith("acme: added.\nNext: python -m integration workspaces link TEAM acme")
    assert again.text == "acme: is there already, with the same values. Nothing changed.\n"
    with runtime.database.reading() as session:
        tenant = session.scalars(select(Tenant)).one()
        assert (tenant.domains, tenant.time_zone, tenant.zoom_enabled) == (
            ["acme.example"],
            "America/Los_Angeles",
            True,
        )
        assert session.scalars(select(ConnectionEvent.cause)).all() == ["never_connected"]


def test_adding_it_again_otherwise_says_what_differs(command: Command) -> None:
    command(*ADD)
    said = command("tenants", "add", "acme", "Acme Corp", "--time-zone", "Europe/Berlin", "--enable-zoom")
    assert said.code == 1
    assert said.text.startswith("--domain: There is a tenant acme already (Acme Corp), which differs in: domains.")


@pytest.mark.parametrize(
    ("arguments", "where", "why"),
    [
        (("Acme", "Acme"), "TENANT", "not a slug"),
        (("acme", ""), "NAME", "at least 1 character"),
        (("acme", "Acme", "--time-zone", "berlin"), "--time-zone", "did you mean Europe/Berlin"),
        (("acme", "Acme", "--domain", "gmail.com"), "--domain", "open to everybody"),
        (("acme", "Acme", "--domain", "acme"), "--domain", "not a domain"),
    ],
)
def test_a_value_that_cannot_be_names_where_it_was_given(
    command: Command, arguments: tuple[str, ...], where: str, why: str
) -> None:
    said = command("tenants", "add", *arguments)
    assert said.code == 2
    assert where in said.text
    assert why in said.text


def test_tenants_are_listed_and_found(command: Command) -> None:
    command(*ADD)
    command("tenants", "add", "globex", "Globex", "--time-zone", "Europe/Berlin")
    listed = command("tenants", "list").text.splitlines()
    assert listed == [
        "TENANT  NAME       ZOOM         TIME ZONE            DOMAINS",
        "acme    Acme Corp  enabled      America/Los_Angeles  acme.example",
        "globex  Globex     not enabled  Europe/Berlin",
    ]
    assert "globex" in command("tenants", "list", "glbex").text
    assert "acme" not in command("tenants", "list", "glbex").text


def test_zoom_is_enabled_and_disabled_and_nothing_twice(command: Command, runtime: Runtime) -> None:
    command("tenants", "add", "acme", "Acme")
    said = [command("tenants", f"{what}-zoom", "acme") for what in ("enable", "enable", "disable", "disable")]
    assert {one.code for one in said} == {0}
    assert ["Nothing changed" in one.text for one in said] == [False, True, False, True]
    with runtime.database.reading() as session:
        events = session.scalars(select(ConnectionEvent).order_by(ConnectionEvent.number)).all()
        assert [event.state for event in events] == ["not_connected", "not_enabled"]


def test_disabling_keeps_the_connection_and_enabling_goes_on_with_it(command: Command, runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        fill(session, runtime.vault, "acme")
        session.execute(update(Tenant).values(zoom_enabled=True))
        session.execute(update(Connection).values(state="degraded", cause="zoom_unavailable"))
    command("tenants", "disable-zoom", "acme")
    command("tenants", "enable-zoom", "acme")
    with runtime.database.reading() as session:
        connection = session.scalars(select(Connection)).one()
        assert (connection.state, connection.refresh_token is None) == ("degraded", False)
        events = session.scalars(select(ConnectionEvent).order_by(ConnectionEvent.number)).all()
        assert [(event.state, event.cause) for event in events][-2:] == [
            ("not_enabled", "disabled_by_staff"),
            ("degraded", "zoom_unavailable"),
        ]


def test_what_is_given_is_changed_and_the_rest_stays(command: Command) -> None:
    command(*ADD)
    said = command("tenants", "change", "acme", "--domain", "acme.de", "--domain", "acme.fr", "--name", "Acme Inc")
    assert said.text == "acme: changed.\n"
    assert "acme    Acme Inc  enabled  America/Los_Angeles  acme.de, acme.fr" in command("tenants", "list").text


@pytest.mark.parametrize("what", ["enable-zoom", "disable-zoom", "change", "export", "delete"])
def test_a_tenant_that_does_not_exist_is_named_with_those_it_may_be(command: Command, what: str) -> None:
    command(*ADD)
    said = command("tenants", what, "acmee")
    assert said.code == 1
    assert said.text == "There is no tenant acmee. Did you mean acme?\n"


def test_an_export_is_json_and_a_file_is_for_its_owner_alone(
    command: Command, runtime: Runtime, tmp_path: Path
) -> None:
    with runtime.database.writing() as session:
        fill(session, runtime.vault, "acme")
    shown = json.loads(command("tenants", "export", "acme").text)
    assert shown["questions"][0]["text"] == "questions.text of acme"
    file = tmp_path / "acme.json"
    assert command("tenants", "export", "acme", "--file", str(file)).text == f"acme: written to {file}.\n"
    assert json.loads(file.read_text("utf-8"))["tenant"]["id"] == "acme"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_written_is_said(command: Command, tmp_path: Path) -> None:
    command(*ADD)
    said = command("tenants", "export", "acme", "--file", str(tmp_path / "no" / "folder.json"))
    assert (said.code, "cannot be written" in said.text) == (1, True)


def tenants(runtime: Runtime) -> int:
    with runtime.database.reading() as session:
        return len(session.scalars(select(Tenant)).all())


def fill_unconnected(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        fill(session, runtime.vault, "acme")
        session.execute(update(Connection).values(access_token=None, refresh_token=None))
        for name in ("grants", "revocations"):
            session.execute(Base.metadata.tables[name].delete())


def test_deleting_says_what_goes_and_asks_for_the_name(command: Command, runtime: Runtime) -> None:
    fill_unconnected(runtime)
    with runtime.database.reading() as session:
        name = session.scalars(select(Tenant.name)).one()
    refused = command("tenants", "delete", "acme", typed="acme\n")
    assert refused.code == 1
    assert re.search(r"^connection events +1$", refused.text, re.MULTILINE)
    assert re.search(r"^questions +1$", refused.text, re.MULTILINE)
    assert "That is not the name. Nothing was deleted." in refused.text
    assert tenants(runtime) == 1
    done = command("tenants", "delete", "acme", typed=f"{name}\n")
    assert (done.code, "acme: deleted, " in done.text) == (0, True)
    assert tenants(runtime) == 0


def test_scripts_are_not_asked(command: Command, runtime: Runtime) -> None:
    fill_unconnected(runtime)
    assert command("tenants", "delete", "acme", "--yes").code == 0
    assert tenants(runtime) == 0
