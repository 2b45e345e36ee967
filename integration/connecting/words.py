"""What people read about a connect link, in Slack and on the pages alike."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

NEW_LINK = "To get a new link, type /retain connect in Slack, or use the button under the message with this link."

# While nothing went wrong: what happens now, and what is to be done.
UNDER_WAY: Mapping[str, tuple[str, str]] = {
    "sent": (
        "Nobody has used the link yet.",
        "Open it and sign in to Zoom as a Zoom admin, or pass it on to someone who is one.",
    ),
    "started": (
        "Somebody opened the link and went on to Zoom.",
        "Sign in to Zoom there, and agree to what Zoom lists.",
    ),
    "checking": (
        "Zoom has given its permission, and we are testing the connection.",
        "You need not do anything.",
    ),
    "account": (
        "This is another Zoom account than the one that was connected before.",
        "If it is the right one, confirm it within 15 minutes; otherwise turn it down.",
    ),
    "email": (
        "By the e-mail address of this Zoom user we cannot tell that they belong to your organisation.",
        "If it is the right one, confirm it within 15 minutes; otherwise turn it down.",
    ),
}


def moment(when: datetime, zone: str) -> str:
    """A time as it is read in `zone` (IANA): "10:30 on 16 January 2025 (PST)"."""
    local = when.astimezone(ZoneInfo(zone))
    return f"{local:%H:%M} on {local.day} {local:%B %Y} ({local:%Z})"


def forward(tenant_name: str, requester: str, until: str, url: str | None) -> str:
    """A text for the Zoom admin. Without `url` it goes together with the link: we keep none ourselves."""
    where = f"this link: {url}" if url else "the connect link that I send you with this."
    return (
        f"Hello, {tenant_name} wants to connect Zoom to Retain, and that takes a Zoom admin. "
        f"Could you do it, please? Open {where}\n"
        "Press the button there, sign in to Zoom as an admin, and agree. That is all. "
        f"The link was asked for by {requester}; it works once, until {until}."
    )
