import numpy as np

from kb.head import Head


def test_texts_that_are_alike_get_the_same_class() -> None:
    likenesses = np.array([[1, 0.8, 0.1, 0], [0.8, 1, 0, 0.1], [0.1, 0, 1, 0.8], [0, 0.1, 0.8, 1]], np.float32)
    head = Head.train(likenesses, np.array([0, 0, 1, 1]), 2)
    assert head.scores(likenesses).argmax(axis=1).tolist() == [0, 0, 1, 1]
    assert head.scores(np.array([0.1, 0.1, 0.7, 0.5], np.float32)).argmax() == 1


def test_one_text_and_texts_without_likeness_are_no_obstacle() -> None:
    for size in (1, 3):
        head = Head.train(np.zeros((size, size), np.float32), np.zeros(size, np.int64), 2)
        assert np.isfinite(head.scores(np.ones(size, np.float32))).all()
