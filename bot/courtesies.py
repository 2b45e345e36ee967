"""What people say besides asking: it gets a kind word back, not an "I don't know", and starts no clock."""

import re
from typing import Literal

from kb.search import clean

Courtesy = Literal["greeting", "thanks", "goodbye"]

_OPENINGS: dict[Courtesy, tuple[str, ...]] = {
    "greeting": (
        "hi", "hello", "hey", "hiya", "howdy", "yo", "good morning", "good afternoon", "good evening", "help", "menu",
        "start", "what can you do", "who are you", "what are you", "are you a bot", "are you a robot", "how are you",
        "is anybody there",
    ),
    "thanks": (
        "thanks", "thank you", "many thanks", "thx", "ty", "cheers", "ok", "okay", "great", "perfect", "got it",
        "that worked", "solved", "never mind",
    ),
    "goodbye": ("bye", "goodbye", "good bye", "see you", "have a nice"),
}  # fmt: skip
_TOPICAL_FROM = 0.35  # the confidence from which it is a question, whatever it opens with
_LONGEST = 8  # words

# Each alone, or several in a row, need no answer. Anything else does: better one clock too many than a person unheard.
_ENOUGH = (
    r"(?:many |big )?(?:thanks|thank you|thx|ty|cheers)"
    r"(?: so much| very much| a lot| again| all| both| team| for (?:your|the) (?:\w+ )?(?:help|answer|reply))*",
    r"ok|okay|great|perfect|awesome|excellent|wonderful|super|nice|cool|got it|understood|i see|noted|will do",
    r"(?:all|very|sounds|makes) (?:good|sense|well)|much appreciated|appreciate it|have a (?:nice|good|great) \w+",
    r"(?:that|this|it|which) (?:worked|works|helped|helps|did it|solved it|fixed it)|(?:it|that|this) works now",
    r"solved|fixed|done|never ?mind|no worries|all set|bye|goodbye|see you|you too|(?:kind |best )?regards",
)
_NEEDS_NO_ANSWER = re.compile(rf"(?:(?:{'|'.join(_ENOUGH)})(?: |$))+")
_TO_SOMEBODY = re.compile(r"((?i:thanks|thank you|thx|cheers)(?: so much| a lot)?),? [A-Z][a-z]+(?=\s*(?:[!.,]|$))")


def courtesy(text: str, confidence: float) -> Courtesy | None:
    """Which courtesy a text is, given how well some article fits it; None for what may be a question."""
    words = re.sub(r"[^\w\s]", "", text).casefold().split()
    line = " ".join(words)
    for kind, openings in _OPENINGS.items():
        if line in openings:
            return kind
        begins = any(line.startswith(f"{opening} ") for opening in openings)
        if begins and confidence < _TOPICAL_FROM and len(words) <= _LONGEST:
            return kind
    return None


def needs_no_answer(text: str) -> bool:
    """Whether it is nothing but kind words to people, such as "Thanks Sam, that worked"."""
    plain = clean(text)
    if "?" in plain:
        return False
    line = " ".join(re.sub(r"[^\w\s]", " ", _TO_SOMEBODY.sub(r"\1", plain)).casefold().split())
    return not line or _NEEDS_NO_ANSWER.fullmatch(line) is not None
