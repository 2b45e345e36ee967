"""A small knowledge base of another domain, for tests of the search."""

from itertools import cycle
from pathlib import Path

from tests.kb.conftest import Write

TOPICS = {
    "borrow": [
        "How do I borrow a book?",
        "Can I take a book home?",
        "What do I need to lend a novel?",
        "borrowing rules",
        "How many books may I borrow at once?",
        "I want to borrow a comic",
        "Do I need a card to borrow something?",
        "Is borrowing books free?",
        "borrow book",
        "May children borrow books as well?",
    ],
    "fines": [
        "What is the fine for a late book?",
        "I returned a book too late, what do I pay?",
        "overdue fee",
        "How much are late fees?",
        "Do I have to pay for an overdue book?",
        "Why was I fined?",
        "Where can I pay my fine?",
        "I got a letter about an overdue fine",
        "late fee amount",
        "Can a late fee be waived?",
    ],
    "hours": [
        "When is the library open?",
        "opening hours",
        "Are you open on Sunday?",
        "At what time do you close?",
        "Is the library closed on holidays?",
        "When do you open in the morning?",
        "Until when are you open tonight?",
        "open on Saturday?",
        "What are the hours of the library?",
        "Are there other opening hours in summer?",
    ],
    "printer": [
        "Where can I print a document?",
        "How much does a printed page cost?",
        "The printer is out of paper",
        "Can I print from my phone?",
        "Do you have a colour printer?",
        "print from a laptop",
        "Is there a printer I can use?",
        "How do I scan and print my homework?",
        "The printer shows a paper jam",
        "printing",
    ],
    "rooms": [
        "How do I reserve a study room?",
        "Is there a room for groups?",
        "book a room for tomorrow",
        "Can we have a quiet room to learn?",
        "What does a study room cost?",
        "reserve room",
        "Our group needs a room with a whiteboard",
        "How long may we use a study room?",
        "Cancel my room reservation",
        "Are study rooms free on Friday?",
    ],
}
# Two articles that nobody could tell apart: the same questions, each with a word before it that says nothing.
_ROOMS = TOPICS["rooms"]
DOUBLE = TOPICS | {
    "rooms": [f"{word} {question}" for word, question in zip(cycle(("so", "and")), _ROOMS, strict=False)],
    "rooms-again": [
        f"{word} {question}" for word, question in zip(cycle(("so", "and")), _ROOMS[1:] + _ROOMS[:1], strict=False)
    ],
}

NOT_OURS = (
    "How do I bake bread?",
    "Who won the match?",
    "What is the weather tomorrow?",
    "Can you write my essay?",
    "Where do I buy a car?",
    "How do I become a librarian?",
    "Can you fix my laptop?",
    "What is the best novel of all times?",
    "Where is the train station?",
    "Do you sell coffee?",
)


def write_topics(write: Write, topics: dict[str, list[str]], not_ours: tuple[str, ...] = ()) -> Path:
    """Write an article for each topic, and return their folder."""
    for slug, questions in topics.items():
        folder = write(slug, f"title: All about {slug}\nquestions:\n{_items(questions)}").parent
    if not_ours:
        write("not_ours", f"questions:\n{_items(not_ours)}")
    return folder


def _items(questions: list[str] | tuple[str, ...]) -> str:
    return "\n".join(f'  - "{question}"' for question in questions)
