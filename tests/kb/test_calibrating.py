"""The calibration that is stored with the articles."""

import json
import tomllib
from pathlib import Path

import pytest

from kb.calibrating import calibrate_folder
from kb.calibration import PRIOR, Calibration
from kb.corpus import Corpus
from kb.encoder import Encoder
from kb.errors import KbError
from kb.library import OUR_ARTICLES, load_library
from kb.search import Search
from kb.stored_calibration import NAME, read_stored, write_stored
from tests.kb.conftest import NO_ENCODER, Write
from tests.kb.libraries import NOT_OURS, TOPICS, write_topics

STORED = {kinds: Calibration(PRIOR[kinds], 0.6) for kinds in PRIOR}


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


def test_what_is_stored_for_another_encoder_is_not_used(write: Write) -> None:
    folder = write_topics(write, TOPICS)
    corpus = Corpus.of(load_library(folder))
    path = write_stored(folder, corpus, STORED)
    assert read_stored(folder, corpus, 2) is not None
    path.write_text(path.read_text("utf-8").replace(Encoder.name, "another"), "utf-8")
    assert read_stored(folder, corpus, 1) is not None
    assert read_stored(folder, corpus, 2) is None


@pytest.mark.parametrize("content", ["<<<<<<< HEAD", "[]", "\xff", "{}", '{"articles": 3}'])
def test_a_file_of_something_else_stops_neither_search_nor_calibrate(
    write: Write, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    folder = write_topics(write, TOPICS)
    (folder / NAME).write_bytes(content.encode("latin-1"))
    found = Search(load_library(folder), by_words=True).calibration
    (said,) = [one.getMessage() for one in caplog.records if NAME in one.getMessage()]
    assert said.endswith("Run: python -m kb calibrate")
    calibrate_folder(folder)
    stored = read_stored(folder, Corpus.of(load_library(folder)), 1)
    assert stored is not None
    assert stored.answer_from == found.answer_from


@pytest.mark.parametrize(
    "change",
    [{"weights": None}, {"weights": {}}, {"weights": ["learnt"]}, {"answer_from": None}, {"answer_from": 7.0}, None],
)
def test_an_entry_that_lacks_something_is_not_used(write: Write, change: dict[str, object] | None) -> None:
    folder = write_topics(write, TOPICS)
    corpus = Corpus.of(load_library(folder))
    path = write_stored(folder, corpus, STORED)
    content = json.loads(path.read_text("utf-8"))
    content["by words"] = change if change is None else content["by words"] | change
    path.write_text(json.dumps(content), "utf-8")
    assert read_stored(folder, corpus, 1) is None


@pytest.mark.parametrize("weight", ["NaN", '"much"', "null", "Infinity"])
def test_a_weight_that_is_no_number_is_not_used(write: Write, weight: str) -> None:
    folder = write_topics(write, TOPICS)
    corpus = Corpus.of(load_library(folder))
    path = write_stored(folder, corpus, STORED)
    path.write_text(path.read_text("utf-8").replace('"learnt": 1.3', f'"learnt": {weight}'), "utf-8")
    assert read_stored(folder, corpus, 1) is None


def test_without_the_encoder_its_calibration_stays_as_long_as_it_fits_and_else_calibrate_says_that_it_is_left_out(
    write: Write, no_encoder: None
) -> None:
    folder = write_topics(write, TOPICS)
    path = write_stored(folder, Corpus.of(load_library(folder)), STORED)
    _, said = calibrate_folder(folder)
    assert said[1] == "by words and meaning: answers from 60%"
    write_topics(write, TOPICS | {"hours": [*TOPICS["hours"], "When does the door open?"]})
    _, said = calibrate_folder(folder)
    assert "by words and meaning" not in path.read_text("utf-8")
    assert said[1].startswith("by words and meaning: left out")
    assert "python -m kb model install" in said[1]


def test_a_calibration_that_cannot_be_written_leaves_the_one_before(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_topics(write, TOPICS)
    corpus = Corpus.of(load_library(folder))
    path = write_stored(folder, corpus, STORED)
    before = path.read_bytes()

    def full(file: Path, *_: object) -> int:
        file.write_bytes(b'{"articles"')
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(KbError, match="No space left"):
        write_stored(folder, corpus, {1: STORED[1]})
    assert path.read_bytes() == before
    assert list(folder.glob("*.new")) == []


def test_a_folder_that_cannot_be_written_is_named(write: Write) -> None:
    folder = write_topics(write, TOPICS)
    (folder / NAME).mkdir()
    with pytest.raises(KbError, match=r"calibration\.json cannot be written"):
        calibrate_folder(folder)


def test_the_calibration_is_in_the_package() -> None:
    assert (OUR_ARTICLES / NAME).is_file()
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    globs = project["tool"]["setuptools"]["package-data"]["kb"]
    assert any((OUR_ARTICLES / NAME).relative_to(OUR_ARTICLES.parent).match(glob) for glob in globs)
