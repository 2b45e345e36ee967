"""One look at a signed-in report: who reads, whose numbers, in which zone their times are shown, and links onward."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from integration.errors import Invalid
from integration.fields import Name
from integration.meetings import knowledge
from integration.meetings.duration import minutes, spoken
from integration.meetings.knowledge import About
from integration.pages.addresses import address
from integration.pages.views import private_page, rendered
from integration.runtime import Runtime, runtime_of
from integration.signing_in.service import Reader, require_signed_in
from integration.tenants.fields import known_zone

ACTION = "hours"


@dataclass(frozen=True)
class Asked:
    """What every report takes, and who asks. Without a tenant it is the reader's own; staff may name any."""

    request: Request
    reader: Reader
    tenant: str | None
    zone: str | None


def _asked(
    request: Request,
    reader: Annotated[Reader, Depends(require_signed_in)],
    tenant: Annotated[Name | None, Query()] = None,
    zone: Annotated[Name | None, Query()] = None,
) -> Asked:
    return Asked(request, reader, tenant or reader.tenant, zone)


TheAsked = Annotated[Asked, Depends(_asked)]


@dataclass(frozen=True)
class Visit:
    """Who may see this tenant's numbers sees them now. Days are in the tenant's zone, times in the reader's."""

    asked: Asked
    session: Session
    runtime: Runtime
    about: About
    zone: ZoneInfo
    now: datetime

    @property
    def today(self) -> str:
        """The day in the tenant's zone, such as `2025-01-31`."""
        return f"{self.now.astimezone(self.about.zone):%Y-%m-%d}"

    @property
    def carried(self) -> dict[str, str]:
        """What goes along to every other report: whose numbers, where they are not the reader's own, and the zone."""
        tenant = self.about.tenant_id
        other = {"tenant": tenant} if tenant != self.asked.reader.tenant else {}
        return other | ({"zone": self.zone.key} if self.zone != self.about.zone else {})

    def link(self, page: str, query: Mapping[str, object] | None = None) -> str:
        """The address of a report; what is None is left out."""
        return address(f"/reports/{page}", {**(query or {}), **self.carried})

    def clock(self, moment: datetime, *, seconds: bool = False) -> str:
        """The time of day in the reader's zone."""
        return f"{moment.astimezone(self.zone):{'%H:%M:%S' if seconds else '%H:%M'}}"

    def day(self, moment: datetime) -> str:
        """The day in the reader's zone, such as `Tue 14 Jan 2025`."""
        there = moment.astimezone(self.zone)
        return f"{there:%a} {there.day} {there:%b %Y}"

    def page(self, template: str, status: int = 200, **context: object) -> HTMLResponse:
        """A page that nobody keeps."""
        html = rendered(
            self.asked.request,
            template,
            visit=self,
            reader=self.asked.reader,
            spoken=spoken,
            difference=difference,
            **context,
        )
        return private_page(self.asked.request, html, status=status)


@contextmanager
def visiting(asked: Asked) -> Iterator[Visit | None]:
    """The visit, while the database may be read; None when somebody who may see several tenants named none.

    Raises Forbidden, and NotFound for a tenant that is not there.
    """
    runtime = runtime_of(asked.request)
    if asked.tenant is None:
        asked.reader.require("administer", None)
        yield None
        return
    asked.reader.require(ACTION, asked.tenant)
    asked.request.state.decided |= {"action": ACTION}
    with runtime.database.reading() as session:
        about = knowledge.about(session, asked.tenant)
        yield Visit(asked, session, runtime, about, _zone(asked.zone) or about.zone, runtime.clock())


def difference(counted_seconds: int, scheduled_seconds: int) -> str:
    """By how much what counts differs from what was scheduled, as both are shown: `+15 min`, `−1 h 5 min`, `±0 min`."""
    shown = minutes(counted_seconds) - minutes(scheduled_seconds)
    return f"{'+' if shown > 0 else '−' if shown else '±'}{spoken(abs(shown) * 60)}"


def _zone(name: str | None) -> ZoneInfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(known_zone(name))
    except ValueError as error:
        raise Invalid(f"The zone {error}.", field="zone", remedy="Leave it out for the organisation's own.") from None
