"""Who hears of a change: the tenant's people when they must act or may rejoice, staff when they should look."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration import policy
from integration.connections.causes import meaning
from integration.connections.models import Connection, ConnectionEvent, ConnectionState
from integration.connections.status import read_status
from integration.notifications import service as notifications
from integration.notifications.handing_on import MOST_TOLD
from integration.notifications.kinds import Payload
from integration.notifications.models import UNREACHED, Notification
from integration.notifications.staff import tell_staff
from integration.policy import Role
from integration.tenants import preferences
from integration.tenants.models import Person, Tenant, Workspace
from integration.vault import Vault

CHANGED = "connection.changed"
GOOD_NEWS = ("connected", "restored")  # nobody must act: who does not want it is not told
BAD_NEWS = frozenset({"lost", "needs_reauthorization", "deauthorized"})
# Bad news waits this long: meanwhile it may turn out to be an incident, or to have passed.
GRACE = timedelta(seconds=60)

BROKEN, DEAUTHORIZED = ConnectionState.NEEDS_REAUTHORIZATION, ConnectionState.DEAUTHORIZED
LOOK_BACK = 20

# Causes of ours that staff hear of as one incident, not connection by connection.
TOLD_AS_INCIDENT = frozenset({"invalid_client", "many_at_once"})


def people_of(session: Session, connection: Connection) -> Sequence[str]:
    """The actors who hear of it: who connected, and the tenant's listed admins."""
    admins = select(Person.actor).where(Person.tenant_id == connection.tenant_id, Person.role == Role.ADMIN)
    actors = set(session.scalars(admins.order_by(Person.actor).limit(MOST_TOLD)))
    if connection.connected_by is not None:
        actors.add(connection.connected_by)
    return sorted(actors)[:MOST_TOLD]


def of_change(
    session: Session, vault: Vault, connection: Connection, event: ConnectionEvent, before: str | None
) -> None:
    """Owe everyone what they must hear of this change, and take back what it made untrue before it was told."""
    bad_news = _bad_news_before(session, event)
    known = notifications.may_be_known(session, CHANGED, _abouts(bad_news))
    if before == connection.state == BROKEN and known:
        return  # they know that they must act; a status says what for
    notifications.settle(session, vault, about=[*bad_news, *_abouts(bad_news)], now=event.at)
    news = _news(connection, before, bad_news_known=known)
    told = _tell_people(session, vault, connection, event, news) if news is not None else []
    _tell_staff(session, vault, connection, event, before, told)


def wanting(session: Session, said: Payload, actors: Sequence[str]) -> Sequence[str]:
    """Of those to whom it is handed on, who wants it: good news may be declined."""
    return preferences.wanting_news(session, actors) if said.get("change") in GOOD_NEWS else actors


def news_ended(session: Session, vault: Vault, row: Notification, said: Payload, now: datetime) -> None:
    """Bad news that reached nobody at all: staff write to them themselves."""
    if row.state not in UNREACHED or said.get("change") not in BAD_NEWS or not _nobody_heard(session, row):
        return
    status = said["status"]
    tell_staff(
        session,
        vault,
        topic="connection",
        title=f"Nobody at {status['name']} heard what happened to their connection to Zoom",
        text=f"{status['explanation']} Our message reached none of the people we know there: "
        "please write to one of their admins.",
        about=f"unheard/{row.about.partition('/')[0]}",
        now=now,
        tenant=status["tenant"],
        article=status["article"],
    )


def _nobody_heard(session: Session, row: Notification) -> bool:
    """Did it, with this one, fail to reach everybody to whom it was owed (`<event>/<number from 0>` each)?"""
    event = row.about.partition("/")[0]
    # Two that fail at once do so one after the other from here on, so that the last of them sees the other.
    first = select(Notification.id).where(Notification.kind == CHANGED, Notification.about == f"{event}/0")
    session.execute(first.with_for_update())
    others = select(Notification.id).where(
        Notification.kind == CHANGED,
        Notification.about.startswith(f"{event}/", autoescape=True),
        Notification.state.not_in(UNREACHED),
    )
    return session.scalar(others.limit(1)) is None


def _news(connection: Connection, before: str | None, *, bad_news_known: bool) -> str | None:
    """What the tenant's people are told, if anything. Nothing that passes by itself ever reaches them."""
    state, cause = connection.state, meaning(connection.state, connection.cause)
    if state == ConnectionState.CONNECTED and cause.code == "restored":
        return "restored" if bad_news_known else None
    if state == ConnectionState.CONNECTED:
        return "connected"
    if state == BROKEN:
        return "needs_reauthorization" if cause.who_must_act == "tenant_admin" else "lost"
    return "deauthorized" if before != state == DEAUTHORIZED else None


