import pytest

from kb.languages import is_foreign


@pytest.mark.parametrize(
    "text",
    [
        "¿Cómo puedo conectar Zoom con Retain?",
        "Wie kann ich Zoom mit Retain verbinden?",
        "Comment est-ce que je peux connecter Zoom ?",
        "Perché non posso collegare Zoom?",
        "如何连接 Zoom",
        "Как подключить Zoom?",
    ],
)
def test_other_languages_are_told_from_english(text: str) -> None:
    assert is_foreign(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "zoom",
        "How do I connect Zoom to Retain?",
        "the meeting with the café owner in São Paulo was shorter",
        "why",
        "comment on the connection",
        "12345",
    ],
)
def test_english_is_not_taken_for_another_language(text: str) -> None:
    assert not is_foreign(text)
