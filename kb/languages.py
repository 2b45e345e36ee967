"""Which language a question is in, if not in English, and what is said in that language to who asks in it.

No library: as wary of calling English foreign, py3langid tells fewer of the others, in 105 MB; lingua takes 715 MB.
"""

import math
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kb.text import stem

ONLY_ENGLISH = "I can only answer in English, sorry. Please ask again in English, or talk to a person below."

_FOLDER = Path(__file__).parent
_FEWEST = 2  # words: of one alone nobody can tell
_SHORTEST_BARE = 3  # letters of a word that is known without its accents as well
_LATIN = "LATIN"
_UNSPACED = frozenset({"CJK", "HIRAGANA", "KATAKANA", "THAI"})
_LETTERS_A_WORD = 2  # in these
_WORD = re.compile(r"[^\W\d_]+'?")  # with its apostrophe where it elides something: "l'" and "icône", but "don" and "t"
_APOSTROPHES = str.maketrans("’‘ʼ´", "''''")
_NO_ACCENTS = str.maketrans({"ø": "o", "æ": "ae", "ł": "l", "đ": "d", "ı": "i", "ß": "ss"})


@dataclass(frozen=True)
class Language:
    """Another language than English. `says` is ONLY_ENGLISH in it; `scripts` is empty where its letters are Latin."""

    code: str
    name: str
    says: str
    right_to_left: bool
    particles: frozenset[str] = field(repr=False)
    letters: frozenset[str] = field(repr=False)
    scripts: frozenset[str] = field(repr=False)

    def spells(self, word: str) -> bool:
        """Whether a word has letters beside a-z, and each of them is one of this language."""
        return not word.isascii() and all(letter in self.letters for letter in word if not letter.isascii())

    def fits(self, typed: Sequence[str]) -> tuple[int, int]:
        """How well words fit it: how many are its particles; then its letters beside a-z, less those it has not."""
        letters = [letter for word in typed for letter in word if letter.isalpha() and not letter.isascii()]
        own = sum(letter in self.letters for letter in letters)
        return sum(word in self.particles for word in typed), 2 * own - len(letters)


def languages() -> Mapping[str, Language]:
    """The languages that are told from English, by their codes."""
    return _table()[0]


def english_words() -> frozenset[str]:
    """Common English words, which must not be taken for mistyped ones."""
    return _lists()["english"] | _lists()["abbreviations"]


def english_particles() -> frozenset[str]:
    """The small words that English sentences are made of."""
    return _lists()["english_particles"]


def language_of(text: str) -> str | None:
    """The ISO 639-1 code of the language that a text is in; None for English, and where it cannot be told."""
    plain = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES).replace("İ", "i")).lower().replace("n't", " not")
    typed = list(dict.fromkeys(_WORD.findall(plain)))
    return _by_script(plain, typed) or _by_particles(typed)


def is_foreign(text: str) -> bool:
    """Whether a text seems to be in another language than English, told or not. Where it errs, it says no."""
    letters = [letter for letter in text if letter.isalpha()]
    return sum(_script(letter) != _LATIN for letter in letters) * 3 > len(letters) or language_of(text) is not None


def _by_script(plain: str, typed: Sequence[str]) -> str | None:
    """By letters that are not Latin, where they make more words than there are English ones."""
    counts: Counter[str] = Counter()
    for chunk in plain.split():
        for script, letters in Counter(_script(letter) for letter in chunk if letter.isalpha()).items():
            counts[script] += math.ceil(letters / _LETTERS_A_WORD) if script in _UNSPACED else 1
    del counts[_LATIN]
    known = [language for language in languages().values() if not language.scripts.isdisjoint(counts)]
    if not known or counts.total() < _FEWEST or counts.total() <= sum(map(_speaks_for_english, typed)):
        return None
    return max(known, key=lambda language: language.fits(typed)).code


def _by_particles(typed: Sequence[str]) -> str | None:
    """By the language that has most of the words, where it has more of them than English.

    One particle of its own is needed, and beside it a second word of its own, or hardly anything in English.
    """
    latin = (language for language in languages().values() if not language.scripts)
    best = max(latin, key=lambda language: language.fits(typed))
    fitting = [word for word in typed if word in best.particles or best.spells(word)]
    others = [word for word in typed if word not in fitting]
    own = list(filter(_is_foreign, fitting))
    english = sum(map(_speaks_for_english, others))
    said = sum(map(_is_said, fitting)) + (0 if english else sum(map(_is_foreign, others)) // 2)
    shared = sum(map(_speaks_for_english, fitting))
    sure = not best.particles.isdisjoint(own) and (len(own) >= _FEWEST or (not english and shared <= len(own)))
    return best.code if sure and said >= _FEWEST and len(fitting) > english else None


@cache
def _script(letter: str) -> str:
    """The first word of its name in Unicode."""
    return _LATIN if letter.isascii() else unicodedata.name(letter, "").partition(" ")[0]


def _is_foreign(word: str) -> bool:
    """Whether a word is one of another language than English."""
    return _is_said(word) and not _is_english(word) and word not in _everywhere()


def _is_said(word: str) -> bool:
    """Whether it is more than a letter, which may be part of a code."""
    return len(word) > 1 or not word.isascii()


def _speaks_for_english(word: str) -> bool:
    return _is_english(word) and word.removesuffix("'") not in _everywhere()


def _is_english(word: str) -> bool:
    bare = word.removesuffix("'")
    return bare in english_particles() or bare in _lists()["english"] or stem(bare) in _english_stems()


def _everywhere() -> frozenset[str]:
    """The words that say nothing about the language they are used in."""
    return _table()[1]


@cache
def _english_stems() -> frozenset[str]:
    return frozenset(map(stem, _lists()["english"]))


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    lists = tomllib.loads((_FOLDER / "words.toml").read_text("utf-8"))
    return MappingProxyType({name: frozenset(words.split()) for name, words in lists.items()})


@cache
def _table() -> tuple[Mapping[str, Language], frozenset[str]]:
    table = tomllib.loads((_FOLDER / "languages.toml").read_text("utf-8"))
    everywhere = frozenset(table.pop("everywhere").split())
    return MappingProxyType({code: _language(code, row) for code, row in table.items()}), everywhere


def _language(code: str, row: Mapping[str, Any]) -> Language:
    return Language(
        code,
        name=row["name"],
        says=row["says"],
        right_to_left=row.get("right_to_left", False),
        particles=frozenset(_as_typed(row.get("particles", "").split())),
        letters=frozenset(row.get("letters", "")),
        scripts=frozenset(row.get("scripts", "").split()),
    )


def _as_typed(particles: Iterable[str]) -> Iterable[str]:
    """Each, and as people type it without its accents, unless that is an English word."""
    for word in particles:
        yield word
        decomposed = unicodedata.normalize("NFKD", word.translate(_NO_ACCENTS))
        bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
        if len(bare) >= _SHORTEST_BARE and not _is_english(bare):
            yield bare
