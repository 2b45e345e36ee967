"""What somebody means by a name: the one, or buttons to choose from."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from bot import blocks
from bot.blocks import Message
from bot.service.service_api import Tenant
from bot.tenancy import Asker, Tenancy

LONGEST_QUERY = 100
MOST_OFFERED = 4
SURE = 0.9  # of a name that is not the very one; the next best must be clearly worse
CLEARLY = 0.1


class Found(Protocol):
    """An organisation, a customer: something with a name that was looked for. `score` 1: the very one."""

    @property
    def name(self) -> str: ...
    @property
    def score(self) -> float: ...


One = TypeVar("One", bound=Found)


def find(tenancy: Tenancy, asker: Asker, query: str) -> tuple[Tenant, ...]:
    """Who may be meant, best first."""
    return tenancy.service.tenants(asker.behalf, query[:LONGEST_QUERY])


def the_one(found: Sequence[One]) -> One | None:
    """The one that is surely meant."""
    if not found:
        return None
    best, second = found[0], found[1].score if len(found) > 1 else 0.0
    sure = best.score >= 1 or (best.score >= SURE and second <= best.score - CLEARLY)
    return best if sure else None


def did_you_mean(
    query: str, found: Sequence[One], prefix: str, value: Callable[[One], str], kind: str = "organisation"
) -> Message:
    """Buttons for those who may be meant; `prefix` of their action ids says what happens then."""
    if not found:
        return blocks.plain(f"I know no {kind} by a name like “{query[:LONGEST_QUERY]}”.")
    offered = [
        blocks.button(one.name, f"{prefix}{number}", value(one)) for number, one in enumerate(found[:MOST_OFFERED])
    ]
    asked = f"Which {kind} do you mean?" if len(offered) > 1 else f"Did you mean the {kind} {found[0].name}?"
    return blocks.joined(blocks.plain(asked), blocks.pressing(*offered))
