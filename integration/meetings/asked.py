"""What people type to name a meeting."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from integration.errors import Invalid
from integration.meetings.join_links import meeting_of

# A uuid is 16 bytes in base64, which may hold / + and =. In an address + is read as a space.
UUID = re.compile(r"([A-Za-z0-9+/]{21}[AQgw])(?:==)?")
MOST_TIMES_ENCODED = 2  # Zoom's API wants those with a slash so


@dataclass(frozen=True)
class Asked:
    """One of the two is given. `meeting_id`: digits, or `my/name`."""

    meeting_id: str | None = None
    uuid: str | None = None


def read(text: str) -> Asked:
    """A meeting id as people type it, a join link, `my/name`, or a uuid. Raises Invalid for anything else."""
    meeting_id = meeting_of(text)
    if meeting_id is not None:
        return Asked(meeting_id=meeting_id)
    typed = text.strip()
    for _ in range(1 + MOST_TIMES_ENCODED):
        match = UUID.fullmatch(typed.replace(" ", "+"))
        if match is not None:
            return Asked(uuid=f"{match[1]}==")
        typed = unquote(typed)
    raise Invalid(
        "This is neither a Zoom meeting id, nor a call's uuid, nor a join link.",
        field="meeting",
        remedy="Write the 9 to 11 digits of the meeting id, or paste the link that people join by.",
    )
