"""Phrasings that an article does not have yet: added to its text, and the difference as a patch for git."""

import difflib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import yaml

from kb.errors import ArticleError
from kb.front_matter import FrontMatter

LONGEST_PHRASING = 200  # characters: a letter teaches the search less than the sentence in it that asks


@dataclass(frozen=True)
class Change:
    """A file by its path from the repository's root (with `/`), and its text before and after."""

    path: str
    before: str
    after: str


def with_phrasings(source: str, front: FrontMatter, phrasings: Sequence[str]) -> str:
    """A file's text with phrasings at the end of its `questions`; nothing else of it changes.

    `front` is what was read from that very text. Raises ArticleError unless the list has one entry a line.
    """
    lines = source.split("\n")
    last = front.line_of("questions", len(front.values["questions"]) - 1)
    dash = re.match(r" *(?=- )", lines[last - 1])
    if dash is None:
        raise ArticleError(
            "The phrasings are not listed one a line.",
            path=front.path,
            line=last,
            field="questions",
            remedy="Write each on a line of its own that starts with “- ”.",
        )
    end = last + _length(lines[last:], dash[0])
    ending = "\r" if lines[last - 1].endswith("\r") else ""
    added = [f"{dash[0]}- {_as_yaml(phrasing)}{ending}" for phrasing in phrasings]
    return "\n".join([*lines[:end], *added, *lines[end:]])


def _length(lines: Sequence[str], indent: str) -> int:
    """Of how many lines the entry goes on that begins above them: those that stand further in than its dash."""
    for count, line in enumerate(lines):
        if not line.startswith(f"{indent} ") or not line.strip():
            return count
    return len(lines)


def _as_yaml(text: str) -> str:
    """The text as an entry of a list: as it is where that reads the same, else between double quotes."""
    line = " ".join(text.split())
    try:
        plain = yaml.safe_load(f"- {line}\n") == [line]
    except (yaml.YAMLError, ValueError):
        plain = False
    return line if plain else json.dumps(line, ensure_ascii=False)


def as_patch(changes: Iterable[Change]) -> str:
    """The changes as `git apply` takes them, from the repository's root."""
    return "".join(line for change in changes for line in _difference(change))


def _difference(change: Change) -> Iterable[str]:
    names = f"a/{change.path}", f"b/{change.path}"
    for line in difflib.unified_diff(_lines(change.before), _lines(change.after), *names):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)  # not splitlines: U+2028 and the like end no line for git
