"""Whether somebody asks for a person ("get me a human", "please call me"), or after the answer of one.

Told with care: whoever asks who may connect Zoom, or how people who call are counted, wants an answer. So each part
of a text is stripped of what says nothing, and then has to be one of a few forms, with nothing left over.
"""

import re

from kb.text import sentences

_PARTS = re.compile(
    r"[,;:–—]+\s*|\s-\s|\s(?:but|and|so)\s(?=(?:i|i'd|we|please|let|get|can|could|give|connect|call)\b)"
)
_SAYS_NOTHING = re.compile(
    r"\b(?:please|pls|just|really|right now|right away|now|asap|today|instead|here|directly|actually|simply|kindly"
    r"|finally|hi|hey|hello|ok|okay|no|then|still|rather|thanks|for once|about (?:this|it|that)|with this"
    r"|(?:at|from|of|in|on) (?:retain|your (?:side|team|company|support(?: team)?)|the (?:support )?team|support))\b"
)
_BEFORE_PERSON = re.compile(r"\b(?:an?|the|some|your|real|actual|live|proper|support|service|customer) (?=\w)")
_SOMEBODY = (
    r"(?:(?:human )?person|human(?: being)?|agent|representative|operator|advisor|adviser|specialist|colleague|rep)"
)
_ANYBODY = rf"(?:{_SOMEBODY}|someone|somebody|anyone|anybody|support|staff|team|service)"
_I_WANT = r"(?:(?:i|we) (?:(?:would|d) )?(?:want|need|like|love|prefer|wish)|id (?:like|love|prefer))"
_MAY_I = (
    rf"(?:{_I_WANT} (?:to )?|(?:can|could|may) (?:i|we) |(?:would|is) it (?:be )?possible to |let me "
    r"|how (?:can|do) i )?"
)
_TALK = r"(?:talk|speak|chat|write|get in touch|get through|be connected)(?: to| with)?"
_GIVE = (
    r"(?:(?:can|could|would|will) you )?"
    r"(?:(?:get|give|find|send) (?:me|us)"
    r"|(?:connect|put|transfer|forward|pass|hand) (?:me|us|this|it)(?: over| on| through)? (?:to|with))"
)
_CALL = rf"(?:(?:can|could|would|will) (?:you|{_ANYBODY}) )?(?:call|phone|ring|contact) (?:me|us)(?: back)?"
_NO_HELP = (
    r"(?:(?:this|that|it|you|bot|answer|chatbot|bots|answers) (?:is|are|was|were)|thats|its|youre)"
    r" (?:so |totally |completely |absolutely |of )?(?:useless|hopeless|not (?:helpful|helping|useful)|(?:no )?help)"
)
_WANTED = re.compile(
    rf"(?:{_MAY_I}{_TALK} {_ANYBODY}|{_GIVE} {_ANYBODY}|(?:{_I_WANT} )?(?:help from )?{_SOMEBODY}|{_CALL})"
    r"(?P<about> (?:about|regarding|concerning) .+)?"
    rf"|(?:can|could|would) {_ANYBODY} (?:help(?: me| us)?|look (?:at|into) (?:this|it))|{_NO_HELP}"
)
_ANSWERED = r"(?:answer(?:ed)?|reply|replied|response|respond|hear(?: back)?|help(?:ed)?|news|updates?)"
_AFTER_ANSWER = re.compile(
    rf"when (?:do|will|can|am|would|is|does) (?:i|we|{_ANYBODY}|you) (?:(?:get|have|going to) )?"
    rf"(?:(?:my|our) )?{_ANSWERED}(?: (?:me|us|to me|from you))?"
    rf"|wh(?:at|y) (?:is|s) (?:(?:it|this|that) )?taking (?:you )?so long|wh(?:at|y)s taking so long"
    rf"|where(?: is|s) (?:my|our) {_ANSWERED}|is (?:anyone|anybody|someone|somebody) (?:there|around|home)"
    rf"|(?:any|no) (?:{_ANSWERED}|progress)(?: yet)?"
    rf"|(?:(?:i am|im|we are|were) )?(?:still )?waiting(?: for (?:my |our )?{_ANSWERED})?"
    r"|how (?:much longer|long (?:do i (?:have to )?wait|will (?:it|this) take|does (?:it|this) take))"
    r"|(?:did|have) you (?:forget|forgotten) (?:about )?(?:me|us)"
    r"|(?:whats? (?:is )?(?:the )?)?status of (?:my|our) (?:question|request|ticket)"
)


def wants_person(text: str) -> bool:
    """Whether some part of a plain text says nothing but that its writer wants to reach a person at Retain."""
    return any(_is_wish(part) for part in _parts(text))


def beside_wish(text: str) -> str:
    """What is to be told to that person: the text, or "" where it says nothing but the wish."""
    return "" if all(_is_wish(part, bare=True) or not _bare(part) for part in _parts(text)) else text


def asks_for_answer(text: str) -> bool:
    """Whether some part of a plain text asks nothing but when, or whether, its writer gets an answer of people."""
    return any(_AFTER_ANSWER.fullmatch(_bare(part)) for part in _parts(text))


def _parts(text: str) -> list[str]:
    return [part for sentence in sentences(text.casefold()) for part in _PARTS.split(sentence)]


def _is_wish(part: str, *, bare: bool = False) -> bool:
    """`bare`: and says not even what about."""
    found = _WANTED.fullmatch(_bare(part))
    return found is not None and not (bare and found["about"])


def _bare(part: str) -> str:
    words = " ".join(re.sub(r"[^\w\s]", "", part).split())
    words = " ".join(_SAYS_NOTHING.sub(" ", words).split())
    return _BEFORE_PERSON.sub("", words)
