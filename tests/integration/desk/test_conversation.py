"""What was said about a support request: who did what, in whose words, and whether it arrived."""

from integration.desk.colleagues import Colleagues
from integration.desk.conversation import Line, conversation, is_cut
from integration.desk.models import EventKind
from integration.desk.views import MOST_SAID
from tests.integration.desk.requests import NOON, SAM
from tests.integration.desk.views_of import ASKER, said, view

STAFF = Colleagues(SAM, {"slack:T0RETAIN/UROBIN": "Robin Hale"})


def lines(*events: tuple[EventKind, str | None]) -> list[str]:
    """What is told of events, after the question."""
    return [line.what for line in conversation(view(said=[said(*one) for one in events]), STAFF)[1:]]


def test_it_begins_with_what_was_asked_in_the_askers_words() -> None:
    asked, added = conversation(view(more="Since Monday"), STAFF)
    assert asked == Line("Dana Fox asked", NOON, "Why?", theirs=True)
    assert added == Line("Dana Fox added", NOON, "Since Monday", theirs=True)


def test_everybody_is_called_as_the_reader_knows_them() -> None:
    assert lines(
        (EventKind.ANSWERED, SAM),
        (EventKind.ELSEWHERE, "slack:T0RETAIN/UROBIN"),
        (EventKind.WROTE, ASKER),
        (EventKind.REOPENED, "slack:T0RETAIN/UKIM"),
        (EventKind.RESOLVED, None),
    ) == [
        "You answered",
        "Robin Hale answered in another way",
        "Dana Fox wrote",
        "A colleague reopened it",
        "Resolved by itself, after a week without news",
    ]


def test_an_answer_says_what_became_of_it() -> None:
    gone = said(EventKind.ANSWERED, SAM, text="Look", delivery="not_delivered", reason="user_not_found")
    sent = said(EventKind.ANSWERED, SAM, text="Look", delivery="delivered")
    _, lost, arrived = conversation(view(said=[gone, sent]), STAFF)
    assert (lost.delivery, lost.lost, lost.theirs) == ("Not delivered (user not found)", True, False)
    assert (arrived.delivery, arrived.lost) == ("Delivered", False)


def test_it_says_when_more_may_have_been_said() -> None:
    assert not is_cut(view(said=[said(EventKind.WROTE, ASKER)]))
    assert is_cut(view(said=[said(EventKind.WROTE, ASKER)] * MOST_SAID))
