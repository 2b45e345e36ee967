"""What people asked and what staff did about it: requests in every state, unanswered questions, votes, a notice."""

from datetime import timedelta
from uuid import uuid4

from integration.questions.models import ArticleVote
from tests.support.pages.people import PEOPLE, Who
from tests.support.pages.site import NOW, Site, browser, form_token

SAM, ELLIE = PEOPLE["staff"], PEOPLE["other_staff"]
QUESTION = "Why do we have to connect Zoom again? It worked last week & nobody changed <anything>."
LONG = "We moved to single sign-on on Friday, and since then the hours of our calls are missing.\n\nWhat can we do?"
UNANSWERED = (
    ("can retain join the call for me", 4, "unknown"),
    ("zoom webinar hours", 3, "unknown"),
    ("teams meetings", 2, "unknown"),
    ("why is my meeting shorter", 3, "suggested"),
)
VOTES = (("reauthorize-zoom", True, 9), ("reauthorize-zoom", False, 3), ("connect-zoom", False, 2))


def add_past_months(site: Site) -> None:
    """Requests of two months, answered in time, late, elsewhere, or not at all."""
    for number in range(14):
        asked = NOW - timedelta(days=56 - 4 * number, minutes=13 * number)
        site.at(asked)
        request = _ask(site, PEOPLE["admin" if number % 2 else "member"], f"Question number {number}", f"past{number}")
        site.at(asked + timedelta(minutes=(20, 95, 300)[number % 3]))
        if number % 5 == 4:
            _do(site, request, "resolve")
        else:
            _do(site, request, "answer", key=uuid4().hex, text="Thank you for asking. It is mended.")
            _do(site, request, "resolve")


def add_requests(site: Site) -> None:
    """Today's: late, due soon, new, claimed by each, answered, snoozed, resolved, reopened, and by the form."""
    names = site.names
    names["late"] = _asked_before(site, 150, PEOPLE["hooli"], QUESTION, "late", more=LONG, article="reauthorize-zoom")
    names["soon"] = _asked_before(site, 100, PEOPLE["wonka"], "Who is our Zoom admin?", "soon")
    names["claimed"] = _asked_before(site, 70, PEOPLE["admin"], LONG, "claimed", link="https://acme.slack.example/p1")
    _do(site, names["claimed"], "claim")
    names["theirs"] = _asked_before(site, 65, PEOPLE["globex"], "Zoom says that it is slow.", "theirs")
    _do(site, names["theirs"], "claim", ELLIE)
    names["answered"] = _asked_before(site, 60, PEOPLE["member"], "Is the recording read, too?", "answered")
    _do(site, names["answered"], "answer", key="answer-1", text="No. We read when a call began and ended, and no more.")
    names["snoozed"] = _asked_before(site, 50, PEOPLE["cyberdyne"], "We removed the app by mistake.", "snoozed")
    _do(site, names["snoozed"], "snooze", until=(NOW + timedelta(hours=20)).isoformat())
    names["resolved"] = _asked_before(site, 45, PEOPLE["initech"], "Where is the icon?", "resolved")
    _do(site, names["resolved"], "answer", key="answer-2", text="Zoom is enabled for you now: look again.")
    _do(site, names["resolved"], "resolve")
    names["reopened"] = _asked_before(site, 40, PEOPLE["admin"], "Can two calls be one meeting?", "reopened")
    _do(site, names["reopened"], "resolve")
    _do(site, names["reopened"], "reopen")
    names["new"] = _asked_before(site, 5, PEOPLE["member"], "How do I get my hours as a file?", "new")
    names["received"] = _by_the_form(site)
    site.at(NOW)


def add_opinions(site: Site) -> None:
    """Questions that nothing fitted, answers and pages that did not help."""
    for text, times, status in UNANSWERED:
        for number in range(times):
            who = PEOPLE["member" if number % 2 else "hooli"]
            place = f"{who.actor.partition('/')[0]}/D1/1700000000.{number:06}"
            asked = site.api("POST", "questions", key=f"{text} {number}", text=text, actor=who.actor, place=place)
            site.api(
                "POST", f"questions/{asked['id']}/answered", status=status, article="meeting-durations", confidence=0.3
            )
    with site.service.runtime.database.writing() as session:
        for slug, helpful, times in VOTES:
            for number in range(times):
                session.add(_vote(site, slug, helpful, f"{slug}{helpful}{number}"))


def _vote(site: Site, slug: str, helpful: bool, key: str) -> ArticleVote:
    row, vault = uuid4().hex, site.service.runtime.vault
    comment = (
        None
        if helpful
        else vault.seal("I do not know who our admin is", table="article_votes", column="comment", row=row)
    )
    return ArticleVote(id=row, key=key, article=slug, helpful=helpful, comment=comment, given_at=NOW)


def _asked_before(site: Site, minutes: int, who: Who, text: str, key: str, **more: str) -> str:
    site.at(NOW - timedelta(minutes=minutes))
    return _ask(site, who, text, key, **more)


def _ask(site: Site, who: Who, text: str, key: str, **more: str) -> str:
    place = f"{who.actor.partition('/')[0]}/D{key.upper()}/1700000000.000100"
    new = {"key": key, "text": text, "place": place, "via": "slack", "name": who.name, "time_zone": "Europe/Berlin"}
    return str(site.api("POST", "support-requests", who, **new | more)["id"])


def _do(site: Site, request: str, what: str, who: Who = SAM, **body: object) -> None:
    site.api("POST", f"support-requests/{request}/{what}", who, **body)


def _by_the_form(site: Site) -> str:
    """What somebody wrote in the help centre; the id that their page has."""
    site.at(NOW - timedelta(minutes=30))
    with browser() as session:
        token = form_token(session.get(f"{site.url}/support", timeout=10).text)
        asked = {"question": "Do you keep our recordings?", "email": "ada@customer.example", "name": "Ada"}
        sent = session.post(
            f"{site.url}/support",
            data=asked | {"form_token": token, "key": uuid4().hex, "zone": "Europe/Berlin"},
            timeout=10,
        )
    assert sent.ok, sent.text
    return sent.url.rpartition("/")[2]
