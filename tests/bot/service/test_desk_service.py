"""What the bot says to the service about support requests, and what it makes of the answers."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests

from bot.errors import Refused
from bot.inquiry import Actor
from bot.service.connection_service import OnBehalf
from bot.service.desk_api import RequestState, SupportRequest, Taken
from bot.service.desk_service import DeskService, NewRequest, is_resolved
from bot.service.service_api import Role
from bot.service.service_http import ServiceHttp
from tests.support.service import API_KEY, Service, running_service

MAYA = OnBehalf(Actor("T0ACME", "U0MAYA"), Role.MEMBER)
SAM = OnBehalf(Actor("T0RETAIN", "U0SAM"), Role.STAFF)
ELLIE = OnBehalf(Actor("T0RETAIN", "U0ELLIE"), Role.STAFF)
NEW = NewRequest(
    "form/1", "Why?", more="Since today.", place="slack:T0ACME/D1/1.1", name="Maya", time_zone="Asia/Tokyo"
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running_service(tmp_path_factory.mktemp("service")) as running:
        yield running


@pytest.fixture
def desk(service: Service) -> Iterator[DeskService]:
    with requests.Session() as session:
        session.trust_env = False
        yield DeskService(ServiceHttp(service.url, API_KEY, session))


def test_a_request_goes_its_whole_way(desk: DeskService, service: Service) -> None:
    own = desk.open_request(MAYA, NEW)
    assert desk.open_request(MAYA, NEW).id == own.id
    assert [one.id for one in desk.mine(MAYA)] == [own.id]
    assert desk.mine(SAM) == ()
    desk.keep_card(own.id, "slack:T0RETAIN/C1/2.2")
    claimed = desk.claim(SAM, own.id)
    assert isinstance(claimed, SupportRequest)
    assert (claimed.claimed_by, claimed.card) == (str(SAM.actor), "slack:T0RETAIN/C1/2.2")
    assert desk.claim(ELLIE, own.id) == Taken(claimed_by=str(SAM.actor))
    assert desk.answer(ELLIE, own.id, key="a/1", text="Hi.") == Taken(claimed_by=str(SAM.actor))
    assert desk.release(SAM, own.id).state == RequestState.OPEN
    until = service.clock() + timedelta(minutes=15)
    assert desk.snooze(SAM, own.id, until).snoozed_until == until
    assert [one.id for one in desk.queue(SAM).requests] == [own.id]

    answered = desk.answer(SAM, own.id, key="a/1", text="Because.")
    assert isinstance(answered, SupportRequest)
    assert (answered.state, answered.ended, answered.minutes_left) == ("answered", "answered", None)
    desk.keep_place(own.id, "slack:T0ACME/D1/3.3")
    assert desk.write(MAYA, own.id, key="m/1", text="Thanks.", reopens=False).state == "answered"
    assert desk.write(MAYA, own.id, key="m/2", text="And now?").state == "claimed"
    assert desk.answered_elsewhere(SAM, own.id).ended == "elsewhere"
    assert desk.solved(MAYA, own.id).state == "resolved"
    with pytest.raises(Refused) as refused:
        desk.claim(SAM, own.id)
    assert is_resolved(refused.value)
    assert desk.reopen(SAM, own.id).openings == 3
    assert desk.resolve(SAM, own.id).ended == "closed"
    assert [one.id for one in desk.queue(SAM, "resolved").requests] == [own.id]
    seen = desk.request(own.id)
    assert [one.kind for one in seen.said][:2] == ["answered", "wrote"]
    assert seen.text == "Why?"


def test_how_the_promise_was_kept_is_told_to_staff_and_lately_to_everybody(desk: DeskService) -> None:
    assert desk.sla(SAM, "2026-10").counted == 0
    assert desk.promise().days == 90
    with pytest.raises(Refused) as refused:
        desk.sla(SAM, "whenever")
    assert refused.value.status == 422
    with pytest.raises(Refused) as refused:
        desk.sla(MAYA)
    assert refused.value.status == 403


def test_nothing_that_somebody_wrote_is_in_a_repr(desk: DeskService) -> None:
    new = NewRequest("form/2", "A secret.", more="Another.", name="Ada King", link="https://acme.example/secret")
    own = desk.open_request(MAYA, new)
    shown = f"{new!r} {own!r} {desk.request(own.id)!r}"
    assert not [word for word in ("secret", "Another", "Ada") if word in shown]


def test_an_id_that_somebody_made_up_stays_within_its_place(desk: DeskService) -> None:
    with pytest.raises(Refused) as refused:
        desk.request("../../questions?x=1")
    assert refused.value.status == 404
