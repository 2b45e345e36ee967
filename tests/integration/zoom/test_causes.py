"""What Zoom answers, and what we make of it. Codes and words: facts of Zoom's documentation, both status forms."""

import re

import pytest

from integration.zoom.causes import CAUSES, Call, Cause, cause, classify
from integration.zoom.wording import TELL_AN_ADMIN
from kb.library import load_library

EVERY = tuple(CAUSES.values())
CALLS: tuple[Call, ...] = ("exchange", "refresh", "revoke", "api")

DOCUMENTED: tuple[tuple[Call, str | None, str, str], ...] = (
    # call, code, words, cause
    ("exchange", "4702", "Invalid client.", "invalid_client"),
    ("refresh", "4704", "Client ID does not match authenticated client.", "invalid_client"),
    ("refresh", "4705", "Grant type is not supported from token endpoint.", "invalid_client"),
    ("exchange", "4706", "Client ID or client secret is missing.", "invalid_client"),
    ("exchange", "4706", "Missing grant type.", "invalid_client"),
    ("refresh", "invalid_client", "Invalid client_id or client_secret", "invalid_client"),
    ("refresh", "invalid_request", "Invalid client_id or client_secret", "invalid_client"),
    ("refresh", "invalid_request", "The app has been disabled by the developer", "invalid_client"),
    ("exchange", "4709", "Redirect URI mismatch.", "redirect_mismatch"),
    ("exchange", "invalid_request", "Redirect URI mismatch. (4,709)", "redirect_mismatch"),
    ("refresh", "4711", "Refresh token invalid. The token scopes do not match the client scopes.", "scopes_changed"),
    ("refresh", "4711", "Refresh token invalid.", "scopes_changed"),
    (
        "api",
        "4711",
        "Invalid access token, does not contain scopes:[user:read:list_users:admin].",
        "scopes_changed",
    ),
    ("api", "4700", "Invalid access token, does not contain scopes.", "scopes_changed"),
    ("refresh", "4717", "The app has been disabled.", "app_disabled"),
    ("refresh", "invalid_request", "The app has been disabled by your admin", "app_disabled"),
    ("refresh", "4738", "Disabled by admin.", "app_disabled"),
    ("exchange", "4733", "Code is expired.", "code_expired"),
    ("exchange", "4734", "Invalid authorization code.", "code_expired"),
    ("exchange", "invalid_grant", "Invalid authorization code", "code_expired"),
    ("exchange", "invalid_grant", "code challenge verification failed", "code_expired"),
    ("refresh", "4735", "The owner of the token does not exist.", "user_removed"),
    ("refresh", "4741", "The token has been revoked.", "grant_revoked"),
    ("api", "4741", "The token has been revoked.", "grant_revoked"),
    ("refresh", "invalid_grant", "Invalid Token!", "grant_revoked"),
    ("refresh", None, "Invalid Token!", "grant_revoked"),
    ("revoke", "invalid_grant", "Invalid Token!", "grant_revoked"),
    ("api", "124", "Invalid access token.", "app_removed"),
    ("api", "124", "Access token is expired.", "token_refused"),
    ("api", "300", "The next page token is invalid or expired.", "page_expired"),
)


@pytest.mark.parametrize("status", [400, 401])
@pytest.mark.parametrize(("call", "code", "words", "expected"), DOCUMENTED)
def test_code_and_message_decide_under_either_status(
    call: Call, code: str | None, words: str, expected: str, status: int
) -> None:
    assert classify(call, status=status, code=code, text=words).code == expected


def test_the_older_form_of_a_dead_refresh_token_counts_with_its_own_status_only() -> None:
    assert classify("refresh", status=401, code="invalid_request", text=None).code == "grant_revoked"
    assert classify("refresh", status=400, code="invalid_request", text="Missing parameter").code == "unknown"


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("status", [None, 200, 302, 500, 502, 503, 504])
def test_no_answer_a_fault_of_zooms_and_a_half_answer_are_zooms_and_pass(call: Call, status: int | None) -> None:
    found = classify(call, status=status, code="invalid_grant", text="Invalid Token!")
    assert (found.code, found.final, found.who_must_act) == ("zoom_unavailable", False, "zoom")


