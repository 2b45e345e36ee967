"""What the search learns from the articles, and from how many."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from kb import learning
from kb.calibrating import calibrate_folder
from kb.calibration import SURE_WITHOUT_CALIBRATION, UNLEARNT
from kb.corpus import Comparer, Corpus
from kb.held_out import told_apart
from kb.learning import MOST_PHRASINGS, Learning
from kb.library import load_library
from tests.kb.conftest import Write
from tests.kb.libraries import TOPICS, write_topics


@pytest.fixture
def topics(write: Write) -> Path:
    return write_topics(write, TOPICS)


def test_many_phrasings_of_few_articles_are_too_many_too(topics: Path) -> None:
    corpus = Corpus.of(load_library(topics))
    comparer = Comparer(corpus, None)
    some = replace(corpus, labels=np.zeros(MOST_PHRASINGS, int))
    many = replace(corpus, labels=np.zeros(MOST_PHRASINGS + 1, int))
    assert Learning(some, comparer).too_many is None
    assert not Learning(many, comparer).possible
    assert f"{MOST_PHRASINGS + 1} phrasings" in (Learning(many, comparer).too_many or "")


def test_where_nothing_is_learnt_calibrate_and_check_say_so(topics: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, said = calibrate_folder(topics)
    assert "too many" not in " ".join((*said, *told_apart(load_library(topics)).notes))
    monkeypatch.setattr(learning, "MOST_PHRASINGS", 50)
    _, said = calibrate_folder(topics)
    assert said[-1].startswith("55 phrasings and titles of 5 articles are too many to learn from")
    assert told_apart(load_library(topics)).notes == (said[-1],)
    corpus = Corpus.of(load_library(topics))
    calibration = Learning(corpus, Comparer(corpus, None)).kept_calibration()
    assert calibration.weights is UNLEARNT[1]
    assert calibration.answer_from == SURE_WITHOUT_CALIBRATION


def test_numpy_keeps_to_one_core_whoever_computes(topics: Path) -> None:
    with threadpool_limits(2, "blas"):
        calibrate_folder(topics)
        assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} == {1}
        threadpool_limits(2, "blas")
        told_apart(load_library(topics))
        assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} == {1}
