"""What readers think of help pages: whether one helped, and what was missing. The caller's session commits."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from integration.db import insert
from integration.errors import VaultError
from integration.questions.models import ArticleVote
from integration.questions.scrubbing import scrubbed
from integration.vault import Vault

log = logging.getLogger(__name__)

TABLE = ArticleVote.__tablename__
MOST_SHOWN = 5  # of what was missing, by article
MOST_READ = 500  # the latest, of all articles


@dataclass(frozen=True)
class Vote:
    """One opinion of an article. `key` is the same for all that is sent from one copy of its page.

    `comment` is what was missing; `asked` is what the reader had searched for.
    """

    key: str
    article: str
    helpful: bool
    comment: str | None = field(default=None, repr=False)
    asked: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Missed:
    """What somebody missed in an article, or had searched for before they said that it did not help."""

    comment: str | None = field(repr=False)
    asked: str | None = field(repr=False)
    given_at: datetime


@dataclass(frozen=True)
class Opinions:
    """What readers thought of one article; `missed` has the latest first."""

    article: str
    helpful: int
    not_helpful: int
    missed: tuple[Missed, ...]


def record(session: Session, vault: Vault, vote: Vote, now: datetime) -> None:
    """Keep a vote. Of several from one copy of a page the last counts, and what was said of what is missing stays.

    Kept is what tells nobody who somebody is.
    """
    key = hashlib.sha256(f"{vote.key}/{vote.article}".encode()).hexdigest()
    new = {"id": uuid4().hex, "key": key, "article": vote.article, "helpful": vote.helpful, "given_at": now}
    statement = insert(session, ArticleVote).values(new).on_conflict_do_nothing(index_elements=["key"])
    session.execute(statement)
    row = session.scalars(select(ArticleVote).where(ArticleVote.key == key).with_for_update()).one()
    row.helpful, row.given_at = vote.helpful, now
    for column, text in (("comment", vote.comment), ("asked", vote.asked)):
        if text:
            setattr(row, column, vault.seal(scrubbed(text), table=TABLE, column=column, row=row.id))


def read_opinions(session: Session, vault: Vault, since: datetime) -> list[Opinions]:
    """Of each article that somebody voted on since then: that first which helped the fewest."""
    missed = _missed(session, vault, since)
    counts = (
        select(ArticleVote.article, func.sum(case((ArticleVote.helpful, 1), else_=0)), func.count())
        .where(ArticleVote.given_at >= since)
        .group_by(ArticleVote.article)
    )
    found = [
        Opinions(article, int(helpful), int(every) - int(helpful), tuple(missed.get(article, ())))
        for article, helpful, every in session.execute(counts)
    ]
    return sorted(found, key=lambda one: (-one.not_helpful, one.helpful, one.article))


def _missed(session: Session, vault: Vault, since: datetime) -> Mapping[str, list[Missed]]:
    said = ArticleVote.comment.is_not(None) | ArticleVote.asked.is_not(None)
    votes = select(ArticleVote).where(ArticleVote.given_at >= since, ArticleVote.helpful.is_(False), said)
    by_article: defaultdict[str, list[Missed]] = defaultdict(list)
    for vote in session.scalars(votes.order_by(ArticleVote.given_at.desc(), ArticleVote.id).limit(MOST_READ)):
        if len(by_article[vote.article]) < MOST_SHOWN:
            comment, asked = _opened(vault, vote, "comment"), _opened(vault, vote, "asked")
            if comment or asked:
                by_article[vote.article].append(Missed(comment, asked, vote.given_at))
    return by_article


def _opened(vault: Vault, vote: ArticleVote, column: str) -> str | None:
    """None where it does not open: the others are to be read all the same."""
    sealed = getattr(vote, column)
    try:
        return vault.open(sealed, table=TABLE, column=column, row=vote.id) if sealed is not None else None
    except VaultError as error:
        log.error("left out of the votes: %s", error, extra={"table": TABLE, "row": vote.id})
        return None
