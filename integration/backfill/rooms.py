"""Personal links: which meeting `my/name` leads to. Zoom tells it of each user, and of most in no list."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from integration.backfill import asking, holding, planning
from integration.backfill.holding import Held
from integration.backfill.models import Coverage
from integration.meetings import rooms
from integration.meetings.join_links import meeting_of
from integration.meetings.settling import settle
from integration.runtime import Runtime
from integration.zoom.client import PAGE_SIZE
from integration.zoom.errors import ZoomError
from integration.zoom.users import ZoomUser

log = logging.getLogger(__name__)

LIST_EVERY, PEOPLE_EVERY = timedelta(days=1), timedelta(days=7)
AT_ONCE = 8  # users that are read one by one before the turn is extended


def look(runtime: Runtime, held: Held, known: Coverage) -> bool:
    """Read the account's personal links, if it is time; True: events were led to their meetings by it.

    The list of users is read once a day. Each user alone, which takes a call for each, once a week, and only while an
    event of the past year has a link that nobody knows. Trouble with it is none of the turn's: it is tried again a day
    later. Raises Lost, and ZoomError where the connection is refused for good.
    """
    now = runtime.clock()
    with runtime.database.reading() as session:
        wanted = planning.unresolved_rooms(session, runtime.vault, held.tenant_id, now)
    alone = bool(wanted) and _is_over(known.people_read_at, PEOPLE_EVERY, now)
    if not alone and not _is_over(known.rooms_read_at, LIST_EVERY, now):
        return False
    try:
        found = asking.with_token(runtime, held.tenant_id, lambda token: _read(runtime, held, token, alone))
        read_at = now
    except ZoomError as error:
        if error.cause.final:
            raise
        log.warning("personal links cannot be read: %s", error, extra={"tenant": held.tenant_id})
        found, read_at = {}, now - PEOPLE_EVERY + LIST_EVERY
    with runtime.database.writing() as session:
        holding.confirm(session, held)
        row = session.get_one(Coverage, held.tenant_id)
        row.rooms_read_at = now
        if alone:
            row.people_read_at = read_at
        spans = rooms.store_rooms(session, runtime.vault, held.tenant_id, found, now)
        settle(session, runtime.vault, spans)
        return bool(spans)


def _is_over(read_at: datetime | None, pause: timedelta, now: datetime) -> bool:
    return read_at is None or now - read_at >= pause


def _read(runtime: Runtime, held: Held, token: str, alone: bool) -> Mapping[str, str]:
    """Digits by `my/name`: from the list, and of those whose link it leaves out from each of them `alone`."""
    users, found = [], dict[str, str]()
    for number, user in enumerate(runtime.zoom.users(token)):
        if number % PAGE_SIZE == 0:
            holding.extend(runtime, held)
        users.append(user)
        found |= _links(user)
    unlisted = [user for user in users if alone and not (user.vanity_url or user.personal_meeting_url)]
    for number, user in enumerate(unlisted):
        if number % AT_ONCE == 0:
            holding.extend(runtime, held)
        found |= _links(_alone(runtime, token, user))
    return found


def _alone(runtime: Runtime, token: str, user: ZoomUser) -> ZoomUser:
    try:
        return runtime.zoom.user(token, user.id)
    except ZoomError as error:
        if error.cause.code != "unknown":
            raise
        log.info("a user's personal link cannot be read: %s", error)
    return user  # who left meanwhile, or whom Zoom will not show: the others count all the same


def _links(user: ZoomUser) -> Mapping[str, str]:
    names = {meeting_of(url or "") for url in (user.vanity_url, user.personal_meeting_url)}
    return {name: user.pmi for name in names if name is not None and rooms.is_personal(name) and user.pmi}
