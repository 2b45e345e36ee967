"""What must not be seen is looked for everywhere: in logs, in answers, in the database's bytes."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

import integration.models  # noqa: F401 - every table
from integration.db import Base
from integration.logs import OneLine
from tests.integration.connecting.steps import JONAS_EMAIL, Scene, outcome


def secrets(scene: Scene, *links: dict[str, str]) -> Iterator[str]:
    """All tokens that Zoom made, the app's secret, and the links' tokens."""
    yield scene.zoom.client_secret
    yield from (link["url"].rsplit("/", 1)[1] for link in links)
    for grant in scene.zoom.world.tokens.grants.values():
        for pair in grant.recent:
            yield from (pair.access, pair.refresh)


def stored(scene: Scene) -> str:
    """Every row of every table, and on SQLite the files' bytes too."""
    with scene.runtime.database.reading() as session:
        rows = [str(row) for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
    url = scene.runtime.settings.database_url
    files = Path(url.database or "").parent.glob("retain.db*") if url.get_backend_name() == "sqlite" else ()
    return "\n".join([*rows, *(path.read_bytes().decode("latin-1") for path in files)])


def test_no_secret_is_logged_answered_or_stored_in_the_clear(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    made = scene.make()
    answers, browser = [], scene.browser()
    for trouble, where in (("scopes_changed", "users"), ("invalid_grant", "refresh"), ("half_written", "exchange")):
        scene.zoom.faults.switch_on(trouble, where=where, times=1)
        answers.append(scene.sign_in(browser, made["url"]))
    answers.append(scene.sign_in(browser, made["url"], "ines"))
    scene.zoom.faults.switch_on("server_error", where="users", times=4)
    scene.decide(made["id"], "confirm")
    scene.clock.move(60)
    scene.work()
    other = scene.make()
    answers.append(scene.sign_in(browser, other["url"], "maya"))
    ours = [OneLine().format(record) for record in caplog.records if record.name.startswith(("integration", "sqlalch"))]
    logged, database = "\n".join(ours), stored(scene)
    shown = "\n".join(answer.text for answer in answers)
    found = list(secrets(scene, made, other))
    assert len(found) > 6
    links = {made["url"].rsplit("/", 1)[1], other["url"].rsplit("/", 1)[1]}
    for secret in found:
        assert secret not in logged
        assert secret not in database
        assert secret in links or secret not in shown  # the way back to the link, for the browser that has it


def test_nobodys_address_is_logged_or_stored_in_the_clear(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    made = scene.make(requester_name="Jonas Weber")
    assert outcome(scene.sign_in(scene.browser(), made["url"], "ines")) == "awaiting"
    logged = "\n".join(OneLine().format(one) for one in caplog.records if one.name.startswith("integration"))
    for text in (JONAS_EMAIL, "Jonas Weber", "it@acme-it.example", "Ines Duarte"):
        assert text not in logged
        assert text not in stored(scene)


def test_what_holds_a_secret_does_not_show_it(scene: Scene) -> None:
    made = scene.make()
    token = made["url"].rsplit("/", 1)[1]
    from integration.connecting import grants, oauth_state, starting
    from integration.connecting.callback import Returned

    started = starting.start(scene.runtime, token, None)
    assert isinstance(started, starting.Started)
    address = scene.zoom.authorize_as("ines", started.url)
    state = oauth_state.read(scene.runtime.settings.secret_key, address.split("state=")[1].split("&")[0])
    assert token not in repr(started)
    assert state is not None
    assert state.nonce not in repr(state)
    assert "s3cret" not in repr(Returned(state="s3cret", code="s3cret", error=None))
    scene.sign_in(scene.browser(), made["url"], "ines")
    (row,) = scene.grants()
    owner = grants.take(scene.runtime, row.id)
    held = grants.look(scene.runtime, row.id, owner or "")
    assert held is not None
    assert held.pair.access_token not in repr(held)
    assert held.pair.refresh_token not in repr(held)
