"""Claims: each key once, whatever becomes of the service."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from bot import claims as claims_module
from bot.claims import Claim, Claims, State
from bot.errors import ServiceUnavailable, TooLate
from bot.inquiry import Actor, Inquiry, Place
from bot.integration_client import IntegrationClient, Outcome
from bot.service.connection_service import OnBehalf
from bot.service.desk_service import NewRequest
from bot.service.service_api import Role
from tests.support.service import API_KEY, Service

ANSWERED = Outcome("answered", "connect-zoom", 0.9)


def inquiry(key: str = "message:T1/C1/1.0", text: str = "How do I connect Zoom?") -> Inquiry:
    return Inquiry(key, text, Actor("T1", "U1"), Place("T1", "C1", "1.0"))


def client(service: Service, key: str = API_KEY) -> IntegrationClient:
    session = requests.Session()
    session.trust_env = False
    return IntegrationClient(service.url, key, session)


def test_a_key_is_given_once_in_a_process_even_to_many_threads() -> None:
    claims = Claims(None)
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda _: claims.claim(inquiry()), range(50)))
    assert len([claim for claim in given if claim]) == 1


def test_a_key_is_given_once_to_many_processes(service: Service) -> None:
    processes = [Claims(client(service)) for _ in range(6)]
    barrier = threading.Barrier(6)

    def claim(process: Claims) -> Claim | None:
        barrier.wait()
        return process.claim(inquiry())

    with ThreadPoolExecutor(6) as pool:
        given = [claim for claim in pool.map(claim, processes) if claim]
    assert len(given) == 1
    assert given[0].question_id


def test_old_keys_are_forgotten_so_that_memory_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims_module, "REMEMBERED_KEYS", 2)
    claims = Claims(None)
    for key in ("a", "b", "c"):
        assert claims.claim(inquiry(key))
    assert claims.claim(inquiry("c")) is None
    assert claims.claim(inquiry("a"))


def test_what_is_settled_is_recorded(service: Service) -> None:
    claims = Claims(client(service))
    claim = claims.claim(inquiry())
    assert claim
    claims.settle(claim, ANSWERED)
    (question,) = service.questions()
    assert (question.status, question.article, question.confidence) == ("answered", "connect-zoom", 0.9)
    assert claims.state(claim.inquiry.key) is State.ANSWERED


def test_what_is_settled_during_an_outage_is_recorded_after_it(service: Service) -> None:
    claims = Claims(client(service))
    claim = claims.claim(inquiry())
    assert claim
    service.stop()
    claims.settle(claim, ANSWERED)
    with pytest.raises(ServiceUnavailable):
        claims.settle_owed()
    service.start()
    claims.settle_owed()
    assert service.questions()[0].status == "answered"


def test_a_claim_made_during_an_outage_is_recorded_after_it(service: Service) -> None:
    claims = Claims(client(service))
    service.stop()
    claim = claims.claim(inquiry())
    assert claim
    assert claim.question_id is None
    claims.settle(claim, ANSWERED)
    service.start()
    claims.settle_owed()
    claims.settle_owed()
    assert [q.status for q in service.questions()] == ["answered"]


def test_after_ten_seconds_the_answer_is_left_to_whom_the_service_hands_it(service: Service) -> None:
    now = [100.0]
    claims = Claims(client(service), lambda: now[0])
    claim = claims.claim(inquiry())
    assert claim
    claims.check_in_time(claim)
    now[0] += claims_module.POST_WITHIN_SECONDS + 1
    with pytest.raises(TooLate):
        claims.check_in_time(claim)


def test_without_a_service_no_answer_is_too_late() -> None:
    now = [100.0]
    claims = Claims(None, lambda: now[0])
    claim = claims.claim(inquiry())
    assert claim
    now[0] += 1000
    claims.check_in_time(claim)


def test_a_refused_key_of_ours_does_not_keep_people_waiting(service: Service) -> None:
    claims = Claims(client(service, key="not-the-right-key-0123456789"))
    claim = claims.claim(inquiry())
    assert claim
    claims.settle(claim, ANSWERED)  # logged, not raised: the person has the answer
    claims.settle_owed()
    assert service.questions() == []


def test_a_file_without_a_word_is_recorded_too(service: Service) -> None:
    assert Claims(client(service)).claim(inquiry(text="  "))
    assert len(service.questions()) == 1


def test_the_api_key_is_in_no_error(service: Service) -> None:
    service.stop()
    with pytest.raises(ServiceUnavailable) as caught:
        client(service).claim_question(inquiry())
    assert API_KEY not in str(caught.value)
    assert "How do I" not in str(caught.value)


def test_what_was_written_to_people_while_the_service_was_down_reaches_them_later(service: Service) -> None:
    staffed, place = client(service), Place("T1", "D1", "1.0")
    who = OnBehalf(Actor("T1", "U1"), Role.NOBODY)
    request = staffed.desk.open_request(who, NewRequest("form:1", "Why?", place=str(place)))
    claims = Claims(client(service))
    service.stop()
    claim = claims.claim(Inquiry("message:T1/D1/2.0", "It still fails", who.actor, place))
    assert claim is not None
    claims.settle(claim, ANSWERED)
    service.start()
    claims.settle_owed()
    assert [said.text for said in staffed.desk.request(request.id).said] == ["It still fails"]


def test_what_another_process_claimed_and_left_may_be_answered_here(service: Service) -> None:
    Claims(client(service)).claim(inquiry())
    claims = Claims(client(service))
    assert claims.claim(inquiry()) is None  # Slack delivered it again, to us
    assert claims.state(inquiry().key) is State.UNKNOWN
