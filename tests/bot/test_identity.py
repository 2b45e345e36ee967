"""Who is asking: their own team, what they are there, and their zone where Slack tells it."""

from zoneinfo import ZoneInfo

import pytest
from slack_sdk import WebClient

from bot.errors import NotToldBySlack
from bot.identity import A_GUEST, OUTSIDE, UNKNOWN_TEAM, ZONE_SECONDS, Identity, Zones, actor_of, identify, team_of
from bot.inquiry import Actor
from bot.sandbox.driver import Driver
from bot.service.service_api import Role
from bot.staff import Staff

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


STAFF = Staff("T0RETAIN", "S0SUPPORT")


def identity(slack: Driver, user: str, team: str = "acme", *, own_team: str | None = None) -> Identity:
    installation = slack.world.workspace(team).id
    client = WebClient(slack.bot_token(team), base_url=slack.api_url)
    return identify(Actor(own_team or installation, user), installation, client, STAFF)


@pytest.mark.parametrize(
    ("user", "team", "role"),
    [
        ("U0MAYA", "acme", Role.MEMBER),
        ("U0JONAS", "acme", Role.ADMIN),
        ("U0PRIYA", "acme", Role.NOBODY),
        ("U0OMAR", "acme", Role.NOBODY),
        ("U0VERA", "acme", Role.NOBODY),
        ("U0BOTACME", "acme", Role.NOBODY),
        ("U0SAM", "retain", Role.STAFF),
        ("U0ELLIE", "retain", Role.STAFF),
        ("U0TOM", "retain", Role.MEMBER),
        ("U0CARLOS", "globex", Role.ADMIN),
    ],
)
def test_everybody_is_what_slack_says_of_them_now(slack: Driver, user: str, team: str, role: Role) -> None:
    assert identity(slack, user, team).role is role


def test_nobody_is_told_why(slack: Driver) -> None:
    assert identity(slack, "U0PRIYA").why_nobody == A_GUEST
    assert identity(slack, "U0VERA").why_nobody == OUTSIDE


def test_a_person_of_another_team_is_not_even_looked_up(slack: Driver) -> None:
    assert identity(slack, "U0SAM", "acme", own_team="T0RETAIN").role is Role.NOBODY
    assert slack.calls_of("users.info") == []


@pytest.mark.parametrize("method", ["users.info", "usergroups.users.list"])
@pytest.mark.parametrize("error", ["internal_error", "missing_scope", "ratelimited"])
def test_a_look_up_that_fails_makes_nobody_staff(slack: Driver, method: str, error: str) -> None:
    slack.faults.fail(method, status=200, error=error, times=9)
    with pytest.raises(NotToldBySlack):
        identity(slack, "U0SAM", "retain")


def test_staff_by_name_need_no_user_group_and_only_in_their_own_workspace(slack: Driver) -> None:
    client = WebClient(slack.bot_token("acme"), base_url=slack.api_url)
    staff = Staff("T0RETAIN", None, frozenset(("U0TOM", "U0JONAS")))
    assert staff.includes(Actor("T0RETAIN", "U0TOM"), client)
    assert not staff.includes(Actor("T0ACME", "U0JONAS"), client)
    assert not Staff().includes(Actor("T0RETAIN", "U0SAM"), client)


def test_the_team_of_a_person_is_slacks_word(slack: Driver, client: WebClient) -> None:
    assert team_of("U0VERA", client) == "T0INITECH"
    assert team_of("U0NOBODY", client) is None
