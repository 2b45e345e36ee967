"""Holding a call: what is kept of it, and what Zoom tells about it by signed events.

Other threads than the server's may call these; the world's lock is not held while an event is on its way.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from integration.zoom.sandbox.errors import NotPossible
from integration.zoom.sandbox.meetings import ENDED, JOINED, KIM, LEFT, STARTED, Guest, Session
from integration.zoom.sandbox.model import Json, User, opaque_id, personal_id
from integration.zoom.sandbox.past import written
from integration.zoom.sandbox.webhooks import Delivery
from integration.zoom.sandbox.world import World

EVERYTHING, NOTHING = frozenset({STARTED, JOINED, LEFT, ENDED}), frozenset[str]()
PERSONAL_ROOM = "pmi"


def begin(
    world: World,
    host: str,
    meeting_id: str | None,
    at: datetime,
    *,
    topic: str = "",
    planned_minutes: int = 60,
    guests: Sequence[Guest] = (KIM,),
) -> Session:
    """A call that runs from `at` on, of which nobody is told yet.

    `meeting_id`: None for a new one, "pmi" for the host's personal room, or digits. Raises NotPossible.
    """
    with world.lock:
        user = world.user(host)
        found = _id(world, user, meeting_id)
        planned = 0 if found == str(personal_id(user)) else planned_minutes
        session = Session(
            world.meetings.new_uuid(), found, user, topic or f"{user.first_name}'s meeting",
            at.replace(microsecond=0), None, planned, tuple(guests),
        )  # fmt: skip
        world.meetings.add([session])
    return session


def end(world: World, session: Session, at: datetime) -> None:
    """Raises NotPossible when it is over, or began later."""
    with world.lock:
        if session.ended:
            raise NotPossible("This call is over already.")
        if at < session.began:
            raise NotPossible("A call cannot end before it began.")
        session.ended = at.replace(microsecond=0)


def hold(
    world: World,
    host: str,
    meeting_id: str | None,
    began: datetime,
    segments: Sequence[tuple[int, int]],
    *,
    topic: str = "",
    planned_minutes: int = 60,
    guests: Sequence[Guest] = (KIM,),
) -> list[Session]:
    """A whole call, each segment (seconds after `began`, length in seconds) with a uuid of its own. Tells nobody.

    Raises NotPossible.
    """
    if not segments or any(offset < 0 or length < 0 for offset, length in segments):
        raise NotPossible("A call has a beginning and a length.")
    held: list[Session] = []
    for offset, length in segments:
        at = began + timedelta(seconds=offset)
        again = held[0].meeting_id if held else meeting_id
        session = begin(world, host, again, at, topic=topic, planned_minutes=planned_minutes, guests=guests)
        end(world, session, at + timedelta(seconds=length))
        held.append(session)
    return held


def tell(world: World, sessions: Iterable[Session], events: Collection[str] = EVERYTHING) -> list[Delivery]:
    """Sends these of the events of calls, in the order in which they happened; returns when all are answered."""
    happened = sorted(
        (one for session in sessions for one in _happened(world, session) if one.event in events),
        key=lambda one: one.at,
    )
    return [_tell_one(world, one) for one in happened]


@dataclass(frozen=True)
class _Happening:
    at: datetime
    event: str
    payload: Json
    session: Session


def _tell_one(world: World, one: _Happening) -> Delivery:
    delivery = world.webhooks.send_happened(one.event, one.payload, at=one.at)
    if delivery.status is not None and delivery.status < 300:
        with world.lock:
            one.session.told |= {one.event}
    return delivery


def _happened(world: World, session: Session) -> list[_Happening]:
    """What there is to tell of a call, in order."""
    present = [guest.email for guest in session.guests]
    if world.habits["host_joins"] == "yes":
        present.insert(0, session.host.email)
    told = [(session.began, STARTED, ""), *((session.began, JOINED, email) for email in present)]
    if session.ended:
        told += [*((session.ended, LEFT, email) for email in present), (session.ended, ENDED, "")]
    return [_Happening(at, event, _payload(world, session, event, email), session) for at, event, email in told]


def _payload(world: World, session: Session, event: str, email: str = "") -> Json:
    """As in Zoom's reference of meeting events; `duration` is what was planned, in minutes."""
    about: Json = {
        "id": int(session.meeting_id) if world.habits["meeting_id"] == "number" else session.meeting_id,
        "uuid": session.uuid,
        "host_id": session.host.id,
        "host_email": session.host.email,
        "topic": session.topic,
        "type": session.type,
        "start_time": written(session.began),
        "timezone": session.host.timezone,
        "duration": session.planned_minutes,
    }
    if event == ENDED:
        about["end_time"] = written(session.ended)
    if email:
        about["participant"] = _participant(session, event, email)
    return {"account_id": session.host.account.id, "object": about}


def _participant(session: Session, event: str, email: str) -> Json:
    """Zoom names the address of its own people only."""
    own = email == session.host.email
    name = session.host.name if own else next(guest.name for guest in session.guests if guest.email == email)
    time = {"leave_time": written(session.ended)} if event == LEFT else {"join_time": written(session.began)}
    return {
        "user_id": "16778240" if own else "16778241",
        "user_name": name,
        "participant_uuid": opaque_id(f"{session.uuid}/{email}"),
        "id": session.host.id if own else "",
        "email": email if own else "",
        **time,
    }


def _id(world: World, host: User, asked: str | None) -> str:
    if asked is None:
        return world.meetings.new_id()
    if asked == PERSONAL_ROOM:
        return str(personal_id(host))
    digits = asked.replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit() and 9 <= len(digits) <= 12):
        raise NotPossible("A meeting's id has 9 to 12 digits.")
    return digits
