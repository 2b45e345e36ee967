"""What people say besides asking: it gets a kind word back, not an "I don't know", and starts no clock."""

import re
import unicodedata
from typing import Literal

from kb.search import clean

Courtesy = Literal["greeting", "thanks", "goodbye"]

_TO_ALL = r"(?: (?:there|all|again|team|everyone|everybody|folks|guys|bot|retain|support))*"
_HELLO = rf"(?:hi|hello|hey|hiya|howdy|yo|good (?:morning|afternoon|evening|day)){_TO_ALL}"
_GREETINGS = (
    _HELLO,
    r"(?:(?:can|could) you (?:please )?)?help(?: me)?|please|menu|start|what (?:can|do) you do",
    r"(?:who|what) are you|are you (?:a|an|the) (?:bot|robot|ai|human|person)|how are you|is any(?:body|one) there",
)
_GOODBYES = (
    rf"(?:bye|goodbye|good bye){_TO_ALL}|see you(?: later| soon| tomorrow)?",
    r"have a (?:nice|good|great) \w+",
)

# Each alone, or several in a row, need no answer. Anything else does: better one clock too many than a person unheard.
_ENOUGH = (
    r"(?:many |big )?(?:thanks|thank you|thx|ty|cheers)"
    r"(?: so much| very much| a lot| again| all| both| team| bot| retain| in advance"
    r"| for (?:your|the) (?:\w+ )?(?:help|answer|reply))*",
    r"ok|okay|great|perfect|awesome|excellent|wonderful|super|nice|cool|got it|understood|i see|noted|will do",
    r"(?:all|very|sounds|makes) (?:good|sense|well)|much appreciated|appreciate it|have a (?:nice|good|great) \w+",
    r"(?:that|this|it|which) (?:worked|works|helped|helps|did it|did the trick|solved it|fixed it)",
    r"(?:it|that|this) works now",
    r"solved|fixed|done|never ?mind|no worries|all set|bye|goodbye|see you|you too|(?:kind |best )?regards",
)


def _nothing_but(pieces: tuple[str, ...]) -> re.Pattern[str]:
    """No piece is two others in a row: a long line that is none in the end would take for ever."""
    return re.compile(rf"(?:(?:{'|'.join(pieces)})(?: |$))+")


_NEEDS_NO_ANSWER = _nothing_but(_ENOUGH)
_HELLO_FIRST = re.compile(rf"^{_HELLO}\b[\s,.!]*", re.IGNORECASE)
_ALONE: dict[Courtesy, re.Pattern[str]] = {
    "greeting": _nothing_but(_GREETINGS),
    "goodbye": _nothing_but(_GOODBYES),
}
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


def courtesy(text: str) -> Courtesy | None:
    """Which courtesy a text is, from its first word to its last; None for what may be a question or a complaint."""
    line = _line(clean(text))
    for kind, alone in _ALONE.items():
        if alone.fullmatch(line) and not _signs(text)[1]:
            return kind
    return "thanks" if line and needs_no_answer(_HELLO_FIRST.sub("", text)) else None


def needs_no_answer(text: str) -> bool:
    """Whether it is nothing but kind words or signs to people, such as "Thanks Sam, that worked" or ":tada:"."""
    plain = clean(text)
    kind, unkind = _signs(text)
    if unkind or "?" in plain:
        return False
    line = _line(_TO_SOMEBODY.sub(r"\1", plain))
    return _NEEDS_NO_ANSWER.fullmatch(line) is not None if line else kind


def _line(plain: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", plain).casefold().split())


def _signs(text: str) -> tuple[bool, bool]:
    """Whether there are signs in it that are kind, and such as may not be."""
    codes = {code for code in _CODE.findall(text) if not code.startswith("skin-tone-")}
    signs = {sign for sign in text if unicodedata.category(sign) == "So"} - _NO_SIGN
    kind = bool(codes & _KIND_CODES or signs & _KIND_SIGNS or _SMILE.search(text))
    return kind, bool(codes - _KIND_CODES or signs - _KIND_SIGNS or _FROWN.search(text))
