"""`/v1/questions`: a bot claims a question before it answers, and says afterwards how it went."""

from typing import Annotated

from pydantic import BaseModel, Field

from integration.auth import v1_router
from integration.fields import Name, RowId, Words
from integration.problems import ClaimedProblem
from integration.questions import service
from integration.runtime import Now, TheVault, WritingSession

router = v1_router("/questions")


class NewQuestion(BaseModel):
    key: Name = Field(description="The same whenever the same event, command or click arrives again.")
    text: Words
    actor: Name
    place: Name
    article: Name | None = Field(default=None, description="The article that was chosen instead of typing.")


class ClaimedQuestion(BaseModel):
    id: str
    support_request: str | None = Field(
        description="The request in whose conversation it was written: it is for people, not for the bot."
    )


class AnswerGiven(BaseModel):
    status: service.Status
    article: Name | None = None
    confidence: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None


class Opinion(BaseModel):
    actor: Name
    helpful: bool
    comment: Words | None = None


@router.post(
    "",
    status_code=201,
    summary="Claim a question and record it",
    responses={409: {"model": ClaimedProblem, "description": "This key was claimed before"}},
)
def claim(body: NewQuestion, session: WritingSession, vault: TheVault, now: Now) -> ClaimedQuestion:
    asked = service.Asked(body.key, body.text, body.actor, body.place, body.article)
    claimed = service.claim(session, vault, asked, now)
    return ClaimedQuestion(id=claimed.id, support_request=claimed.support_request)


@router.post("/{id}/answered", status_code=204, summary="Record what was answered (the last one wins)")
def answered(id: RowId, body: AnswerGiven, session: WritingSession, vault: TheVault, now: Now) -> None:
    service.answer(session, vault, id, status=body.status, article=body.article, confidence=body.confidence, now=now)


@router.post("/{id}/feedback", status_code=204, summary="Record whether it helped (the last one wins)")
def feedback(id: RowId, body: Opinion, session: WritingSession, vault: TheVault, now: Now) -> None:
    service.rate(session, vault, id, actor=body.actor, helpful=body.helpful, comment=body.comment, now=now)
