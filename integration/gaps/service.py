"""The gaps of the knowledge base: what people asked, grouped, held against today's articles."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from integration.gaps.grouping import Group, grouped, rarity
from integration.gaps.missed import count_asked, read_missed
from integration.gaps.views import Closest, Gap, Gaps
from integration.runtime import Runtime
from kb.explain import shortfall
from kb.search import Answer, Search

MOST_DAYS = 3650
MOST_GROUPS = 100
MOST_TEXTS = 5  # shown beside the first, and as many comments


def read_gaps(runtime: Runtime, search: Search, *, days: int, limit: int) -> Gaps:
    """At most `limit` gaps of the last `days`, the most frequent first."""
    since = runtime.clock() - timedelta(days=days)
    with runtime.database.reading() as session:
        missed, asked = read_missed(session, runtime.vault, since), count_asked(session, since)
    # This may take seconds, and needs no connection.
    found = _gaps(search, grouped(missed, rarity(search.library)))
    return Gaps(days=days, questions=asked, groups=list(islice(found, limit)))


def _gaps(search: Search, groups: list[Group]) -> Iterator[Gap]:
    """What today's articles answer is no gap any more, unless people said that such an answer did not help.

    What was asked in another language is none: no phrasing would help, and who asked was told so.
    """
    for group in groups:
        shown = group.texts[: MOST_TEXTS + 1]
        asked = {text: search.ask(text) for text in shown}
        still = next((text for text in shown if _is_missed(asked[text])), None)
        if still is not None or group.disliked:
            yield _gap(search, group, asked[still or shown[0]])


def _is_missed(answer: Answer) -> bool:
    return answer.status != "answered" and answer.language is None


def _gap(search: Search, group: Group, answer: Answer) -> Gap:
    comments = [comment for one in group.questions for comment in one.comments]
    times = [one.asked_at for one in group.questions]
    return Gap(
        id=group.id,
        text=answer.question,
        count=len(group.questions),
        people=group.people,
        first_at=min(times),
        last_at=max(times),
        unknown=group.number("unknown"),
        suggested=group.number("suggested"),
        not_helpful=group.disliked,
        comments=list(dict.fromkeys(comments))[:MOST_TEXTS],
        texts=[text for text in group.texts if text != answer.question][:MOST_TEXTS],
        closest=_closest(search, group, answer),
        why=_why(search, group, answer),
    )


def _closest(search: Search, group: Group, answer: Answer) -> Closest | None:
    given = _given(group)
    if given is not None and not group.unsure:
        sure = [one.confidence for one in group.questions if one.article == given and one.confidence is not None]
        return Closest(article=given, title=_title(search, given), confidence=max(sure, default=None))
    if not answer.candidates:
        return None
    best = answer.candidates[0]
    return Closest(article=best.article, title=_title(search, best.article), confidence=best.confidence)


def _why(search: Search, group: Group, answer: Answer) -> str:
    given = _given(group)
    if given is None or (group.unsure and answer.status != "answered"):
        return shortfall(search, answer.question)
    people = "one person" if group.disliked == 1 else f"{group.disliked} people"
    return f"“{_title(search, given)}” was the answer, and {people} said that it did not help."


def _given(group: Group) -> str | None:
    """The article that people said did not help, most often."""
    counts = Counter(one.article for one in group.questions if one.article is not None and one.disliked)
    return counts.most_common(1)[0][0] if counts else None


def _title(search: Search, slug: str) -> str:
    article = search.library.articles.get(slug)
    return article.title if article else slug
