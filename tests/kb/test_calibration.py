import numpy as np
import pytest

from kb.calibration import (
    PRIOR,
    SURE_WITHOUT_CALIBRATION,
    Calibration,
    HeldOut,
    calibrate,
    hold_out,
    overlapping,
    softmax,
)
from kb.corpus import Comparer, Corpus
from kb.evidence import none_names, part_names
from kb.library import load_library
from tests.kb.conftest import Write
from tests.kb.libraries import TOPICS, write_topics


def _corpus(write: Write, topics: dict[str, list[str]]) -> Corpus:
    return Corpus.of(load_library(write_topics(write, topics)))


def _held_out(corpus: Corpus) -> HeldOut | None:
    return hold_out(corpus, Comparer(corpus, None).among_phrasings())


def test_every_phrasing_is_asked_while_its_article_is_hidden_and_most_while_only_they_are(write: Write) -> None:
    held_out = _held_out(_corpus(write, TOPICS))
    assert held_out is not None
    phrasings = sum(map(len, TOPICS.values()))
    assert (~held_out.ours).sum() == phrasings
    assert held_out.ours.sum() == phrasings - sum(
        len(questions[place % 5 :: 5]) for place, questions in enumerate(TOPICS.values())
    )


def test_a_hidden_article_is_no_option(write: Write) -> None:
    held_out = _held_out(_corpus(write, TOPICS))
    assert held_out is not None
    hidden = held_out.article[~held_out.ours]
    assert ((hidden >= 0).sum(axis=1) < len(TOPICS) + 1).all()


@pytest.mark.parametrize("topics", [{"a": ["When?"]}, {"a": ["When?"], "b": ["Where?"]}])
def test_too_few_phrasings_leave_the_cautious_weights(write: Write, topics: dict[str, list[str]]) -> None:
    calibration = calibrate(_held_out(_corpus(write, topics)), 1)
    assert calibration.weights is PRIOR[1]
    assert calibration.answer_from == SURE_WITHOUT_CALIBRATION


def test_probabilities_of_articles_and_of_none_of_them_sum_to_one() -> None:
    calibration = Calibration(PRIOR[2], 0.5)
    parts, none_parts = np.ones((3, len(part_names(2))), np.float32), np.ones(len(none_names(2)), np.float32)
    everything = softmax(calibration.scores(parts, none_parts))
    assert everything.sum() == pytest.approx(1)
    assert calibration.confidences(parts, none_parts) == pytest.approx(everything[:-1])


def _met(confident: list[tuple[int, float]], right: list[int]) -> HeldOut:
    """Questions with two articles, 0 and 1; the evidence for the one found is given, the other has none."""
    evidence = np.zeros((len(right), 3, len(PRIOR[1])))
    for row, (found, strength) in enumerate(confident):
        evidence[row, found + 1, 0] = strength
    article = np.tile([2, 0, 1], (len(right), 1))
    return HeldOut(evidence, article, np.array(right), np.zeros(len(right), bool), np.arange(len(right)))


def test_articles_whose_phrasings_mostly_find_another_are_named() -> None:
    held_out = _met([(1, 5.0)] * 4 + [(0, 5.0)] * 2 + [(1, 5.0)] * 6, [0] * 6 + [1] * 6)
    assert list(overlapping(held_out, Calibration(PRIOR[1], 0.5), ("first", "second"))) == [("first", 6, 4, "second")]


def test_the_threshold_rises_until_few_answers_are_wrong() -> None:
    good, bad = [(0, 6.0)] * 90, [(1, 1.5)] * 10
    careful = calibrate(_met(good + bad, [0] * 100), 1)
    sure = calibrate(_met(good, [0] * 90), 1)
    assert 0.5 <= sure.answer_from <= careful.answer_from <= 0.95
