"""Who is asking: their own team, and their zone where Slack tells it."""

from zoneinfo import ZoneInfo

import pytest
from slack_sdk import WebClient

from bot.identity import UNKNOWN_TEAM, ZONE_SECONDS, Zones, actor_of
from bot.inquiry import Actor
from bot.sandbox.driver import Driver

MAYA = Actor("T0ACME", "U0MAYA")


@pytest.fixture
def client(slack: Driver) -> WebClient:
    return WebClient(slack.bot_token("acme"), base_url=slack.api_url)


def test_a_click_is_by_the_persons_own_team_not_by_the_installations() -> None:
    body = {"user": {"id": "U1", "team_id": "T_OTHER"}, "team": {"id": "T_HERE"}}
    assert actor_of(body, {"actor_team_id": "T_HERE", "user_id": "U1"}) == Actor("T_OTHER", "U1")


def test_a_team_that_cannot_be_told_is_nobodys() -> None:
    assert actor_of({"event": {}}, {"actor_team_id": None, "user_id": "U1"}).team == UNKNOWN_TEAM
    assert actor_of({"user": {"id": "U1"}}, {}).team == UNKNOWN_TEAM


def test_a_persons_zone_is_looked_up_once_an_hour(slack: Driver, client: WebClient) -> None:
    now = [0.0]
    zones = Zones(lambda: now[0])
    assert zones.zone(MAYA, client) == zones.zone(MAYA, client) == ZoneInfo("Europe/Berlin")
    assert len(slack.calls_of("users.info")) == 1
    now[0] = ZONE_SECONDS + 1
    zones.zone(MAYA, client)
    assert len(slack.calls_of("users.info")) == 2


def test_somebody_whom_slack_does_not_know_has_no_zone(client: WebClient) -> None:
    assert Zones().zone(Actor("T0ACME", "U0NOBODY"), client) is None


def test_a_zone_is_not_worth_an_error(slack: Driver, client: WebClient) -> None:
    slack.faults.fail("users.info", status=500, times=5)
    assert Zones().zone(MAYA, client) is None
