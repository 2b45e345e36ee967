"""Personal links: which meeting `my/name` leads to. Zoom tells it of each user, and of most in no list."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from integration.backfill import asking, holding
from integration.backfill.holding import Held
from integration.meetings import rooms
from integration.meetings.join_links import meeting_of
from integration.meetings.settling import settle
from integration.runtime import Runtime
from integration.zoom.errors import ZoomError
from integration.zoom.meetings import knows_nothing
from integration.zoom.users import ZoomUser

AT_ONCE = 8  # users that are read one by one before the turn is extended


def read(runtime: Runtime, held: Held, wanted: Collection[str]) -> Mapping[str, str]:
    """The account's personal links, by `my/name`. Each user is read alone only until all that are `wanted` are found:
    that takes a call for each (https://developers.zoom.us/docs/api/users/, "Get a user"). Raises as `with_token`.
    """
    return asking.with_token(runtime, held.tenant_id, lambda token: _read(runtime, held, token, wanted))


def store(session: Session, runtime: Runtime, held: Held, found: Mapping[str, str], now: datetime) -> None:
    """Keep them, and settle the events that they lead to. The turn must be confirmed."""
    settle(session, runtime.vault, rooms.store_rooms(session, runtime.vault, held.tenant_id, found, now))


def _read(runtime: Runtime, held: Held, token: str, wanted: Collection[str]) -> Mapping[str, str]:
    users = list(runtime.zoom.users(token))
    found = {name: meeting for user in users for name, meeting in _links(user)}
    for number, user in enumerate(users):
        if found.keys() >= set(wanted):
            break
        if number % AT_ONCE == 0:
            holding.extend(runtime, held)
        found |= dict(_links(_alone(runtime, token, user)))
    return found


def _alone(runtime: Runtime, token: str, user: ZoomUser) -> ZoomUser:
    try:
        return runtime.zoom.user(token, user.id)
    except ZoomError as error:
        if knows_nothing(error):  # who left meanwhile
            return user
        raise


def _links(user: ZoomUser) -> Iterator[tuple[str, str]]:
    for url in (user.vanity_url, user.personal_meeting_url):
        name = meeting_of(url or "")
        if name is not None and rooms.is_personal(name) and user.pmi:
            yield name, user.pmi
