"""The notice that stands: set by staff for a while, lifted by them, or by itself when its time is over."""

import logging
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from integration.connections.models import Incident
from integration.errors import Invalid
from integration.incidents.models import IncidentNotice
from integration.moments import moment
from integration.notifications.staff import tell_staff
from integration.vault import Vault
from integration.zoom.causes import CAUSES
from kb.support_hours import PACIFIC

log = logging.getLogger(__name__)

LONGEST = timedelta(days=7)  # what is so for longer belongs in an article
# Articles that say how a connection stands: a notice that touches one of them touches every status.
ABOUT_CONNECTIONS = frozenset(cause.article for cause in CAUSES.values())


def standing(session: Session, at: datetime) -> IncidentNotice | None:
    """The notice at a moment, past ones included; the latest, should there be two."""
    lasting = or_(IncidentNotice.lifted_at.is_(None), IncidentNotice.lifted_at > at)
    then = select(IncidentNotice).where(IncidentNotice.set_at <= at, IncidentNotice.until > at, lasting)
    latest_first = then.order_by(IncidentNotice.set_at.desc(), IncidentNotice.id)
    return session.scalars(latest_first.limit(1)).one_or_none()


def touches(notice: IncidentNotice, articles: Collection[str]) -> bool:
    """Does it concern one of these articles? One that names none concerns all."""
    return not notice.articles or not set(notice.articles).isdisjoint(articles)


def spoken_of(session: Session, incident: Incident) -> bool:
    """Has there been a notice about this incident, even one that was lifted?"""
    said = select(IncidentNotice.id).where(IncidentNotice.incident_id == incident.id)
    return session.scalar(said.limit(1)) is not None


def put_up(
    session: Session,
    vault: Vault,
    *,
    text: str,
    until: datetime,
    articles: Sequence[str],
    known: Iterable[str],
    actor: str,
    now: datetime,
    incident_id: str | None = None,
) -> IncidentNotice:
    """Say `text` to everybody until a moment, in the place of what was said before; staff hear of it.

    `known` are the slugs of all articles. Raises Invalid, which names the field.
    """
    _check_until(until, now)
    _check_articles(articles, known)
    if incident_id is not None and session.get(Incident, incident_id) is None:
        raise Invalid("There is no such incident.", field="incident_id", remedy="Leave it out, or look again.")
    _end(session, now, actor)
    notice = IncidentNotice(
        id=uuid4().hex,
        text=text,
        articles=list(dict.fromkeys(articles)),
        set_by=actor,
        set_at=now,
        until=until,
        incident_id=incident_id,
    )
    session.add(notice)
    session.flush()
    log.info("a notice was set", extra={"notice": notice.id, "actor": actor, "until": until.isoformat()})
    _tell(session, vault, notice, STANDS, "set", now)
    return notice


def lift(session: Session, vault: Vault, *, actor: str, now: datetime) -> None:
    """Take the notice away before its time; staff hear of it. Without one, nothing happens."""
    notice = standing(session, now)
    if notice is None:
        return
    _end(session, now, actor)
    log.info("a notice was lifted", extra={"notice": notice.id, "actor": actor})
    _tell(session, vault, notice, LIFTED, "lifted", now)


STANDS = "A notice stands on top of answers, status cards and help pages"
LIFTED = "The notice is lifted"


def _end(session: Session, now: datetime, actor: str) -> None:
    """End all that stand: two may have been set at once."""
    stand = update(IncidentNotice).where(IncidentNotice.lifted_at.is_(None), IncidentNotice.until > now)
    session.execute(stand.values(lifted_at=now, lifted_by=actor))


def _tell(session: Session, vault: Vault, notice: IncidentNotice, title: str, what: str, now: datetime) -> None:
    until = "" if notice.lifted_at else f", until {moment(notice.until, PACIFIC.key)}."
    tell_staff(
        session,
        vault,
        topic=f"notice_{what}",
        title=title,
        text=f"“{notice.text}”{until}",
        about=f"{notice.id}/{what}",
        now=now,
        data={"until": notice.until.isoformat(), "articles": notice.articles, "set_by": notice.set_by},
    )


def _check_until(until: datetime, now: datetime) -> None:
    if until <= now:
        raise Invalid("This moment is over already.", field="until", remedy="Choose a moment that is still to come.")
    if until - now > LONGEST:
        raise Invalid(
            "A notice stands for 7 days at most.",
            field="until",
            remedy="Choose an earlier moment. What is so for longer belongs in an article.",
        )


def _check_articles(articles: Sequence[str], known: Iterable[str]) -> None:
    unknown = sorted(set(articles).difference(known))
    if unknown:
        raise Invalid(
            f"There is no article “{unknown[0]}”.", field="articles", remedy="Name articles of the help centre."
        )
