import numpy as np
import pytest

from kb.features import (
    Likeness,
    Overlap,
    Postings,
    character_features,
    meaning_features,
    terms,
    word_features,
)


def test_word_features_are_stems_and_their_neighbours() -> None:
    assert word_features(["zoom", "meetings"]) == {
        "zoom": 1,
        "meet": 1,
        "^ zoom": 1,
        "zoom meet": 1,
        "meet $": 1,
    }


def test_character_features_know_where_a_word_starts_and_ends() -> None:
    assert character_features(["zoo"]) == {" zo": 1, "zoo": 1, "oo ": 1, " zoo": 1, "zoo ": 1}
    assert character_features(["a"]) == {" a ": 2}
    assert character_features([]) == {}


def test_meaning_features_put_a_meaning_in_the_place_of_its_words() -> None:
    assert meaning_features(["remove", "giraffes"]) == meaning_features(["uninstall", "giraffe"])
    assert terms(["giraffes"]) == terms(["giraffe"])


def test_postings_multiply_like_the_matrix_they_stand_for() -> None:
    matrix = np.array([[0, 2, 0], [1, 0, 3]], np.float32)  # documents by features
    documents, features = np.nonzero(matrix)
    postings = Postings.build(features, documents, matrix[documents, features], n_features=3, count=2)
    asked = np.array([1.0, 0.5], np.float32)
    assert postings.dot(np.array([0, 2]), asked) == pytest.approx(matrix[:, [0, 2]] @ asked)
    assert postings.dot(np.array([], np.int64), np.array([], np.float32)).tolist() == [0, 0]


def test_what_very_many_documents_have_counts_like_anything_else() -> None:
    matrix = np.zeros((3_000, 3), np.float32)
    matrix[:, 0], matrix[::2, 1], matrix[7, 2] = 0.5, 1.5, 1
    documents, features = np.nonzero(matrix)
    postings = Postings.build(features, documents, matrix[documents, features], n_features=3, count=3_000)
    assert len(postings.columns) == 1
    asked = np.array([2.0, 3.0, 4.0], np.float32)
    assert postings.dot(np.arange(3), asked) == pytest.approx(matrix @ asked)
    assert postings.dot(np.array([0]), asked[:1]) == pytest.approx(matrix[:, 0] * 2)


def test_a_text_is_fully_like_itself_and_not_at_all_like_one_without_common_features() -> None:
    texts = [["open", "hours"], ["refund"]]
    likeness = Likeness(map(word_features, texts), np.array([0, 1]))
    assert likeness.to_all(word_features(["open", "hours"])) == pytest.approx([1, 0])
    assert likeness.to_all(word_features(["refund"])) == pytest.approx([0, 1])
    assert likeness.to_all(word_features(["giraffe"])).max() == 0


def test_unknown_words_make_a_question_less_like_everything() -> None:
    likeness = Likeness(map(word_features, [["open", "hours"], ["refund"]]), np.array([0, 1]))
    plain = likeness.to_all(word_features(["hours"]))[0]
    diluted = likeness.to_all(word_features(["hours", "of", "giraffes"]))[0]
    assert 0 < diluted < plain


def test_a_word_that_fewer_articles_have_counts_more() -> None:
    overlap = Overlap([["zoom", "icon"], ["zoom", "hour"], ["zoom", "fail"]])
    rare, _ = overlap.to_all(["icon"])
    common, _ = overlap.to_all(["zoom"])
    assert rare[0] > common[0] > 0
    assert rare[1] == 0


def test_the_most_an_article_can_score_counts_words_that_none_has() -> None:
    overlap = Overlap([["zoom"], ["icon"]])
    _, most = overlap.to_all(["zoom"])
    _, more = overlap.to_all(["zoom", "giraffe"])
    assert more > most > 0
