"""Gaps as the API shows them."""

from datetime import datetime

from pydantic import BaseModel, Field


class Closest(BaseModel):
    article: str
    title: str
    confidence: float | None = Field(description="From 0 to 1; null: it was chosen, not searched for")


class Gap(BaseModel):
    """Questions alike that were not answered well. Texts are as people typed them, without what tells who they are."""

    id: str = Field(description="Stays the same while its most frequent wording does")
    text: str = Field(description="The most frequent wording that is not answered today", repr=False)
    count: int
    people: int
    first_at: datetime
    last_at: datetime
    unknown: int = Field(description="Nothing was found for so many of them")
    suggested: int = Field(description="For so many there was a choice of articles")
    not_helpful: int = Field(description="So many people said that it did not help")
    comments: list[str] = Field(description="What they missed, the latest first", repr=False)
    texts: list[str] = Field(description="Other wordings, the most frequent first", repr=False)
    closest: Closest | None
    why: str = Field(description="Why that was not enough, as one sentence")


class Gaps(BaseModel):
    """What was not answered well, the most frequent first. What today's articles answer is not among it."""

    days: int
    questions: int = Field(description="How many were asked in that time, in all")
    groups: list[Gap]
