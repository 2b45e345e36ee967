from sqlalchemy.engine import URL

from integration.db import Database, utcnow
from integration.notifications.models import Notification, State
from tests.integration.commands.conftest import Command


def test_what_reached_nobody_is_listed_with_its_reason(command: Command, database_url: URL) -> None:
    assert command("notifications").text == "Every message reached whom it was for.\n"
    now = utcnow()
    database = Database(database_url)
    with database.writing() as session:
        for state in (State.GAVE_UP, State.DELIVERED):
            row = {"id": state.value.ljust(32, "0"), "about": state.value, "due_at": now, "created_at": now}
            more = {"place": "slack:T1/U1", "payload": "", "reason": "is_archived", "settled_at": now}
            session.add(Notification(kind="connection.changed", state=state, attempts=1, **row, **more))
    database.close()
    (_, line) = command("notifications", "--days", "1").text.splitlines()
    assert line.split()[2:] == ["connection.changed", "slack:T1/U1", "gave_up", "is_archived"]
