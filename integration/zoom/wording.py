"""What a cause is: what went wrong, who must act, and the next step for whoever reads of it."""

from dataclasses import dataclass
from typing import Literal

Who = Literal["tenant_admin", "zoom_admin", "retain", "zoom", "nobody"]
Reader = Literal["member", "admin", "staff"]

WAIT = "You need not do anything."
CONNECT = "Get a connect link, and have a Zoom admin open it and sign in."
SEND = "Send an admin of theirs a connect link."
IF_MEANT = "If that was meant, nobody needs to do anything. Otherwise:"
TELL_AN_ADMIN = "Tell an admin of your organisation: they can see to it."
SAME_LINK = "You can try again with the same link."
NEW_LINK = "Start again with a new connect link."


@dataclass(frozen=True)
class Cause:
    """`explanation`: one or two plain sentences. `article`: a slug of kb/articles.

    `next_step`: what an admin of the organisation does now. `staff_step`: what Retain's staff do, if it is another.
    """

    code: str
    final: bool
    who_must_act: Who
    explanation: str
    next_step: str
    article: str
    ours: bool = False
    staff_step: str | None = None

    def step_for(self, reader: Reader) -> str:
        """What to do now. Members can do nothing themselves where somebody has to act."""
        if reader == "staff":
            return self.staff_step or self.next_step
        told = reader == "member" and self.final and self.who_must_act != "nobody"
        return TELL_AN_ADMIN if told else self.next_step
