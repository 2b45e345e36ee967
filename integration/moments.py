"""Times as people read them later: with their day and year."""

from datetime import datetime
from zoneinfo import ZoneInfo


def moment(when: datetime, zone: str) -> str:
    """A time as it is read in `zone` (IANA): "10:30 on 16 January 2025 (PST)"."""
    local = when.astimezone(ZoneInfo(zone))
    return f"{local:%H:%M} on {local.day} {local:%B %Y} ({local:%Z})"
