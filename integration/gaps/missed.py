"""Questions that were not answered well: not at all, not for sure, or so that it did not help."""

import logging
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from integration.errors import VaultError
from integration.questions.models import Feedback, Question
from integration.questions.scrubbing import MARK
from integration.vault import Vault
from kb.search import clean

log = logging.getLogger(__name__)

MOST = 2000  # the latest: comparing more takes too long for somebody who waits
LONGEST = 300  # characters: what somebody pasted behind it tells little of what they asked, and takes long to compare
UNSURE = ("unknown", "suggested")


@dataclass(frozen=True)
class Missed:
    """One question, on one line, its beginning where it is long. `article` is what was answered, with `confidence`.

    `disliked`: how many said that it did not help; `comments`: what they missed, the latest first.
    """

    text: str = field(repr=False)
    actor: str
    asked_at: datetime
    status: str | None
    article: str | None
    confidence: float | None
    disliked: int
    comments: tuple[str, ...] = field(repr=False)


def read_missed(session: Session, vault: Vault, since: datetime) -> list[Missed]:
    """Those that were asked since then, the latest first. What does not open, or has no words, is left out."""
    opinions = _dislikes(session, since)
    disliked = select(Feedback.question_id).where(Feedback.helpful.is_(False))
    missed = select(Question).where(
        Question.asked_at >= since, or_(Question.status.in_(UNSURE), Question.id.in_(disliked))
    )
    found = []
    for question in session.scalars(missed.order_by(Question.asked_at.desc(), Question.id).limit(MOST)):
        text = _opened(vault, "questions", "text", question.id, question.text, LONGEST)
        if text is not None and any(character.isalnum() for character in text):
            found.append(_missed(vault, question, text, opinions[question.id]))
    return found


def count_asked(session: Session, since: datetime) -> int:
    """How many questions were asked since then, however they were answered."""
    return session.scalar(select(func.count()).select_from(Question).where(Question.asked_at >= since)) or 0


def _dislikes(session: Session, since: datetime) -> defaultdict[str, list[Feedback]]:
    by_question: defaultdict[str, list[Feedback]] = defaultdict(list)
    dislikes = select(Feedback).join(Question).where(Question.asked_at >= since, Feedback.helpful.is_(False))
    for opinion in session.scalars(dislikes.order_by(Feedback.given_at.desc(), Feedback.actor)):
        by_question[opinion.question_id].append(opinion)
    return by_question


def _missed(vault: Vault, question: Question, text: str, opinions: list[Feedback]) -> Missed:
    comments = [
        _opened(vault, "question_feedback", "comment", f"{one.question_id}/{one.actor}", one.comment)
        for one in opinions
        if one.comment is not None
    ]
    return Missed(
        text=text,
        actor=question.actor,
        asked_at=question.asked_at,
        status=question.status,
        article=question.article,
        confidence=question.confidence,
        disliked=len(opinions),
        comments=tuple(filter(None, comments)),
    )


def _opened(vault: Vault, table: str, column: str, row: str, sealed: str, most: int | None = None) -> str | None:
    """What was typed, or so many characters of it, on one line, without Slack's markup; None where it does not open."""
    try:
        text = vault.open(sealed, table=table, column=column, row=row)
    except VaultError as error:
        log.error("left out of the gaps: %s", error, extra={"table": table, "row": row.partition("/")[0]})
        return None
    typed = text if most is None else text[: most * 4]  # markup goes, and is not long
    line = " ".join(clean(typed).split()).removeprefix(f"@{MARK}").strip(" ,:")
    return line if most is None or len(line) <= most else f"{line[:most]}…"
