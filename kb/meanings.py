"""Different words for one thing: a small table of everyday synonyms."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

from kb.text import stem, words

_FILE = Path(__file__).parent / "synonyms.toml"
_LONGEST = 3  # words of an expression


@cache
def _table() -> Mapping[str, tuple[str, ...]]:
    """For each stemmed word or expression its meanings, each named by its line's first word."""
    table: dict[str, list[str]] = {}
    lines = tomllib.loads(_FILE.read_text(encoding="utf-8"))["groups"].strip().splitlines()
    for number, line in enumerate(lines):
        expressions = [" ".join(map(stem, words(part))) for part in line.split(",")]
        for expression in dict.fromkeys(expressions):
            table.setdefault(expression, []).append(f"={number} {expressions[0]}")
    return MappingProxyType({expression: tuple(names) for expression, names in table.items()})


def meanings(stems: Sequence[str]) -> list[str]:
    """The meanings of the words and expressions in a text, each once, sorted."""
    table, found = _table(), set[str]()
    for length in range(1, _LONGEST + 1):
        for start in range(len(stems) - length + 1):
            found.update(table.get(" ".join(stems[start : start + length]), ()))
    return sorted(found)


def has_synonyms(word_stem: str) -> bool:
    """Whether a word, by its stem, stands for a meaning."""
    return word_stem in _table()
