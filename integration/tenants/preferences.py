"""What a person wants to be told. What needs their action they are told in any case. The caller's session commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.db import insert
from integration.tenants.models import Preference


@dataclass(frozen=True)
class Wants:
    """`reminders`: staff, that a target they have taken on is near. `news`: that something works again or is done."""

    reminders: bool = True
    news: bool = True


def wants(session: Session, actor: str) -> Wants:
    """What this person wants to be told: everything, unless they said otherwise."""
    said = session.get(Preference, actor, populate_existing=True)
    return Wants(said.reminders, said.news) if said is not None else Wants()


def wanting_news(session: Session, actors: Sequence[str]) -> list[str]:
    """Those of them who have not turned good news off, in the order given."""
    off = set(session.scalars(select(Preference.actor).where(Preference.actor.in_(actors), ~Preference.news)))
    return [actor for actor in actors if actor not in off]


def change(session: Session, actor: str, *, reminders: bool | None, news: bool | None, now: datetime) -> Wants:
    """Turn something on or off; None leaves it. Returns what they want from now on."""
    said = {name: value for name, value in (("reminders", reminders), ("news", news)) if value is not None}
    if said:
        changed = said | {"changed_at": now}
        statement = insert(session, Preference).values(**{"reminders": True, "news": True, "actor": actor, **changed})
        session.execute(statement.on_conflict_do_update(index_elements=["actor"], set_=changed))
    return wants(session, actor)
