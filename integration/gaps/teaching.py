"""From choices to a patch: tried on a copy of the articles first, and refused where another question would suffer."""

from collections.abc import Sequence
from dataclasses import dataclass

from integration.gaps.choosing import NOWHERE, Choice
from kb.errors import shown_path
from kb.evaluate import Row
from kb.phrasings import as_patch
from kb.search import Answer, Search
from kb.trial import Trial, Verdict, Worse, try_out

MOST_SHOWN = 10  # questions that would be answered worse


@dataclass(frozen=True)
class Lesson:
    """`patch` is what `git apply` takes; None where something speaks against it. `lines` say what, or what it does."""

    patch: str | None
    lines: tuple[str, ...]


def teach(search: Search, choices: Sequence[Choice], rows: Sequence[Row], *, allow_unsure: bool = False) -> Lesson:
    """Add the choices' phrasings to what `search` answers from.

    Refused when a check of the articles finds anything, and when a row is answered worse; with `allow_unsure` an answer
    may become a choice of articles, but never a wrong one.
    """
    trial = _tried(search, choices, rows)
    if trial.findings or trial.search is None:
        return Lesson(None, ("The articles would not pass their check:", *trial.findings))
    worse = against(trial, allow_unsure=allow_unsure)
    if worse:
        return Lesson(None, (*worse_lines(worse), *_alone(search, choices, rows, allow_unsure=allow_unsure)))
    return Lesson(as_patch(trial.changes), tuple(_effect(trial.search, choice) for choice in choices))


def _tried(search: Search, choices: Sequence[Choice], rows: Sequence[Row]) -> Trial:
    additions: dict[str, list[str]] = {}
    for choice in choices:
        additions.setdefault(choice.article, []).append(choice.phrasing)
    return try_out(search, additions, rows)


def against(trial: Trial, *, allow_unsure: bool) -> list[Worse]:
    """Which questions speak against it."""
    return [one for one in trial.worse if one.verdict is Verdict.WRONG or not allow_unsure]


def worse_lines(worse: Sequence[Worse]) -> list[str]:
    """What would become of them, as lines of text."""
    count = "1 question" if len(worse) == 1 else f"{len(worse)} questions"
    lines = [f"{count} of {shown_path(worse[0].row.path)} would be answered worse:"]
    for one in worse[:MOST_SHOWN]:
        lines.append(f"  line {one.row.line}: {one.row.question}")
        lines.append(f"    now {_said(one.before)}, then {_said(one.after)}")
    if len(worse) > MOST_SHOWN:
        lines.append(f"  and {len(worse) - MOST_SHOWN} more")
    if all(one.verdict is Verdict.UNSURE for one in worse):
        lines.append("None would be answered wrong, only less surely: --allow-unsure accepts that.")
    return lines


def _said(answer: Answer) -> str:
    if answer.article is not None:
        return answer.article
    offered = ", ".join(candidate.article for candidate in answer.candidates)
    return f"a choice ({offered})" if answer.status == "suggested" else "no answer"


def _alone(search: Search, choices: Sequence[Choice], rows: Sequence[Row], *, allow_unsure: bool) -> list[str]:
    """Of several choices, which could be made by themselves."""
    if len(choices) < 2:
        return []
    fine = [
        choice.typed for choice in choices if not against(_tried(search, [choice], rows), allow_unsure=allow_unsure)
    ]
    return [f"By itself each of these would do no harm: {', '.join(fine)}." if fine else "None would do by itself."]


def _effect(search: Search, choice: Choice) -> str:
    texts = [choice.gap.text, *choice.gap.texts]
    given = f"{choice.typed} → {choice.article}: “{choice.phrasing}”"
    if choice.article == NOWHERE:
        silent = sum(search.ask(text).article is None for text in texts)
        return f"{given}; {silent} of its {len(texts)} wordings find no article."
    reached = sum(search.ask(text).article == choice.article for text in texts)
    return f"{given}; {reached} of its {len(texts)} wordings find it."
