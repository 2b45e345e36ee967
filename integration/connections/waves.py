"""Finding trouble of many connections at once, so that it is one incident for the staff and nobody else's work.

A *wave*: several connections are refused for good, all with one cause, within minutes. Then the cause is hardly
theirs: they are degraded instead, and tried again for a day. A *disturbance*: several connections are degraded by one
cause that passes, or any by one that is ours for all of them.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from integration.connections import events
from integration.connections.models import Connection, ConnectionState, Incident
from integration.db import insert
from integration.incidents import service as notices
from integration.notifications.staff import tell_staff
from integration.runtime import Runtime
from integration.vault import Vault
from integration.zoom.causes import CAUSES
from integration.zoom.causes import cause as by_code

log = logging.getLogger(__name__)

CAUSE = "many_at_once"
MANY = 3
WITHIN = timedelta(minutes=10)
LASTS = timedelta(days=1)  # who is refused for longer is told so
CALM = timedelta(minutes=10)  # without it, a disturbance on the verge would be many incidents
AFTERMATH = timedelta(hours=2)  # by then everyone of a wave that never ended has been tried once more
SEEN_EVERY = timedelta(minutes=1)
# One connection is enough: it is the app's own credentials that Zoom refuses.
AT_ONCE: Mapping[str, int] = {"invalid_client": 1}

DEGRADED, BROKEN = ConnectionState.DEGRADED, ConnectionState.NEEDS_REAUTHORIZATION
FINAL = [code for code, cause in CAUSES.items() if cause.final]


def going_on(session: Session, sign: str, now: datetime) -> bool:
    """Is there a wave of connections that are refused with this cause?"""
    waves = select(Incident.id).where(Incident.open_as == _key(CAUSE, sign), Incident.began_at > now - LASTS)
    return session.scalar(waves) is not None


def watch_incidents(runtime: Runtime) -> int:
    """A worker's duty: open and end incidents. Returns how many."""
    with runtime.database.reading() as session:
        quiet = not (_signs(session, runtime.clock()) or _disturbances(session) or _open(session))
    if quiet:
        return 0  # nearly always; it has taken no write lock
    with runtime.database.writing() as session:
        now = runtime.clock()
        ended = _end(session, runtime.vault, now)
        return ended + _gather_all(session, runtime.vault, now) + _open_disturbances(session, runtime.vault, now)


def look(runtime: Runtime) -> None:
    """Right after a connection was refused for good: does it make a wave?"""
    with runtime.database.reading() as session:
        found = _signs(session, runtime.clock())
    if found:
        with runtime.database.writing() as session:
            _gather_all(session, runtime.vault, runtime.clock())


def _gather_all(session: Session, vault: Vault, now: datetime) -> int:
    """Open an incident for each wave, and take back that its connections need to be authorized again."""
    return sum(_gather(session, vault, sign, now) for sign in _signs(session, now))


def _gather(session: Session, vault: Vault, sign: str, now: datetime) -> int:
    hit = session.scalars(_recently_broken(sign, now).with_for_update(skip_locked=True)).all()
    if len(hit) < MANY and not going_on(session, sign, now):
        return 0  # somebody else has them in hand; the next look finds them
    opened = _begin(session, vault, CAUSE, sign, now, tenants=len(hit))
    for connection in hit:
        connection.check_due_at = now + WITHIN
        events.change(
            session, vault, connection, state=DEGRADED, cause=CAUSE, now=now, details={"sign": connection.cause}
        )
    return opened


def _signs(session: Session, now: datetime) -> Sequence[str]:
    """The final causes that make a wave now, or add to one."""
    counts = (
        select(Connection.cause, func.count())
        .where(Connection.state == BROKEN, Connection.cause.in_(FINAL), Connection.since >= now - WITHIN)
        .group_by(Connection.cause)
    )
    found = [sign for sign, count in session.execute(counts) if count >= MANY or going_on(session, sign, now)]
    return [sign for sign in found if not _never_ended(session, sign, now)]


def _never_ended(session: Session, sign: str, now: datetime) -> bool:
    """Was there a wave until just now whose time ran out? It must not begin anew with the same connections."""
    recent = or_(Incident.ended_at.is_(None), Incident.ended_at > now - AFTERMATH)
    waves = select(Incident).where(Incident.cause == CAUSE, Incident.sign == sign, recent)
    return any((wave.ended_at or now) - wave.began_at >= LASTS for wave in session.scalars(waves))


def _recently_broken(sign: str, now: datetime) -> Select[Connection]:
    broken = (Connection.state == BROKEN, Connection.cause == sign, Connection.since >= now - WITHIN)
    return select(Connection).where(*broken).order_by(Connection.id)


def _degraded(session: Session) -> Mapping[str, int]:
    """How many connections are degraded, by cause."""
    counts = select(Connection.cause, func.count()).where(Connection.state == DEGRADED).group_by(Connection.cause)
    return dict(session.execute(counts).all())


def _open(session: Session) -> Sequence[Incident]:
    return session.scalars(select(Incident).where(Incident.open_as.is_not(None))).all()


def _disturbances(session: Session) -> Mapping[str, int]:
    counts = _degraded(session).items()
    return {cause: count for cause, count in counts if cause != CAUSE and count >= AT_ONCE.get(cause, MANY)}