def _tell_people(
    session: Session, vault: Vault, connection: Connection, event: ConnectionEvent, change: str
) -> Sequence[str]:
    """Owe them the news. Returns the actors to whom it is owed."""
    tenant = connection.tenant_id
    # As a member sees it: a message stays where it is, whatever becomes of its reader's role. The buttons it offers
    # are checked anew on every click.
    status = read_status(
        session,
        vault,
        tenant,
        now=event.at,
        allowed=lambda action: policy.allowed(action, Role.ADMIN, tenant, tenant),
        details=False,
    ).model_dump(mode="json")
    # Who asked for the link that connected it sees so where that link stands.
    told = [one for one in people_of(session, connection) if change != "connected" or one != connection.connected_by]
    if change in GOOD_NEWS:
        told = preferences.wanting_news(session, told)
    for number, actor in enumerate(told):
        notifications.owe(
            session,
            vault,
            kind=CHANGED,
            about=f"{event.id}/{number}",
            payload={"actor": actor, "change": change, "status": status},
            now=event.at,
            place=actor,
            due=event.at + GRACE if connection.state == BROKEN else None,
        )
    return told


def _tell_staff(
    session: Session,
    vault: Vault,
    connection: Connection,
    event: ConnectionEvent,
    before: str | None,
    told: Sequence[str],
) -> None:
    state, cause = connection.state, meaning(connection.state, connection.cause)
    ours = state == ConnectionState.DEGRADED and cause.ours and cause.code not in TOLD_AS_INCIDENT
    if not ours and (state not in STAFF_TITLES or before == state == DEAUTHORIZED):
        return
    title = STAFF_TITLES.get(state, "Something on our side troubles {tenant}'s connection to Zoom")
    name = session.scalars(select(Tenant.name).where(Tenant.id == connection.tenant_id)).one()
    tell_staff(
        session,
        vault,
        topic="connection",
        title=title.format(tenant=name),
        text=f"{cause.explanation} {_who_is_told(session, connection, cause.who_must_act, told)}".strip(),
        about=_once(connection, cause.code) if ours else event.id,
        now=event.at,
        tenant=connection.tenant_id,
        article=cause.article,
        data={"state": state, "cause": cause.code, "since": connection.since.isoformat()},
        due=event.at + GRACE if state == BROKEN else None,
    )


STAFF_TITLES: Mapping[str, str] = {
    BROKEN: "{tenant} has to authorize Zoom again",
    DEAUTHORIZED: "{tenant} is disconnected from Zoom",
}
# What the tenant's people are told, by who must act.
TOLD: Mapping[str, str] = {
    "tenant_admin": "how to connect again",
    "zoom_admin": "what a Zoom admin has to do",
    "retain": "of it",
}


def _who_is_told(session: Session, connection: Connection, who_must_act: str, told: Sequence[str]) -> str:
    """For staff: to whom the news is owed, and what is left to do for them."""
    what = TOLD.get(who_must_act)
    if what is None:
        return ""
    theirs = _without_our_own(session, told)
    heard = " and ".join(_described(theirs, connection.connected_by))
    if who_must_act == "retain":
        return f"Told {what}: {heard or 'nobody else'}. Please look at the log and the connection's history."
    if not heard:
        return f"Nobody there is told {what}, for we know no admin of theirs: please write to them."
    return f"Told {what}: {heard}."


def _described(actors: Sequence[str], connected_by: str | None) -> list[str]:
    admins = sum(actor != connected_by for actor in actors)
    who = ["who connected it"] if connected_by in actors else []
    return [*who, f"{admins} listed admin{'s' if admins > 1 else ''}"] if admins else who


def _without_our_own(session: Session, actors: Sequence[str]) -> list[str]:
    """Staff may have asked for the link themselves: what they hear, the tenant's people do not."""
    ours = [f":{team}/" for team in session.scalars(select(Workspace.team).where(Workspace.staff))]
    return [actor for actor in actors if not any(team in actor for team in ours)]


def _once(connection: Connection, cause: str) -> str:
    """One notice for each cause while the connection stays degraded, however often causes take turns."""
    text = f"{connection.id}/{connection.since.isoformat()}/{cause}"
    return hashlib.sha256(text.encode()).hexdigest()


def _bad_news_before(session: Session, event: ConnectionEvent) -> list[str]:
    """The events before this one by which the connection was broken, since it last worked or ended."""
    earlier = (
        select(ConnectionEvent.id, ConnectionEvent.state)
        .where(
            ConnectionEvent.tenant_id == event.tenant_id,
            ConnectionEvent.kind == "state",
            ConnectionEvent.number < event.number,
        )
        .order_by(ConnectionEvent.number.desc())
        .limit(LOOK_BACK)
    )
    found = []
    for event_id, state in session.execute(earlier):
        if state == BROKEN:
            found.append(event_id)
        elif state != ConnectionState.DEGRADED:  # one that passes
            break
    return found


def _abouts(event_ids: Collection[str]) -> list[str]:
    return [f"{event_id}/{number}" for event_id in event_ids for number in range(MOST_TOLD)]
