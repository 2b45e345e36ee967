"""What a kind of notification is to those who owe it. Which kinds there are says integration/notification_kinds.py."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from integration.notifications.models import Notification
from integration.vault import Vault

Payload = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """`ended` is called when one is over, with what it said: nothing when it was delivered, or does not open.

    `wanting` chooses, of the actors to whom it would be handed on, those who want to hear it; none: all do.
    """

    ended: Callable[[Session, Vault, Notification, Payload, datetime], None] | None = None
    wanting: Callable[[Session, Payload, Sequence[str]], Sequence[str]] | None = None


Kinds = Mapping[str, Kind]
