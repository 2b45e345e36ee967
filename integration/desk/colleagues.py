"""What one of the staff calls the others on pages: an actor tells nothing to a reader."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from integration.tenants.calling import known_names
from integration.vault import Vault

YOU, COLLEAGUE = "You", "A colleague"


@dataclass(frozen=True)
class Colleagues:
    """As `reader` reads of them. `names`: of those who opened pages lately, while that is kept."""

    reader: str
    names: Mapping[str, str] = field(default_factory=dict, repr=False)

    def called(self, actor: str | None) -> str:
        """Such as "You", or "Sam Okafor"."""
        return YOU if actor == self.reader else self.names.get(actor or "", COLLEAGUE)

    def has_it(self, actor: str | None) -> str:
        """Who has a request, as a sentence."""
        if actor is None:
            return "Nobody has it yet."
        who = self.called(actor)
        return "You have it." if who == YOU else f"{who} has it."


def colleagues(session: Session, vault: Vault, reader: str, actors: Iterable[str | None]) -> Colleagues:
    """Those who `actors` are to `reader`."""
    return Colleagues(reader, known_names(session, vault, (actor for actor in actors if actor != reader)))
