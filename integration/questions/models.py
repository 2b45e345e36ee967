"""Questions, and what people thought of the answers and of the help pages."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from integration.db import SEALED, Base


class Question(Base):
    """`key` is what the bot was told by (an event, a command, a click): claiming it twice is refused."""

    __tablename__ = "questions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), unique=True)
    text: Mapped[str] = mapped_column(Text, info=SEALED)
    actor: Mapped[str] = mapped_column(String(255))
    place: Mapped[str] = mapped_column(String(255))
    asked_at: Mapped[datetime] = mapped_column(index=True)
    owed_at: Mapped[datetime | None] = mapped_column(index=True)  # none: answered, or handed out again
    status: Mapped[str | None] = mapped_column(String(16))
    article: Mapped[str | None] = mapped_column(String(255))
    confidence: Mapped[float | None]
    answered_at: Mapped[datetime | None]


class Feedback(Base):
    """One person's opinion of one answer; the last one counts."""

    __tablename__ = "question_feedback"

    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True)
    actor: Mapped[str] = mapped_column(String(255), primary_key=True)
    helpful: Mapped[bool]
    comment: Mapped[str | None] = mapped_column(Text, info=SEALED)
    given_at: Mapped[datetime]


class ArticleVote(Base):
    """One opinion of one help page, of somebody we do not know. `key` is the page's: sent twice, it is one vote."""

    __tablename__ = "article_votes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    article: Mapped[str] = mapped_column(String(255))
    helpful: Mapped[bool]
    comment: Mapped[str | None] = mapped_column(Text, info=SEALED)
    asked: Mapped[str | None] = mapped_column(Text, info=SEALED)  # what they searched for before
    given_at: Mapped[datetime] = mapped_column(index=True)
