"""The calibration that is stored with the articles."""

import json
from pathlib import Path

import pytest

from kb.calibrating import calibrate_folder
from kb.corpus import Corpus
from kb.errors import KbError
from kb.library import OUR_ARTICLES, load_library
from kb.search import Search
from kb.stored_calibration import NAME, read_stored
from tests.kb.conftest import NO_ENCODER, Write
from tests.kb.libraries import NOT_OURS, TOPICS, write_topics


@NO_ENCODER
def test_our_own_calibration_is_what_the_articles_give_to_the_byte(write: Write) -> None:
    folder = write("x", "").parent
    (folder / "x.md").unlink()
    for path in OUR_ARTICLES.glob("*.md"):
        (folder / path.name).write_bytes(path.read_bytes())
    made, _ = calibrate_folder(folder)
    assert made.read_bytes() == (OUR_ARTICLES / NAME).read_bytes()


def test_a_search_answers_by_what_is_stored(write: Write) -> None:
    folder = write_topics(write, TOPICS, NOT_OURS)
    path, _ = calibrate_folder(folder)
    content = json.loads(path.read_text("utf-8"))
    content["by words"]["answer_from"] = 0.93
    path.write_text(json.dumps(content), "utf-8")
    assert Search(load_library(folder), by_words=True).calibration.answer_from == 0.93


def test_what_is_stored_for_other_articles_is_not_used(write: Write) -> None:
    folder = write_topics(write, TOPICS)
    calibrate_folder(folder)
    assert read_stored(folder, Corpus.of(load_library(folder)), 1) is not None
    library = load_library(write_topics(write, TOPICS | {"coffee": ["Where is the coffee?"]}))
    assert read_stored(folder, Corpus.of(library), 1) is None


@pytest.mark.parametrize("content", ["not JSON", "[]", "{}", '{"articles": 3}'])
def test_a_file_of_something_else_is_refused_or_not_used(write: Write, content: str) -> None:
    folder = write_topics(write, TOPICS)
    (folder / NAME).write_text(content, "utf-8")
    corpus = Corpus.of(load_library(folder))
    if content == "{}" or "articles" in content:
        assert read_stored(folder, corpus, 1) is None
    else:
        with pytest.raises(KbError, match="python -m kb calibrate"):
            read_stored(folder, corpus, 1)


def test_a_folder_that_cannot_be_written_is_named(write: Write) -> None:
    folder = write_topics(write, TOPICS)
    (folder / NAME).mkdir()
    with pytest.raises(KbError, match=r"calibration\.json cannot be written"):
        calibrate_folder(folder)


def test_the_calibration_is_in_the_package() -> None:
    assert Path(OUR_ARTICLES / NAME).is_file()
