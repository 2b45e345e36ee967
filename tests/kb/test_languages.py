"""Other languages than English are told, and English never is."""

import re
from collections import Counter
from pathlib import Path

import pytest

from kb.languages import ONLY_ENGLISH, Language, is_foreign, language_of, languages
from kb.library import load_library
from kb.text import clean, sentences, without_courtesies
from tests.kb.datasets import pairs

HERE = Path(__file__).parent
OTHERS = pairs(HERE / "other_languages.tsv")  # the language, and a question as people ask it
NEIGHBOURS = {"da": "nb", "nb": "da"}  # what is the same in both, such as "når får jeg svar?"


def told(question: str) -> str | None:
    """As the search does: of the plain text."""
    return language_of(without_courtesies(clean(question)))


def test_nearly_all_questions_in_other_languages_are_told() -> None:
    missed = [question for _, question in OTHERS if told(question) is None]
    assert len(missed) <= 0.04 * len(OTHERS), missed


def test_each_language_is_told_from_the_others() -> None:
    mistaken = [
        (code, found, question)
        for code, question in OTHERS
        if (found := told(question)) not in (None, code, NEIGHBOURS.get(code))
    ]
    assert len(mistaken) <= 0.01 * len(OTHERS), mistaken


def test_every_language_is_among_the_questions_asked() -> None:
    assert Counter(code for code, _ in OTHERS).keys() == languages().keys()


@pytest.mark.parametrize("name", ["questions.tsv", "unseen.tsv"])
def test_no_question_of_ours_is_taken_for_another_language(name: str) -> None:
    assert sum(told(question) is not None for _, question in pairs(HERE / name)) == 0


def test_no_word_of_the_articles_is_taken_for_another_language() -> None:
    library = load_library()
    texts = [text for article in library.articles.values() for text in (*article.questions, *sentences(article.body))]
    texts += re.findall(r"^ *- (.+)$", (library.folder / "not_ours.md").read_text("utf-8"), re.MULTILINE)
    assert [text for text in texts if told(text)] == []


@pytest.mark.parametrize("name", ["banking77", "clinc150"])
def test_no_question_of_the_public_sets_is_taken_for_another_language(shared: Path, name: str) -> None:
    questions = [question for path in (shared / "datasets" / name).glob("*.tsv") for _, question in pairs(path)]
    assert len(questions) > 2000
    assert [question for question in questions if told(question)] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "why",
        "12345",
        "A-Za-z0-9_-43",
        "comment on the connection",
        "Los Angeles office cannot connect",
        "the meeting with the café owner in São Paulo was shorter",
        "Where are the hours of Banco de la Nación?",
        "Is Universidad de los Andes connected?",
        "Dr. van der Berg left the company, who reconnects?",
        "Jean-Pierre de la Fontaine can’t see Zoom",
        "Die Zeit GmbH is missing in hours",
        "What about Fritz und Söhne GmbH?",
        "My customer Иван Петров is not in the report",
        "What does 会议 mean in the report?",
    ],
)
def test_a_foreign_name_leaves_a_question_english(text: str) -> None:
    assert language_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, how do I connect Zoom?",
        "Why does “Reunión con Juan” not count?",
        "It says “Der Zugriff wurde verweigert”. What can I do about it?",
        "Что значит: you are not the owner of this account?",
    ],
)
def test_a_mixed_text_stays_english(text: str) -> None:
    assert language_of(text) is None


@pytest.mark.parametrize("word", ["hola", "danke", "zoom", "привет", "你好"])
def test_of_one_word_nobody_can_tell(word: str) -> None:
    assert language_of(word) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("por que tengo que volver a autorizar zoom", "es"),
        ("lam sao de ket noi zoom", "vi"),
        ("zoom calismiyor ne yapmaliyim", "tr"),
        ("¿CÓMO CONECTO ZOOM?", "es"),
        ("BAĞLANTI NASIL İPTAL EDİLİR", "tr"),
        ("L’icône n’apparaît pas", "fr"),
        ("Wie verbinde ich Google Calendar mit dem Dashboard?", "de"),
    ],
)
def test_it_is_told_however_it_is_typed(text: str, code: str) -> None:
    assert told(text) == code


def test_a_script_of_no_listed_language_is_foreign_all_the_same() -> None:
    text = "როგორ დავაკავშირო Zoom აქ"
    assert is_foreign(text)
    assert language_of(text) is None


@pytest.mark.parametrize("language", languages().values(), ids=languages())
def test_what_is_said_is_in_the_language_itself_and_short(language: Language) -> None:
    assert language_of(language.says) == language.code
    assert language.name.strip() == language.name != ""
    assert len(language.says) <= 2 * len(ONLY_ENGLISH)
    assert not set(language.says) & set("<>&*_`{}")  # nothing that Slack or HTML would read as markup
    assert (language.code in {"ar", "fa", "he", "ur"}) == language.right_to_left
