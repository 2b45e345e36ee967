"""What people say besides asking: it gets a kind word back, not an "I don't know", and starts no clock."""

import re
import unicodedata
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
# Of signs, too, only these are thanks: "👎", "!!!" or ":(" may be said by somebody who is not content.
_CODE = re.compile(r":([\w+-]+):")  # how Slack writes emoji: https://docs.slack.dev/messaging/formatting-message-text
_KIND_CODES = frozenset(
    (
        "+1", "100", "blush", "clap", "grin", "grinning", "handshake", "heart", "heart_eyes", "hearts", "hugging_face",
        "muscle", "ok", "ok_hand", "pray", "raised_hands", "relaxed", "rocket", "simple_smile", "slightly_smiling_face",
        "smile", "smiley", "sparkles", "star", "star2", "sun_with_face", "tada", "thumbsup", "wave", "white_check_mark",
    )
)  # fmt: skip
_KIND_SIGNS = frozenset("👍💯😊👏😁😀🤝❤♥😍💕🤗💪🆗👌🙏🙌☺🚀🙂😄😃✨⭐🌟🌞🎉👋✅")
_NO_SIGN = frozenset("\N{VARIATION SELECTOR-16}\N{ZERO WIDTH JOINER}🏻🏼🏽🏾🏿")
_SMILE = re.compile(r"[:;=]-?[)D]")
_FROWN = re.compile(r"[:;=]'?-?[(/\\|\[]")
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
    """Whether it is nothing but kind words or signs to people, such as "Thanks Sam, that worked" or ":tada:"."""
    plain = clean(text)
    kind, unkind = _signs(text)
    if unkind or "?" in plain:
        return False
    line = " ".join(re.sub(r"[^\w\s]", " ", _TO_SOMEBODY.sub(r"\1", plain)).casefold().split())
    return _NEEDS_NO_ANSWER.fullmatch(line) is not None if line else kind


def _signs(text: str) -> tuple[bool, bool]:
    """Whether there are signs in it that are kind, and such as may not be."""
    codes = {code for code in _CODE.findall(text) if not code.startswith("skin-tone-")}
    signs = {sign for sign in text if unicodedata.category(sign) == "So"} - _NO_SIGN
    kind = bool(codes & _KIND_CODES or signs & _KIND_SIGNS or _SMILE.search(text))
    return kind, bool(codes - _KIND_CODES or signs - _KIND_SIGNS or _FROWN.search(text))