@pytest.mark.parametrize("call", CALLS)
def test_too_many_requests_are_told_apart_by_their_words_alone(call: Call) -> None:
    a_second = "You have reached the maximum per-second rate limit for this API. Try again later."
    a_day = "You have reached the maximum daily rate limit for this API."
    for code in ("429", "4001", None):
        assert classify(call, status=429, code=code, text=a_second).code == "rate_limited"
        assert classify(call, status=429, code=code, text=a_day).code == "rate_limited_today"
    assert classify(call, status=429, code=None, text=None).code == "rate_limited"


def test_a_refusal_that_cannot_be_read_says_nothing_about_the_grant() -> None:
    for call in ("exchange", "refresh", "revoke"):
        for status in (400, 401, 403, 404):
            assert classify(call, status=status, code=None, text=None).code == "zoom_unavailable"


def test_an_access_token_that_is_refused_is_never_taken_for_well() -> None:
    for code, text in ((None, None), ("9999", "Something new"), ("4700", "Invalid access token.")):
        found = classify("api", status=401, code=code, text=text)
        assert found.code == "token_refused"
        assert not found.final


@pytest.mark.parametrize(
    ("code", "words"),
    [("4700", ""), ("4700", "Token cannot be empty."), ("4799", "Something new"), ("3001", "Meeting does not exist")],
)
def test_what_is_not_known_asks_nobody_to_reconnect(code: str, words: str) -> None:
    found = classify("api", status=400, code=code, text=words)
    assert found.code == "unknown"
    assert found.ours
    assert not found.final


def test_our_own_wrong_secret_is_never_a_customers_business() -> None:
    for call in CALLS:
        found = cause(classify(call, status=400, code="invalid_client", text="Invalid client_id or client_secret").code)
        assert found.ours
        assert not found.final


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.code)
def test_every_cause_has_an_article_that_exists(one: Cause) -> None:
    assert one.article in load_library().articles


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.code)
def test_every_cause_is_told_in_plain_sentences(one: Cause) -> None:
    for text in (one.explanation, one.next_step, one.step_for("member")):
        assert re.fullmatch(r"[A-Z][^!\n]*\.", text), text
        assert len(text) <= 220
        assert all(re.match(r"[A-Z]", sentence) for sentence in re.split(r"(?<=\.) ", text)), text
        assert not re.search(
            r"\b(token|oauth|api|scope|grant|http|webhook|redirect|uri|client|error|fail(ed|ure)?|\d{3,4})\b",
            text.lower(),
        ), text
    assert len(re.split(r"(?<=\.) ", one.explanation)) <= 2


@pytest.mark.parametrize("one", [one for one in EVERY if one.ours], ids=lambda one: one.code)
def test_what_is_ours_asks_nothing(one: Cause) -> None:
    assert one.next_step.startswith("You need not do anything.")
    assert (one.who_must_act, one.final) == ("retain", False)


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.code)
def test_staff_are_not_spoken_to_as_customers(one: Cause) -> None:
    assert "your" not in one.explanation.lower()
    told = one.step_for("staff")
    assert not re.search(r"(?i)\byour\b|talk to us|we have to", told), told
    assert told.endswith(".")


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.code)
def test_members_are_asked_for_nothing_that_they_may_not_do(one: Cause) -> None:
    told = one.step_for("member")
    assert told in (one.next_step, TELL_AN_ADMIN)
    assert not re.search(r"(?i)^(get|send|start|pass|talk)", told), told


def test_only_what_is_final_asks_for_a_new_connection() -> None:
    for one in EVERY:
        asks = re.search(r"connect link|connect again", one.next_step) and not one.ours
        assert not asks or one.final, one.code


@pytest.mark.parametrize("one", [one for one in EVERY if not one.final], ids=lambda one: one.code)
def test_what_passes_asks_for_nothing(one: Cause) -> None:
    assert one.next_step.startswith("You need not do anything.")
    assert one.who_must_act in ("retain", "zoom", "nobody")


def test_an_unknown_name_is_the_unknown_cause() -> None:
    assert cause("no such cause") is CAUSES["unknown"]
