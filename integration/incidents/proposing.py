"""The notice that is proposed to staff when many organisations have trouble at once."""

from dataclasses import dataclass

from integration.connections.incidents import text_of
from integration.connections.models import Incident

# What people read who are hit: why it does not work, what to do about it, and what becomes of their hours.
READ_BY_THOSE = ("connection-failed", "reauthorize-zoom", "meeting-durations", "zoom-unavailable")
HOURS = "Meeting hours are put right as soon as it is over."


@dataclass(frozen=True)
class Proposal:
    """`articles` are slugs. Nobody reads it before a person has set it."""

    incident_id: str
    text: str
    articles: tuple[str, ...]


def proposal_for(incident: Incident) -> Proposal:
    """What staff might say about it: for customers to read, and without anybody's name."""
    return Proposal(incident.id, f"{text_of(incident)} {HOURS}", READ_BY_THOSE)
