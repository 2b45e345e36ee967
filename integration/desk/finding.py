"""Finding support requests."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.desk.models import RequestState, SupportRequest


def request_of_place(session: Session, place: str) -> str | None:
    """The id of the request whose conversation this is: what its asker writes there is for people, not for the bot.

    Of several in one conversation the newest that is not resolved is meant, or else the newest of all.
    """
    resolved = SupportRequest.state == RequestState.RESOLVED
    here = select(SupportRequest.id).where(SupportRequest.place == place)
    return session.scalar(here.order_by(resolved, SupportRequest.asked_at.desc()).limit(1))
