"""`/v1/support-requests`: hand-overs to people, from opening to resolution."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints
from sqlalchemy.orm import Session

from integration.auth import Principal, TheCaller, v1_router
from integration.desk import acting, finding, opening, showing, telling, views, writing
from integration.desk.acting import Act
from integration.desk.opening import Contact, NewRequest
from integration.fields import Name, RowId, Words
from integration.problems import Problem
from integration.runtime import Now, TheVault, WritingSession, runtime_of
from integration.vault import Vault

router = v1_router("/support-requests")

MAX_LINK = 2_000
DOES_THIS = "a person does this"  # why X-Actor is needed


class Opening(BaseModel):
    key: Name = Field(description="The form's: sent twice, it is one request.")
    text: Words
    more: Words | None = None
    place: Name | None = Field(default=None, description="The asker's conversation with the bot: answers go there.")
    article: Name | None = Field(default=None, description="What the bot answered.")
    question_id: Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")] | None = None
    link: Annotated[str, StringConstraints(max_length=MAX_LINK, pattern=r"^https?://\S+$")] | None = None
    name: Name | None = Field(default=None, description="What the asker is called.")
    time_zone: Name | None = Field(default=None, description="Theirs; one that is not known is left out.")
    via: Literal["slack"]


class Answer(BaseModel):
    key: Name = Field(description="The form's: sent twice, it is one answer.")
    text: Words
    anyway: bool = Field(default=False, description="Though somebody else has it.")


class Message(BaseModel):
    key: Name = Field(description="The message's: told twice, it was written once.")
    text: Words
    reopens: bool = Field(default=True, description="False for what needs no answer (“thanks”).")


class Snooze(BaseModel):
    until: AwareDatetime


class Place(BaseModel):
    place: Name


class NotPossible(Problem):
    """It is in other hands, or resolved."""

    cause: Literal["claimed", "resolved", "no_conversation"] | None = None
    claimed_by: str | None = None


NOT_POSSIBLE: dict[int | str, dict[str, Any]] = {
    409: {"model": NotPossible, "description": "Somebody else has it, or it is resolved"}
}
KEY_OF_ANOTHER: dict[int | str, dict[str, Any]] = {
    409: {"model": Problem, "description": "This key was used for another request"}
}


@router.post(
    "",
    status_code=201,
    summary="Hand a question over to people",
    responses={
        200: {"model": views.Own, "description": "This form arrived before: the request that it made"},
        **KEY_OF_ANOTHER,
    },
)
def open_request(
    body: Opening, principal: TheCaller, session: WritingSession, vault: TheVault, now: Now, response: Response
) -> views.Own:
    new = NewRequest(
        **body.model_dump(exclude={"name"}),
        contact=Contact(name=body.name) if body.name else None,
        tenant=principal.tenant,
        actor=principal.person(DOES_THIS),
    )
    request, is_new = opening.open_request(session, vault, new, now)
    if not is_new:
        response.status_code = 200
    return showing.own(session, vault, [request])[0]


@router.get("/mine", summary="One's own requests that are not resolved, the newest first")
def mine(request: Request, principal: TheCaller) -> views.OwnRequests:
    runtime = runtime_of(request)
    with runtime.database.reading() as session:
        requests = finding.unresolved_of(session, principal.person(DOES_THIS))
        return views.OwnRequests(requests=showing.own(session, runtime.vault, requests))


@router.get("", summary="The queue; open ones by time left, snoozed ones last")
def queue(request: Request, now: Now, state: Annotated[finding.Listed, Query()] = "open") -> views.Queue:
    runtime = runtime_of(request)
    with runtime.database.reading() as session:
        requests = showing.shown(session, runtime.vault, finding.listed(session, state, now), now)
        return views.Queue(requests=requests, undelivered=finding.undelivered(session, now))


@router.get("/{id}", summary="A request as the staff see it")
def read(request: Request, id: RowId, now: Now) -> views.RequestView:
    runtime = runtime_of(request)
    with runtime.database.reading() as session:
        return showing.shown(session, runtime.vault, [finding.request_of(session, id)], now)[0]


@router.put("/{id}/card", status_code=204, summary="Say where the staff's message stands that shows it")
def keep_card(id: RowId, body: Place, session: WritingSession, vault: TheVault, now: Now) -> None:
    telling.card_stands(session, vault, finding.request_of(session, id, lock=True), body.place, now)


@router.put(
    "/{id}/place", status_code=204, summary="Say where its answers go: what its asker writes there is part of it"
)
def keep_place(id: RowId, body: Place, session: WritingSession) -> None:
    finding.request_of(session, id, lock=True).place = body.place


@router.post("/{id}/claim", summary="Take it on", responses=NOT_POSSIBLE)
def claim(id: RowId, principal: TheCaller, session: WritingSession, vault: TheVault, now: Now) -> views.RequestView:
    return _act(session, vault, id, principal, now, acting.claim)


@router.post("/{id}/release", summary="Leave it to others")
def release(id: RowId, principal: TheCaller, session: WritingSession, vault: TheVault, now: Now) -> views.RequestView:
    return _act(session, vault, id, principal, now, acting.release)


@router.post("/{id}/answer", summary="Answer its asker; that stops the clock", responses=NOT_POSSIBLE)
def answer(
    id: RowId, body: Answer, principal: TheCaller, session: WritingSession, vault: TheVault, now: Now
) -> views.RequestView:
    return _act(session, vault, id, principal, now, partial(acting.answer, **body.model_dump()))


@router.post("/{id}/answered-elsewhere", summary="It was answered by another way", responses=NOT_POSSIBLE)
def answered_elsewhere(
    id: RowId, principal: TheCaller, session: WritingSession, vault: TheVault, now: Now
) -> views.RequestView:
    return _act(session, vault, id, principal, now, acting.answered_elsewhere)


@router.post("/{id}/snooze", summary="Hold back its reminders for up to seven days", responses=NOT_POSSIBLE)
def snooze(
    id: RowId, body: Snooze, principal: TheCaller, session: WritingSession, vault: TheVault, now: Now
) -> views.RequestView:
    return _act(session, vault, id, principal, now, partial(acting.snooze, until=body.until))


@router.post("/{id}/resolve", summary="It is done with")
def resolve(id: RowId, principal: TheCaller, session: WritingSession, vault: TheVault, now: Now) -> views.RequestView:
    return _act(session, vault, id, principal, now, acting.resolve)


@router.post("/{id}/reopen", summary="It waits for people again, with a new clock")
def reopen(id: RowId, principal: TheCaller, session: WritingSession, vault: TheVault, now: Now) -> views.RequestView:
    return _act(session, vault, id, principal, now, acting.reopen)


@router.post(
    "/{id}/write", summary="Its asker adds something; after an answer that opens it again", responses=KEY_OF_ANOTHER
)
def write(
    id: RowId, body: Message, principal: TheCaller, session: WritingSession, vault: TheVault, now: Now
) -> views.Own:
    return _act_as_asker(session, vault, id, principal, now, partial(writing.write, **body.model_dump()))


@router.post("/{id}/solved", summary="Its asker says that it is solved")
def solved(id: RowId, principal: TheCaller, session: WritingSession, vault: TheVault, now: Now) -> views.Own:
    return _act_as_asker(session, vault, id, principal, now, acting.resolve)


def _act(
    session: Session, vault: Vault, request_id: str, principal: Principal, now: datetime, do: Act
) -> views.RequestView:
    request = acting.perform(session, vault, request_id, principal.person(DOES_THIS), now, do)
    return showing.shown(session, vault, [request], now)[0]


def _act_as_asker(
    session: Session, vault: Vault, request_id: str, principal: Principal, now: datetime, do: Act
) -> views.Own:
    actor = principal.person(DOES_THIS)
    request = finding.own_request(session, request_id, actor)
    do(session, vault, request, actor, now)
    return showing.own(session, vault, [request])[0]
