from kb.library import load_library
from kb.related import MOST_RELATED, related
from tests.kb.conftest import Write


def test_articles_with_words_of_their_own_in_common_are_related(write: Write) -> None:
    write("tea", "title: Brew tea\nquestions: [How do I brew tea?]", "Boil water in the kettle.")
    write("coffee", "title: Brew coffee\nquestions: [How do I brew coffee?]", "Boil water in the kettle.")
    folder = write("fines", "title: Pay a fine\nquestions: [Where do I pay?]", "At the desk.").parent
    found = {slug: [one.slug for one in others] for slug, others in related(load_library(folder)).items()}
    assert found == {"tea": ["coffee"], "coffee": ["tea"], "fines": []}


def test_one_article_has_none(write: Write) -> None:
    assert related(load_library(write("a", "title: A\nquestions: [one]").parent)) == {"a": ()}


def test_ours_lead_on_to_a_few_others_and_never_to_themselves() -> None:
    for slug, others in related(load_library()).items():
        assert len(others) <= MOST_RELATED
        assert slug not in [one.slug for one in others]
