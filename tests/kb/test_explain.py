"""Why no article answers a question, in one sentence for those who write them."""

from pathlib import Path

import pytest

from kb.explain import shortfall
from kb.library import load_library
from kb.search import Search
from tests.kb.libraries import NOT_OURS, TOPICS, write_topics


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Search:
    folder = tmp_path_factory.mktemp("articles")

    def write(slug: str, front: str) -> Path:
        path = folder / f"{slug}.md"
        path.write_text(f"---\n{front}\n---\nText.\n", "utf-8")
        return path

    write_topics(write, TOPICS, NOT_OURS)
    return Search(load_library(folder), by_words=True)


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("?!", "There are no words in it to look for."),
        ("Wie lange darf ich das Buch behalten und wo muss ich es abgeben?", "It seems to be in another language"),
        ("How do I bake bread?", "It is listed as not ours."),
        ("How do I borrow a book?", "“All about borrow” (99% sure) answers it now."),
        ("How do I borrow a book? What is the overdue fee?", "It asks several things at once"),
        ("quantum entanglement", "No article seems to be about it; “All about "),
    ],
)
def test_the_reason_is_told_in_one_sentence(search: Search, question: str, why: str) -> None:
    assert shortfall(search, question).startswith(why)


def test_what_comes_close_is_named_with_what_it_lacks(search: Search) -> None:
    reason = shortfall(search, "free paper")
    assert reason.startswith("“All about printer” (")
    assert " sure) comes closest, and an answer needs " in reason
    assert reason.endswith("%; its nearest phrasing is “The printer is out of paper”.")
