"""What the integration service answers, as types. It may say more than this, and name states that we do not know."""

from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Role(StrEnum):
    """What a person is to an organisation, as the service decides by."""

    NOBODY = "nobody"  # guests, people of elsewhere, bots, and whom Slack did not tell us about
    MEMBER = "member"
    ADMIN = "admin"
    STAFF = "staff"


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class Workspace(Answer):
    """Whose workspace it is: `tenant`'s (`name` is the organisation's), Retain's own (`staff`), or nobody's yet.

    `workspace_name` is its own, where it is known; `time_zone` is the organisation's.
    `role` is what the person who asked is there, once the service has looked into its own lists.
    """

    tenant: str | None = None
    name: str | None = None
    workspace_name: str | None = None
    time_zone: str | None = None
    staff: bool = False
    role: Role = Role.NOBODY


class Tenant(Answer):
    """An organisation. `score` says how well it fits what was searched: 1 is the very one."""

    id: str
    name: str
    time_zone: str | None = None
    score: float = 0.0


class Tenants(Answer):
    tenants: tuple[Tenant, ...]


class NewLink(Answer):
    """A connect link as it was made. Its address is told this once; it never reaches a log."""

    id: str
    url: str = Field(repr=False)


class Named(Answer):
    """A person, as far as they are known."""

    name: str | None = None
    email: str | None = None


class ZoomUser(Named):
    """Who signed in at Zoom, and why we ask: another `account` than before, or an `email` of elsewhere."""

    why: str | None = None


class Account(Named):
    """The Zoom user whose permission we hold."""

    role: str | None = None


class Link(Answer):
    """How far a connect link has come. `requested_by` got it and confirms; `made_by` made it (staff, perhaps).

    `forward` is a text for the Zoom admin, there while the link can be used; `confirm_by` while a word is awaited, and
    so is `replaces`: whose connection, which works now, the new one would take the place of.
    """

    id: str
    tenant: str
    tenant_name: str
    state: str
    cause: str | None = None
    explanation: str | None = None
    next_step: str | None = None
    article: str | None = None
    requested_by: str
    made_by: str
    expires_at: AwareDatetime
    zoom_user: ZoomUser | None = None
    confirm_by: AwareDatetime | None = None
    replaces: str | None = None
    forward: str | None = None
    card: str | None = None


class Checked(Answer):
    """What looking just now has shown."""

    ok: bool
    explanation: str | None = None


class Trouble(Answer):
    """Something that many organisations have at once, and that is not theirs to mend."""

    since: AwareDatetime
    text: str


class Notice(Answer):
    """What staff say to everybody, until a moment. `articles` are those it touches; none: all.

    `set_by` is told to staff alone. `incident_id`: the incident that it speaks of, in the place of our own words.
    """

    id: str
    text: str
    articles: tuple[str, ...] = ()
    set_at: AwareDatetime
    until: AwareDatetime
    set_by: str | None = None
    incident_id: str | None = None

    def touches(self, article: str | None) -> bool:
        """Whether it belongs on top of what an article says; without one, on top of anything."""
        return article is None or not self.articles or article in self.articles


class Proposal(Answer):
    """A notice that the service proposes for an incident that nobody has said anything about."""

    incident_id: str
    text: str
    articles: tuple[str, ...] = ()


class Board(Answer):
    """What goes on for many at once: trouble the service sees, a notice of the staff, and (for staff) a proposal."""

    incident: Trouble | None = None
    notice: Notice | None = None
    proposed: Proposal | None = None


class Progress(Answer):
    """How far the fetching of past meetings is. `state`: none, running, waiting, done or stopped.

    `windows` are the months, and then the single meetings, that Zoom is asked about. `explanation` says it in words;
    `asked_from`: how far back Zoom has told us of every call.
    """

    state: str
    windows: int = 0
    windows_done: int = 0
    sessions_found: int = 0
    waiting_until: AwareDatetime | None = None
    explanation: str | None = None
    asked_from: AwareDatetime | None = None


class Status(Answer):
    """How a tenant stands with Zoom. `freshness`: verified, believed or unknown; `may`: what the asker may do.

    `hours_affected` are those, as planned, of customer meetings since it broke; None where it did not.
    """

    tenant: str
    name: str
    state: str
    since: AwareDatetime | None = None
    cause: str | None = None
    who_must_act: str | None = None
    explanation: str | None = None
    next_step: str | None = None
    article: str | None = None
    freshness: str = "unknown"
    connected_by: Named | None = None
    account: Account | None = None
    verified_at: AwareDatetime | None = None
    last_webhook_at: AwareDatetime | None = None
    hours_affected: float | None = None
    meetings_affected: int | None = None
    backfill: Progress | None = None
    checked: Checked | None = None
    incident: Trouble | None = None
    notice: Notice | None = None
    may: frozenset[str] = frozenset()

    @property
    def verified(self) -> datetime | None:
        """When it was last proven to work; None unless that still counts."""
        return self.verified_at if self.freshness == "verified" else None


class Deletion(Answer):
    """The receipt of a disconnection: what was deleted, how many of each, and whether Zoom took the grant back."""

    deleted: dict[str, int] = {}
    at: AwareDatetime
    revoked: bool | None = None


class Event(Answer):
    """One entry of the flight recorder, in words."""

    at: AwareDatetime
    kind: str
    cause: str | None = None
    actor: str | None = None
    summary: str = ""
    receipt: Deletion | None = None


class Events(Answer):
    events: tuple[Event, ...]
