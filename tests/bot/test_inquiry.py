"""Places and people as opaque texts, there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inquiry import Actor, Place

IDS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=12)


@given(IDS, IDS, st.none() | st.from_regex(r"[0-9]{10}\.[0-9]{6}", fullmatch=True))
def test_a_place_comes_back_from_its_text(team: str, channel: str, ts: str | None) -> None:
    place = Place(team, channel, ts)
    assert Place.parse(str(place)) == place


@given(IDS, IDS)
def test_an_actor_comes_back_from_its_text(team: str, user: str) -> None:
    assert Actor.parse(str(Actor(team, user))) == Actor(team, user)


@pytest.mark.parametrize("text", ["", "slack:", "slack:T1", "slack:T1/", "email:T1/C1", "slack:T1/C1/1/2"])
def test_what_is_no_slack_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a Slack place"):
        Place.parse(text)


@pytest.mark.parametrize("text", ["", "slack:T1", "slack:/U1", "U1", "mail:T1/U1"])
def test_what_is_no_slack_person_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a Slack person"):
        Actor.parse(text)
