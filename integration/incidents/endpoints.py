"""What goes on for many at once: trouble that the service sees, and the notice that staff set."""

from datetime import datetime
from typing import Annotated

from fastapi import Request, Response
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from integration.auth import TheCaller, v1_router
from integration.connections import incidents
from integration.connections.models import Incident
from integration.incidents import service
from integration.incidents.models import IncidentNotice
from integration.incidents.proposing import proposal_for
from integration.runtime import Now, TheVault, WritingSession, runtime_of
from integration.tenants.fields import SLUG

router = v1_router("/incident")

MAX_TEXT = 500
MAX_ARTICLES = 50
SETS_IT = "a person sets the notice, or lifts it"  # why X-Actor is needed


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


class IncidentView(BaseModel):
    since: datetime
    cause: str
    text: str = Field(description="What customers may read. It names no organisation.")
    tenants: int

    @classmethod
    def of(cls, incident: Incident) -> "IncidentView":
        text = incidents.text_of(incident)
        return cls(since=incident.began_at, cause=incident.cause, text=text, tenants=incident.tenants)


class NoticeView(BaseModel):
    id: str
    text: str
    articles: list[str] = Field(description="Slugs of the articles that it touches; empty: all.")
    set_at: datetime
    until: datetime
    set_by: str | None = Field(description="Told to staff alone.")
    incident_id: str | None = Field(description="The incident that it speaks of, if it was proposed for one.")

    @classmethod
    def of(cls, notice: IncidentNotice, *, to_staff: bool) -> "NoticeView":
        given = {name: getattr(notice, name) for name in cls.model_fields}
        return cls(**given if to_staff else given | {"set_by": None})


class ProposalView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    incident_id: str
    text: str
    articles: list[str]


class TheIncident(BaseModel):
    incident: IncidentView | None = Field(description="Null while a notice speaks of it.")
    notice: NoticeView | None
    proposed: ProposalView | None = Field(description="For staff: what might be said of an incident.")


class NewNotice(BaseModel):
    text: Annotated[
        str,
        StringConstraints(max_length=MAX_TEXT, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$"),
        AfterValidator(_on_one_line),
    ]
    until: AwareDatetime
    articles: list[Annotated[str, StringConstraints(pattern=SLUG, max_length=100)]] = Field(
        default=[], max_length=MAX_ARTICLES, description="Slugs of the articles that it touches; empty: all."
    )
    incident_id: Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")] | None = None


@router.get("", summary="The trouble of many organisations at once, if there is any, and the staff's notice")
def read(request: Request, principal: TheCaller, now: Now) -> TheIncident:
    with runtime_of(request).database.reading() as session:
        found, notice = incidents.at(session, now), service.standing(session, now)
        if found is None and notice is None:
            return TheIncident(incident=None, notice=None, proposed=None)
        is_staff = principal.listed_in(session).may("desk", None)
        spoken_of = found is not None and service.spoken_of(session, found)
        covered = found is not None and notice is not None and notice.incident_id == found.id
        proposed = proposal_for(found) if found is not None and is_staff and not spoken_of else None
        return TheIncident(
            incident=IncidentView.of(found) if found is not None and not covered else None,
            notice=NoticeView.of(notice, to_staff=is_staff) if notice is not None else None,
            proposed=ProposalView.model_validate(proposed) if proposed is not None else None,
        )


@router.put("", summary="Set the notice that stands on top of answers, status cards and help pages")
def put(
    request: Request, body: NewNotice, principal: TheCaller, session: WritingSession, vault: TheVault, now: Now
) -> NoticeView:
    """It stands at once, in the place of the one before, until it is lifted or its time is over (7 days at most)."""
    notice = service.put_up(
        session,
        vault,
        text=body.text,
        until=body.until,
        articles=body.articles,
        known=runtime_of(request).library.articles,
        actor=principal.person(SETS_IT),
        now=now,
        incident_id=body.incident_id,
    )
    return NoticeView.of(notice, to_staff=True)


@router.delete("", status_code=204, summary="Lift the notice", response_class=Response)
def delete(principal: TheCaller, session: WritingSession, vault: TheVault, now: Now) -> None:
    """Repeatable; harmless where there is none."""
    service.lift(session, vault, actor=principal.person(SETS_IT), now=now)