def _open_disturbances(session: Session, vault: Vault, now: datetime) -> int:
    found = _disturbances(session).items()
    return sum(_begin(session, vault, cause, None, now, tenants=count) for cause, count in found)


def _begin(session: Session, vault: Vault, cause: str, sign: str | None, now: datetime, *, tenants: int) -> int:
    """Open the incident; 0 when it is open already, and then it was seen again."""
    key = _key(cause, sign)
    row = {"id": uuid4().hex, "cause": cause, "sign": sign, "open_as": key, "tenants": tenants}
    times = {"began_at": now, "last_seen_at": now}
    statement = insert(session, Incident).values(row | times).on_conflict_do_nothing(index_elements=["open_as"])
    if session.scalar(statement.returning(Incident.id)) is None:
        seen = update(Incident).where(Incident.open_as == key, Incident.last_seen_at < now - SEEN_EVERY)
        session.execute(seen.values(last_seen_at=now))
        return 0
    log.warning("an incident began", extra={"cause": cause, "sign": sign, "tenants": tenants})
    incident = session.get_one(Incident, row["id"])
    _tell(session, vault, incident, now, title=BEGUN.get(cause, BEGUN_ELSE))
    return 1


def _end(session: Session, vault: Vault, now: datetime) -> int:
    degraded = _degraded(session)
    ended = 0
    for incident in _open(session):
        count = degraded.get(incident.cause, 0)
        incident.tenants = max(incident.tenants, count)
        if not _is_over(incident, count, now):
            continue
        incident.ended_at, incident.open_as = now, None
        session.flush()
        log.info("an incident ended", extra={"cause": incident.cause, "sign": incident.sign})
        _tell(session, vault, incident, now, title="Not over for all" if count else OVER.get(incident.cause, OVER_ELSE))
        ended += 1
    return ended


def _is_over(incident: Incident, count: int, now: datetime) -> bool:
    if count == 0:
        return True
    if incident.cause == CAUSE:
        return now - incident.began_at >= LASTS
    return incident.last_seen_at < now - CALM - SEEN_EVERY


def _tell(session: Session, vault: Vault, incident: Incident, now: datetime, *, title: str) -> None:
    over = incident.ended_at is not None
    notice = notices.standing(session, now) if over else None
    still_said = notice is not None and notice.incident_id == incident.id
    article = None if over or incident.cause in STAFFS_OWN else by_code(incident.cause).article
    tell_staff(
        session,
        vault,
        topic="incident",
        title=title,
        text=f"{_afterwards(incident)}{STILL_SAID if still_said else ''}" if over else _to_do(incident),
        about=f"{incident.id}/{'ended' if over else 'began'}",
        now=now,
        article=article,
        data={
            "incident_id": incident.id,
            "cause": incident.cause,
            "sign": incident.sign,
            "since": incident.began_at.isoformat(),
            "ended_at": incident.ended_at.isoformat() if incident.ended_at else None,
            "tenants": incident.tenants,
            "notice_stands": still_said,
        },
    )


def _to_do(incident: Incident) -> str:
    return f"{TO_DO.get(incident.cause, TO_DO_ELSE)} {SAY_SO}"


def _afterwards(incident: Incident) -> str:
    lasted = (incident.ended_at or incident.began_at) - incident.began_at
    minutes = max(1, round(lasted.total_seconds() / 60))
    how_long = f"{minutes} minute{'s' if minutes > 1 else ''}" if minutes < SOON else f"{round(minutes / 60)} hours"
    hit = f"{incident.tenants} organisation{'s' if incident.tenants != 1 else ''}"
    return f"It lasted {how_long} and concerned {hit}. The history of each connection says what happened to it."


SAY_SO = "You can set a notice, so that customers read of it on top of answers and help pages."
STILL_SAID = " Your notice about it still stands: please lift it if it is not true any more."
SOON = 90  # up to then it is said in minutes
BEGUN_ELSE = "Several connections to Zoom are in trouble at once"
OVER_ELSE = "The trouble with Zoom is over"
# Where one connection is enough to know, and it is not Zoom that has the trouble.
BEGUN: Mapping[str, str] = {"invalid_client": "Zoom refuses our app", "zoom_unavailable": "Zoom does not answer"}
OVER: Mapping[str, str] = {"invalid_client": "Zoom accepts our app again", "zoom_unavailable": "Zoom answers again"}
STAFFS_OWN = ("invalid_client", CAUSE)  # articles are written for customers, and none of them is about that
TO_DO_ELSE = "Please look at the log. No customer is asked to connect again; each connection is tried again by itself."
TO_DO: Mapping[str, str] = {
    CAUSE: "Zoom refuses them all in the same way, so the reason is hardly theirs: was our app changed at Zoom? No "
    "customer is asked to connect again. Each is tried again for a day; who is refused for longer is told.",
    "invalid_client": "Please check ZOOM_CLIENT_ID and ZOOM_CLIENT_SECRET, and the app at Zoom. "
    "No customer is asked to connect again; all goes on as soon as it is mended.",
    "zoom_unavailable": "Zoom does not answer properly; https://status.zoom.us may say more. No customer is asked to "
    "connect again, and all goes on by itself as soon as Zoom answers.",
}


def _key(cause: str, sign: str | None) -> str:
    return f"{cause}/{sign}" if sign else cause
