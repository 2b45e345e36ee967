"""What people read about a connect link, in Slack and on the pages alike."""

from collections.abc import Mapping
from dataclasses import replace

from integration.zoom.causes import cause
from integration.zoom.wording import SAME_LINK, Cause

# It is read by whoever opens the link, who may have no Slack.
NEW_LINK = "For a new link, ask the person who sent you this one."

# While nothing went wrong: what happens now, and what is to be done.
UNDER_WAY: Mapping[str, tuple[str, str]] = {
    "sent": (
        "Nobody has used the link yet.",
        "Open it and sign in to Zoom as a Zoom admin, or pass it on to someone who is one.",
    ),
    "started": (
        "Somebody is signing in at Zoom. Until that has come to its end, the link still works.",
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
        "By the e-mail address of this Zoom user we cannot tell that they belong to the organisation.",
        "If it is the right one, confirm it within 15 minutes; otherwise turn it down.",
    ),
}


# What a cause of ours means to somebody who signs in: there is no connection yet that would go on by itself.
ON_OUR_SIDE = "Zoom was not connected: something is wrong on our side."
LATER = "Keep this link, and try it again later. If that does not help, talk to us."

# Causes that a connection can have as well: here the link still works, and nothing was connected before.
AT_SIGN_IN: Mapping[str, tuple[str, str]] = {
    "scopes_changed": (
        "Zoom was allowed less than Retain needs, so nothing was connected.",
        f"{SAME_LINK} Agree to all that Zoom lists.",
    ),
    "app_disabled": (
        "The Retain app is switched off in this Zoom account, so nothing was connected.",
        f"Ask a Zoom admin to switch the app on in Zoom. After that: {SAME_LINK[0].lower()}{SAME_LINK[1:]}",
    ),
    "user_removed": ("The Zoom user who signed in is no longer in the Zoom account.", SAME_LINK),
    "grant_revoked": ("The permission was withdrawn before the connection was tested.", SAME_LINK),
    "app_removed": ("The permission was withdrawn before the connection was tested.", SAME_LINK),
    "uninstalled": ("The Retain app was removed in Zoom before the connection was tested.", SAME_LINK),
}


def failure(code: str) -> Cause:
    """Why a sign-in ended, as it is told of the link. Whoever failed for a reason of ours hears no more of it."""
    why = cause(code)
    if why.ours:
        staff_step = why.staff_step or "Look at the log."
        return replace(
            why, explanation=ON_OUR_SIDE, next_step=LATER, article="connection-failed", staff_step=staff_step
        )
    if code not in AT_SIGN_IN:
        return why
    explanation, next_step = AT_SIGN_IN[code]
    return replace(why, explanation=explanation, next_step=next_step, staff_step=None)


def forward(tenant_name: str, requester: str, until: str, url: str | None) -> str:
    """A text for the Zoom admin. Without `url` it goes together with the link: we keep none ourselves."""
    where = f"this link: {url}" if url else "the connect link that I send you with this."
    return (
        f"Hello, {tenant_name} wants to connect Zoom to Retain, and that takes a Zoom admin. "
        f"Could you do it, please? Open {where}\n"
        "Press the button there, sign in to Zoom as an admin, and agree. That is all. "
        f"The link was asked for by {requester}; it works once, until {until}."
    )
