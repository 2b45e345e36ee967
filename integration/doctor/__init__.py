"""`python -m integration doctor`: is everything set up, here and where others must reach us?

Each check is a function in a table. It says what it found, and what to do where that is not well. None changes
anything, and none waits long.
"""

from collections.abc import Iterator

from integration.doctor import inside, outside
from integration.doctor.finding import Check, Finding, Patient

CHECKS: dict[str, Check] = {
    "database": inside.ready("database"),
    "tables": inside.ready("migrations"),
    "encryption": inside.ready("encryption"),
    "keys": inside.keys,
    "knowledge base": inside.ready("knowledge_base"),
    "worker": inside.worker,
    "notifications": inside.notifications,
    "public address": outside.public_address,
    "webhooks": outside.webhooks,
    "Zoom": outside.zoom,
    "Slack": outside.slack,
    "clock": outside.clock,  # last: it compares the times of the answers before
}


def examine(patient: Patient) -> Iterator[tuple[str, Finding]]:
    """Do every check in turn."""
    for name, check in CHECKS.items():
        yield name, check(patient)
