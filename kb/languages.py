"""Whether a question is in English."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

_FILE = Path(__file__).parent / "words.toml"


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    lists = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return MappingProxyType({name: frozenset(words.split()) for name, words in lists.items()})


def english_words() -> frozenset[str]:
    """Common English words, which must not be taken for mistyped ones."""
    return _lists()["english"]


def english_particles() -> frozenset[str]:
    """The small words that English sentences are made of."""
    return _lists()["english_particles"]


def is_foreign(text: str) -> bool:
    """Whether a text seems to be in another language than English. Where it errs, it says no."""
    letters = [character for character in text if character.isalpha()]
    if sum(not _is_latin(letter) for letter in letters) * 3 > len(letters):
        return True
    typed = re.findall(r"\w+", text.lower())
    foreign = sum(word in _lists()["foreign_particles"] for word in typed)
    return foreign >= 2 and foreign > sum(word in english_particles() for word in typed)


def _is_latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith("LATIN")
