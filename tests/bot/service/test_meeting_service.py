"""What the bot makes of a service that answers in unexpected ways about meetings."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar

import pytest
import requests

from bot import acting
from bot.blocks import Message, plain
from bot.errors import Refused, ServiceUnavailable
from bot.inquiry import Actor
from bot.service.connection_service import OnBehalf
from bot.service.meeting_service import MeetingService
from bot.service.meetings_api import NothingFound
from bot.service.service_api import Role
from bot.service.service_http import ServiceHttp
from tests.support import http_server

ADMIN = OnBehalf(Actor("T1", "U1"), Role.ADMIN, "acme")
PROBLEM = {
    "title": "Not found",
    "status": 404,
    "detail": "Nothing.",
    "field": None,
    "remedy": "Look.",
    "request_id": "1",
}


class Answering(BaseHTTPRequestHandler):
    """Answers everything alike."""

    status: ClassVar[int] = 404
    body: ClassVar[dict[str, Any]] = {}
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        text = json.dumps(self.body).encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


@pytest.fixture
def answering() -> Iterator[type[Answering]]:
    class Here(Answering):
        asked: ClassVar[list[str]] = []

    with http_server.serving(Here) as address:
        Here.address = address  # type: ignore[attr-defined]
        yield Here


@pytest.fixture
def meetings(answering: type[Answering]) -> Iterator[MeetingService]:
    with requests.Session() as session:
        session.trust_env = False
        yield MeetingService(ServiceHttp(answering.address, "key", session))  # type: ignore[attr-defined]


def said(meetings: MeetingService) -> str:
    def look() -> Message:
        meetings.duration(ADMIN, "acme", "93201235621")
        return plain("fine")

    return acting.attempt(look, "look up the meeting").text


def test_a_service_that_is_older_than_the_bot_is_said_to_be(
    meetings: MeetingService, answering: type[Answering]
) -> None:
    answering.body = PROBLEM
    assert said(meetings) == acting.TOO_OLD
    with pytest.raises(Refused) as caught:
        meetings.hours(ADMIN, "acme")
    assert caught.value.unknown_here


def test_a_tenant_that_is_gone_is_no_older_service(meetings: MeetingService, answering: type[Answering]) -> None:
    answering.body = PROBLEM | {"field": "tenant"}
    assert said(meetings) == acting.NOT_POSSIBLE


def test_where_nothing_is_found_the_cause_is_told(meetings: MeetingService, answering: type[Answering]) -> None:
    answering.body = PROBLEM | {"field": "meeting", "cause": "never_seen", "others": []}
    assert meetings.duration(ADMIN, "acme", "93201235621") == NothingFound(
        cause="never_seen", detail="Nothing.", remedy="Look."
    )


@pytest.mark.parametrize("status", [200, 500, 503])
def test_an_answer_that_cannot_be_read_is_no_answer(
    meetings: MeetingService, answering: type[Answering], status: int
) -> None:
    answering.status = status
    with pytest.raises(ServiceUnavailable):
        meetings.duration(ADMIN, "acme", "93201235621")
    assert "Please try again in a minute" in said(meetings)


def test_what_was_typed_stays_within_its_place(meetings: MeetingService, answering: type[Answering]) -> None:
    answering.body = PROBLEM
    with pytest.raises(Refused):
        meetings.duration(ADMIN, "../secrets?x=", "a&on=1 b/c+d==")
    assert answering.asked == ["/v1/tenants/..%2Fsecrets%3Fx%3D/duration?meeting=a%26on%3D1+b%2Fc%2Bd%3D%3D"]
