"""From what a person typed to words that can be compared."""

import html
import re
import unicodedata
from functools import lru_cache

LONGEST_QUESTION = 2000
_HEAD = 1500  # of a longer text: people ask at the start or at the end
_RAW_LIMIT = 4 * LONGEST_QUESTION
_LONGEST_WORD = 30
_MOST_WORDS = 300

# Anybody can send 2,000 characters of one kind, so each pattern takes time in proportion to the text: what repeats
# ends where the next part begins, or starts only where a run of it starts.
_QUOTED = re.compile(r"^[^\S\n]*(?:>|&gt;).*$", re.MULTILINE)
_QUOTE_MARKS = re.compile(r"^[^\S\n]*(?:>|&gt;)+", re.MULTILINE)
_LABELLED = re.compile(r"<(?:https?:|mailto:|tel:)[^|<>]*\|([^<>]*)>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+\|([^<>]*)>")
_MARKUP = re.compile(r"<[@#!][^<>]*>|<(?:https?:|mailto:|tel:)[^<>]*>")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+|(?<!\S)\S[^\s@]*@\S+\.\w+", re.IGNORECASE)
_SHORTCODE = re.compile(r":(?=[a-z0-9_+'-]*[a-z+])[a-z0-9_+'-]+:", re.IGNORECASE)
_EMPHASIS = re.compile(r"[*~`]+|(?<!\w)_+|(?<!_)_+(?!\w)")
_VARIANTS = re.compile("[\ufe00-\ufe0f\u20e3]")  # how the character before looks: as an emoji, as a keycap
_SPACES = re.compile(r"\s+")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "ʼ": "'", "´": "'", "′": "'", "“": '"', "”": '"', "„": '"'})
_NOT_TEXT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "So", "Sk"})

_GREETING = re.compile(
    r"^(?:\W*\b(?:hi|hey|hello|hiya|greetings|good (?:morning|afternoon|evening|day)|dear)"
    r"(?: (?:there|all|team|everyone|folks|guys|support|retain|retain team|retain support))?\b[\s,.!:;-]*)+",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"(?<![\s,.!;-])[\s,.!;-]*\b(?:(?:many )?thanks|thank you|thx|cheers|ty|kind regards|best regards|regards)"
    r"(?: (?:so much|very much|a lot|in advance|again|all|team|for your help))*[\s,.!]*$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_QUESTION_WORD = "how|when|what|where|who|whom|whose|why|which|can|could|do|does|is|are"
_SECOND_QUESTION = re.compile(
    rf"(?:[,;]|(?<!\s))\s+(?:and|also|plus)(?: also)?\s+(?=(?:{_QUESTION_WORD})\b)", re.IGNORECASE
)
_ENDINGS = (("ied", "y"), ("ing", ""), ("ed", ""), ("ly", ""))
_SHORTEST_STEM = 3
_MOST_STEMS = 5_000  # kept, for the same words come again and again
_WORD = re.compile(r"[a-z]+|[0-9]+")
# People leave the apostrophe out, or put a space in its place. What a contraction then looks like ("cant", "wont") must
# never reach the repair of spelling, which would find "can" and "want". Those that are words of their own ("were",
# "well", "ill") stay.
_DENIED = "do|does|did|is|are|was|were|could|would|should|have|has|had|must|need|might"
_CONTRACTIONS = (
    (re.compile(r"\bcan(?:[' ]?t|not)\b"), "can not"),
    (re.compile(r"\bwon[' ]?t\b"), "will not"),
    (re.compile(rf"\b({_DENIED})n[' ]?t\b"), r"\1 not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"\bi(?:m|ve|d(?= (?:like|love|rather|prefer|appreciate|be)\b))\b"), "i"),
    (re.compile(r"\b(you|they|we)(?:ve|(?<!we)re|(?<!we)ll)\b"), r"\1"),
    (re.compile(r"\b(it|that|what|where|who|how|there|here|when|he|she|let)s\b"), r"\1"),
    (re.compile(r"'(?:s|re|ve|ll|d|m)\b"), ""),
    (re.compile(r"'"), ""),
)


def clean(question: str) -> str:
    """The plain text of a question: no Slack markup, quoted replies, emoji or control characters.

    At most LONGEST_QUESTION characters, the start and the end of a longer text. May be empty.
    """
    text = question
    if len(text) > _RAW_LIMIT:
        text = f"{text[: _RAW_LIMIT - LONGEST_QUESTION]} {text[-LONGEST_QUESTION:]}"
    own_words = _QUOTED.sub("", text)
    text = own_words if own_words.strip() else _QUOTE_MARKS.sub("", text)
    text = _CHANNEL.sub(r"\1", _LABELLED.sub(r"\1", text))
    text = html.unescape(_MARKUP.sub(" ", text))
    text = _VARIANTS.sub("", unicodedata.normalize("NFKC", text.translate(_QUOTES)))
    text = "".join(_plain(character) for character in text)
    text = _EMPHASIS.sub("", _SHORTCODE.sub(" ", text))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return _cut("\n".join(line for line in lines if line))


def _plain(character: str) -> str:
    if character == "\n" or unicodedata.category(character) not in _NOT_TEXT:
        return character
    # Joiners sit inside words of some scripts and inside emoji: nothing takes their place.
    return "" if unicodedata.category(character) == "Cf" else " "


def _cut(text: str) -> str:
    if len(text) <= LONGEST_QUESTION:
        return text
    return f"{text[:_HEAD]} {text[_HEAD + 1 - LONGEST_QUESTION :]}".strip()


def without_courtesies(text: str) -> str:
    """The text without greetings before it and thanks after it; all of it when nothing else is left."""
    bare = _THANKS.sub("", _GREETING.sub("", text)).strip()
    return bare if words(bare) else text


def sentences(text: str) -> list[str]:
    """The sentences and lines of a cleaned text."""
    return [part for part in _SENTENCE_END.split(text) if part.strip()]


def questions(text: str) -> list[str]:
    """The sentences of a cleaned text, those that join two questions by "and" taken apart."""
    return [part for sentence in sentences(text) for part in _SECOND_QUESTION.split(sentence)]


def words(text: str) -> list[str]:
    """Lower-case words and numbers, contractions written out, accents dropped."""
    text = _ADDRESS.sub(" ", text).lower().translate(_QUOTES)
    for pattern, replacement in _CONTRACTIONS:
        text = pattern.sub(replacement, text)
    letters = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return [word[:_LONGEST_WORD] for word in _WORD.findall(letters)[:_MOST_WORDS]]


@lru_cache(maxsize=_MOST_STEMS)
def stem(word: str) -> str:
    """The word without its commonest English endings. Crude, but the same for both sides of a match."""
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > _SHORTEST_STEM:
        word = word[:-3] + "y" if word.endswith("ies") else word[:-1]
    for ending, replacement in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            word = word[: -len(ending)] + replacement
            break
    if len(word) > _SHORTEST_STEM and word.endswith("e"):
        word = word[:-1]
    if len(word) > _SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    return word
