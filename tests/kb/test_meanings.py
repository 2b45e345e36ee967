from kb.meanings import has_synonyms, meanings
from kb.text import stem, words


def _of(text: str) -> set[str]:
    return set(meanings([stem(word) for word in words(text)]))


def test_different_words_for_one_thing_share_a_meaning() -> None:
    assert _of("remove") & _of("uninstalling")
    assert _of("why") & _of("for what reason")


def test_expressions_of_several_words_have_a_meaning() -> None:
    assert _of("how do I get rid of it") & _of("delete")
    assert not _of("get") & _of("delete")


def test_a_word_that_is_in_no_line_has_no_meaning() -> None:
    assert _of("giraffe") == set()
    assert not has_synonyms("giraffe")
    assert has_synonyms(stem("remove"))
