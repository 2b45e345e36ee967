"""Claiming, answering and rating questions, and handing out those left unanswered. The caller's session commits."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.db import insert
from integration.desk.finding import request_of_place
from integration.errors import Conflict, NotFound, VaultError
from integration.notifications import service as notifications
from integration.questions.models import Feedback, Question
from integration.questions.scrubbing import scrubbed
from integration.vault import Vault

log = logging.getLogger(__name__)

UNANSWERED = "question.unanswered"
PATIENCE = timedelta(seconds=30)
BATCH = 50

Status = Literal["answered", "suggested", "unknown"]


@dataclass(frozen=True)
class Asked:
    """A question as it arrives. `key` is the same whenever the same event arrives again."""

    key: str
    text: str
    actor: str
    place: str
    article: str | None = None  # chosen by a click instead of typing


@dataclass(frozen=True)
class Claimed:
    """A question in the hands of whoever claimed it. `support_request`: it was written to people, not to the bot."""

    id: str
    support_request: str | None


def claim(session: Session, vault: Vault, asked: Asked, now: datetime) -> Claimed:
    """Record the question for whoever claims its key first. Raises Conflict for all others.

    Kept is what tells nobody who somebody is. What was written to people is kept as it is until it has reached them.
    """
    new_id, request = uuid4().hex, request_of_place(session, asked.place, now)
    text = asked.text if request else scrubbed(asked.text)
    row = {
        "id": new_id,
        "key": asked.key,
        "text": vault.seal(text, table="questions", column="text", row=new_id),
        "actor": asked.actor,
        "place": asked.place,
        "article": asked.article,
        "asked_at": now,
        "owed_at": now + PATIENCE,
    }
    statement = insert(session, Question).values(row).on_conflict_do_nothing(index_elements=["key"])
    if session.scalar(statement.returning(Question.id)) is not None:
        return Claimed(new_id, request)
    first = session.scalars(select(Question).where(Question.key == asked.key)).one()
    raise Conflict(
        "This question was claimed before.",
        field="key",
        remedy="Leave it to whoever claimed it; if it stays unanswered it is handed out again.",
        extra={
            "id": first.id,
            "answered": first.answered_at is not None,
            "support_request": request_of_place(session, first.place, first.asked_at),
        },
    )


def answer(
    session: Session,
    vault: Vault,
    question_id: str,
    *,
    status: Status,
    article: str | None,
    confidence: float | None,
    now: datetime,
) -> None:
    """Record what was answered; the last one wins. Nobody is told any more that it was left unanswered.

    Raises NotFound.
    """
    question = _question(session, question_id)
    _scrub(vault, question)
    question.status, question.article, question.confidence = status, article, confidence
    question.answered_at, question.owed_at = now, None
    notifications.settle(session, vault, about=question.id, now=now)


def rate(
    session: Session,
    vault: Vault,
    question_id: str,
    *,
    actor: str,
    helpful: bool,
    comment: str | None,
    now: datetime,
) -> None:
    """Record one person's opinion of the answer; their last one counts. Raises NotFound."""
    _question(session, question_id)
    place = {"table": "question_feedback", "column": "comment", "row": f"{question_id}/{actor}"}
    opinion = {
        "helpful": helpful,
        "comment": vault.seal(scrubbed(comment), **place) if comment is not None else None,
        "given_at": now,
    }
    statement = insert(session, Feedback).values(question_id=question_id, actor=actor, **opinion)
    session.execute(statement.on_conflict_do_update(index_elements=["question_id", "actor"], set_=opinion))


def hand_out_unanswered(session: Session, vault: Vault, now: datetime) -> int:
    """A worker's duty: what is unanswered after `PATIENCE` becomes a notification for a bot. Returns how many.

    The row's lock is the lease: the effect is in this database too, so both commit at once or not at all.
    """
    owed = (
        select(Question)
        .where(Question.owed_at <= now)
        .order_by(Question.owed_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    questions = session.scalars(owed).all()
    for question in questions:
        _hand_out(session, vault, question, now)
    return len(questions)


def _hand_out(session: Session, vault: Vault, question: Question, now: datetime) -> None:
    question.owed_at = None
    try:
        text = _text_of(vault, question)
    except VaultError as error:
        # Nothing will open it on the next round either, and the others must not wait behind it.
        log.error("question cannot be handed out: %s", error, extra={"question": question.id})
        return
    payload = {
        "question": {
            "id": question.id,
            "key": question.key,
            "text": text,
            "actor": question.actor,
            "place": question.place,
            "article": question.article,
            "asked_at": question.asked_at.isoformat(),
            "support_request": request_of_place(session, question.place, question.asked_at),
        }
    }
    notifications.owe(
        session, vault, kind=UNANSWERED, about=question.id, payload=payload, now=now, place=question.place
    )


def _scrub(vault: Vault, question: Question) -> None:
    """What was written to people has reached them: of it, too, only what tells nobody who somebody is."""
    try:
        text = _text_of(vault, question)
    except VaultError as error:  # that it was answered counts all the same
        log.error("question cannot be read: %s", error, extra={"question": question.id})
        return
    if (kept := scrubbed(text)) != text:
        question.text = vault.seal(kept, table="questions", column="text", row=question.id)


def _text_of(vault: Vault, question: Question) -> str:
    return vault.open(question.text, table="questions", column="text", row=question.id)


def _question(session: Session, question_id: str) -> Question:
    question = session.get(Question, question_id, with_for_update=True)
    if question is None:
        raise NotFound("There is no question with this id.", field="id", remedy="Use the id that claiming it gave.")
    return question
