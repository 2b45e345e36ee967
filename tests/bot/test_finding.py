"""Which organisation staff mean by a name."""

import pytest

from bot import blocks
from bot.finding import MOST_OFFERED, did_you_mean, the_one
from bot.service.service_api import Tenant


def found(*scores: float) -> list[Tenant]:
    return [Tenant(id=f"t{number}", name=f"Tenant {number}", score=score) for number, score in enumerate(scores)]


@pytest.mark.parametrize("scores", [(1.0,), (1.0, 0.99), (0.95,), (0.95, 0.8)])
def test_one_that_is_clearly_meant_is_taken(scores: tuple[float, ...]) -> None:
    one = the_one(found(*scores))
    assert one is not None
    assert one.id == "t0"


@pytest.mark.parametrize("scores", [(), (0.7,), (0.95, 0.9), (0.89, 0.2)])
def test_one_that_is_not_clearly_meant_is_asked_back(scores: tuple[float, ...]) -> None:
    assert the_one(found(*scores)) is None


def test_the_best_few_are_offered() -> None:
    message = did_you_mean("acm", found(*[0.7] * 9), blocks.STATUS_OF, lambda tenant: tenant.id)
    assert len(message.blocks[-1]["elements"]) == MOST_OFFERED


def test_one_alone_is_asked_for_by_name() -> None:
    message = did_you_mean("acm", found(0.7), blocks.STATUS_OF, lambda tenant: tenant.id)
    assert message.text.startswith("Did you mean the organisation Tenant 0?")


def test_what_was_typed_is_shown_harmlessly() -> None:
    assert "<" not in str(did_you_mean("<!channel>", [], blocks.STATUS_OF, lambda tenant: tenant.id).blocks)
