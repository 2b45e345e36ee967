"""What people say besides asking: it gets a kind word back, not an "I don't know"."""

import re
from typing import Literal

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
