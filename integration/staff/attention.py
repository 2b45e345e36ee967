"""Which tenants need somebody of Retain's now, and why: one table, the gravest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from integration.connections.causes import meaning
from integration.connections.models import ConnectionState
from integration.staff import standings
from integration.staff.standings import TenantNow
from integration.staff.words import WHO
from kb.spans import span

STALE = timedelta(days=2)  # what works is looked at every day: longer means that nobody looks
LONG_TROUBLE = timedelta(days=1)
FOLLOW_UP = timedelta(days=7)  # after Zoom was enabled, and not connected
FORGOTTEN = timedelta(days=30)  # nobody is reminded of it any more
RECENT = timedelta(days=7)

STATE = ConnectionState


@dataclass(frozen=True)
class Need:
    """Why a tenant needs attention. The `rank` of the gravest is 0; of those alike the earliest `since` comes first."""

    rank: int
    words: str
    since: datetime

    @property
    def urgency(self) -> tuple[int, datetime]:
        """What needs are sorted by."""
        return self.rank, self.since


# Each says for which of them it is true since when, and in which words.
Finding = Callable[[TenantNow, datetime], tuple[datetime, str] | None]


def need_of(tenant: TenantNow, now: datetime) -> Need | None:
    """The gravest one; None: nobody has to do anything."""
    for rank, finding in enumerate(FINDINGS):
        found = finding(tenant, now)
        if found is not None:
            return Need(rank, found[1], found[0])
    return None


def needing(session: Session, now: datetime) -> list[tuple[TenantNow, Need]]:
    """The tenants that need attention, the most urgent first."""
    found = [(tenant, need) for tenant in standings.every(session, now) if (need := need_of(tenant, now))]
    return sorted(found, key=lambda one: one[1].urgency)


def _overdue(tenant: TenantNow, _now: datetime) -> tuple[datetime, str] | None:
    waiting = tenant.waiting
    if waiting is None or not waiting.overdue:
        return None
    return waiting.respond_by, "A request is overdue" if waiting.overdue == 1 else f"{waiting.overdue} requests overdue"


def _ours(tenant: TenantNow, _now: datetime) -> tuple[datetime, str] | None:
    """The connection fails for a reason that somebody of ours has to mend."""
    standing = tenant.standing
    means = meaning(standing.state, standing.cause)
    if standing.state not in (STATE.DEGRADED, STATE.NEEDS_REAUTHORIZATION) or standing.since is None:
        return None
    return (standing.since, f"{WHO[means.who_must_act]} must act") if means.ours and means.staff_step else None


def _broken(tenant: TenantNow, _now: datetime) -> tuple[datetime, str] | None:
    standing = tenant.standing
    if standing.state != STATE.NEEDS_REAUTHORIZATION or standing.since is None:
        return None
    return standing.since, f"{WHO[meaning(standing.state, standing.cause).who_must_act]} must act"


def _stale(tenant: TenantNow, now: datetime) -> tuple[datetime, str] | None:
    """It is said to work, and nobody has looked for days."""
    standing = tenant.standing
    if standing.state != STATE.CONNECTED or standing.since is None:
        return None
    last = standing.verified_at or standing.since
    return (last, f"Not verified for {span(now - last)}") if now - last > STALE else None


def _waiting(tenant: TenantNow, _now: datetime) -> tuple[datetime, str] | None:
    waiting = tenant.waiting
    if waiting is None:
        return None
    return waiting.respond_by, "A request waits" if waiting.number == 1 else f"{waiting.number} requests wait"


def _trouble(tenant: TenantNow, now: datetime) -> tuple[datetime, str] | None:
    """What ought to pass by itself does not."""
    standing = tenant.standing
    if standing.state != STATE.DEGRADED or standing.since is None or now - standing.since <= LONG_TROUBLE:
        return None
    return standing.since, f"In trouble for {span(now - standing.since)}"


def _lost(tenant: TenantNow, now: datetime) -> tuple[datetime, str] | None:
    """Zoom ended it, which may not have been meant; those who disconnected it here meant it."""
    standing = tenant.standing
    if standing.state != STATE.DEAUTHORIZED or standing.cause == "disconnected" or standing.since is None:
        return None
    return (standing.since, "Zoom ended the connection: was that meant?") if now - standing.since <= RECENT else None


def _not_begun(tenant: TenantNow, now: datetime) -> tuple[datetime, str] | None:
    standing = tenant.standing
    if standing.state != STATE.NOT_CONNECTED or standing.since is None:
        return None
    enabled_for = now - standing.since
    if not FOLLOW_UP < enabled_for <= FORGOTTEN:
        return None
    return standing.since, f"Enabled {span(enabled_for)} ago, not connected yet"


FINDINGS: Sequence[Finding] = (_overdue, _ours, _broken, _stale, _waiting, _trouble, _lost, _not_begun)
