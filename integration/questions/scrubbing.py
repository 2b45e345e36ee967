"""What people typed, without what tells who somebody is: for texts that are kept to learn from.

E-mail addresses, numbers that may be a phone's or a meeting's, people mentioned in Slack, and what follows the `?` or
`#` of a link (passwords and tokens stand there) give way to a mark. The search reads none of these but the numbers, so
a question that is asked once more finds the same article.
"""

import re

MARK = "•••"
FEWEST_DIGITS, MOST_DIGITS = 8, 15  # of a phone number: ITU-T E.164, and with an area code

_HOST = r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
_LINK = re.compile(rf"(\bhttps?://[^\s<>|?#]+|(?<![\w./@-]){_HOST}/[^\s<>|?#]*)(?:[?#][^\s<>|]*)?")
_ADDRESS = re.compile(rf"[\w.!#$%&'*+/=?^`{{}}~-]{{1,64}}@{_HOST}")
# Slack's form of a mention: https://docs.slack.dev/messaging/formatting-message-text#mentioning-users
_SPOKEN_TO = re.compile(r"\A\s*(?:<@[UW][A-Z0-9]+(?:\|[^<>]*)?>[\s,:]*)+")
_MENTION = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^<>]*)?>")
_DAY = r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4}"
_NUMBER = re.compile(rf"(?<![\w.])(?:(?P<day>{_DAY})|(?:\+|\(\+?)?\d(?:[ ().\u00a0/-]{{0,3}}\d)+)(?!\w)")


def scrubbed(text: str) -> str:
    """The text with `MARK` where something personal stood. What is scrubbed already stays as it is."""
    text = _LINK.sub(r"\1", text)
    text = _ADDRESS.sub(MARK, text)
    text = _MENTION.sub(f"@{MARK}", _SPOKEN_TO.sub("", text))
    return _NUMBER.sub(_number, text)


def _number(found: re.Match[str]) -> str:
    digits = sum(character.isdigit() for character in found[0])
    return MARK if found["day"] is None and FEWEST_DIGITS <= digits <= MOST_DIGITS else found[0]
