"""What a cause means in the state that a connection is in."""

from collections.abc import Mapping

from integration.connections.models import ConnectionState
from integration.zoom.causes import Cause
from integration.zoom.causes import cause as by_code
from integration.zoom.wording import CONNECT, SEND

# What a cause means once a connection that worked is broken by it: somebody has to act, and is told honestly why.
IN_THE_END: Mapping[str, Cause] = {
    "refresh_interrupted": Cause(
        "refresh_interrupted",
        True,
        "tenant_admin",
        "We were interrupted while we renewed the connection to Zoom, and could not rescue it. "
        "Nobody else did anything wrong.",
        CONNECT,
        "reauthorize-zoom",
        ours=True,
        staff_step=SEND,
    ),
    "not_admin": Cause(
        "not_admin",
        True,
        "zoom_admin",
        "The Zoom user behind the connection no longer has the administrative access that Retain needs.",
        "Ask a Zoom admin to give it back and check the connection again, or have another Zoom admin connect.",
        "reauthorize-zoom",
        staff_step=SEND,
    ),
}


def meaning(state: str, code: str) -> Cause:
    """The cause of this name, as it is to be explained in this state."""
    if state == ConnectionState.NEEDS_REAUTHORIZATION and code in IN_THE_END:
        return IN_THE_END[code]
    return by_code(code)
