import json

from sqlalchemy import text

from integration.db import Base
from integration.notifications.staff import tell_staff
from integration.runtime import Runtime
from integration.tenants.export import LEFT_OUT
from tests.integration.tenants.conftest import Ask
from tests.integration.tenants.rows import fill, text_of

# Sealed columns that an export must not open. Whoever adds a sealed column decides here.
NEVER_SHOWN = {
    "connections.access_token",
    "connections.refresh_token",
    "connect_links.verifier",
    "grants.tokens",
    "revocations.tokens",
}
OF_NO_TENANT = {"article_votes"}  # whoever read a help page voted, and we do not know who


def sealed_columns() -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.info.get("sealed")
    }


def fill_both(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        fill(session, runtime.vault, "acme")
        fill(session, runtime.vault, "globex")


def test_everything_sealed_is_shown_opened_but_what_opens_doors(staff: Ask, runtime: Runtime) -> None:
    fill_both(runtime)
    shown = staff("GET", "/tenants/acme/export").text
    for name in sealed_columns():
        table, column = name.split(".")
        words = f"{name} of acme"
        assert (words in shown) == (name not in NEVER_SHOWN and table not in OF_NO_TENANT), name
        assert text_of("acme", table, column) not in shown or name not in NEVER_SHOWN


def test_a_guests_support_request_is_shown_though_it_names_no_tenant(staff: Ask, runtime: Runtime) -> None:
    fill_both(runtime)
    with runtime.database.writing() as session:
        session.execute(text("UPDATE support_requests SET tenant_id = NULL"))
    shown = staff("GET", "/tenants/acme/export").json()
    assert [one["text"] for one in shown["support_requests"]] == ["support_requests.text of acme"]
    assert (len(shown["support_request_events"]), len(shown["response_clocks"])) == (1, 1)


def test_nothing_of_another_tenant_is_shown(staff: Ask, runtime: Runtime) -> None:
    fill_both(runtime)
    shown = staff("GET", "/tenants/acme/export").text
    assert "globex" not in shown.lower()


def test_what_staff_were_told_is_not_shown_it_may_tell_of_other_tenants(staff: Ask, runtime: Runtime) -> None:
    fill_both(runtime)
    title, now = "Acme tried to connect the Zoom account of Globex", runtime.clock()
    with runtime.database.writing() as session:
        tell_staff(session, runtime.vault, topic="-", title=title, text="-", about="it", now=now, tenant="acme")
    response = staff("GET", "/tenants/acme/export")
    assert len(response.json()["notifications"]) == 1
    assert "globex" not in response.text.lower()


def test_no_hash_and_no_lease_is_shown(staff: Ask, runtime: Runtime) -> None:
    fill_both(runtime)
    shown = staff("GET", "/tenants/acme/export").json()
    for rows in shown.values():
        for row in rows if isinstance(rows, list) else []:
            assert not LEFT_OUT & set(row)
            assert not any("hash" in name or "token" in name for name in row)


def test_texts_that_hold_json_are_shown_as_such(staff: Ask, runtime: Runtime) -> None:
    fill_both(runtime)
    [connection] = staff("GET", "/tenants/acme/export").json()["connections"]
    assert connection["zoom_user"]["email"] == "connections.zoom_user of acme"


def test_a_text_that_does_not_open_keeps_nothing_else_back(staff: Ask, runtime: Runtime) -> None:
    fill_both(runtime)
    with runtime.database.writing() as session:
        session.execute(text("UPDATE questions SET text = 'v1.gone.AAAA' WHERE actor = 'slack:TACME/U1'"))
    shown = staff("GET", "/tenants/acme/export").json()
    assert "unreadable" in shown["questions"][0]["text"]
    assert "connect_links.requester_email of acme" in json.dumps(shown)


def test_a_tenant_of_which_nothing_is_kept_has_an_export_too(staff: Ask, globex: str) -> None:
    shown = staff("GET", "/tenants/globex/export").json()
    assert shown["tenant"]["name"] == "Globex"
    assert {name for name, rows in shown.items() if rows and isinstance(rows, list)} == set()
