"""Trouble of many connections at once, as it is told."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from integration.connections.models import Incident
from integration.zoom.causes import cause as by_code
from integration.zoom.wording import Reader


def at(session: Session, moment: datetime, *, cause: str | None = None) -> Incident | None:
    """The incident at a moment (with this cause): of several, the one that concerns most."""
    going_on = select(Incident).where(
        Incident.began_at <= moment, or_(Incident.ended_at.is_(None), Incident.ended_at > moment)
    )
    if cause is not None:
        going_on = going_on.where(Incident.cause == cause)
    worst = going_on.order_by(Incident.tenants.desc(), Incident.began_at.desc(), Incident.id)
    return session.scalars(worst.limit(1)).one_or_none()


def text_of(incident: Incident, reader: Reader = "admin") -> str:
    """What may be read about it, by customers too. It names no organisation."""
    means = by_code(incident.cause)
    return f"{means.explanation} {means.step_for(reader)}"
