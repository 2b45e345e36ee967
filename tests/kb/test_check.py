from collections.abc import Callable
from pathlib import Path

import pytest

from kb.check import check, find_env_example
from kb.encoder import model_folder
from kb.errors import KbError
from kb.settings import FALLBACK_WORDS
from tests.kb.conftest import Write

GOOD_BODY = """\
## Steps

Open [the page]({INTEGRATIONS_URL}) as {ZOOM_APP_NAME}, or see [below](#steps), [b](/help/b) and
[its heading]({HELP_URL}/help/b?from=a#more-help). Write to [us](mailto:{SUPPORT_EMAIL}).
"""


def front(slug: str, *, title: str = "A title", summary: str = "Short.", count: int = 10, more: str = "") -> str:
    phrasings = "".join(f"\n  - {slug} phrasing number {n}" for n in range(count))
    return f"title: {title}\nsection: S\nreviewed: 2026-01-31\nsummary: {summary}\nquestions:{phrasings}" + (
        more and f"\n{more}"
    )


@pytest.fixture
def example(tmp_path: Path) -> Path:
    path = tmp_path / ".env.example"
    path.write_text("# Comment\n" + "".join(f"{name}=\n" for name in FALLBACK_WORDS))
    return path


@pytest.fixture
def found(folder: Path, example: Path, write: Write) -> Callable[[], list[str]]:
    """Adds two good articles and what is not ours, then gives the findings without the folder's name."""
    write("b", front("b"), "## More help\n\nWords.")
    write("good", front("good"), GOOD_BODY)
    write("not_ours", "questions:" + "".join(f"\n  - foreign {n}" for n in range(60)), "")

    def findings() -> list[str]:
        return [finding.replace(f"{folder}/", "") for finding in check(folder, example).findings]

    return findings


def test_good_articles_have_no_findings(found: Callable[[], list[str]], folder: Path, example: Path) -> None:
    assert found() == []
    checked = check(folder, example)
    assert (checked.articles, checked.phrasings) == (2, 20)


def test_our_own_articles_have_no_findings() -> None:
    assert check().findings == ()


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("Words.\n[x](/help/goood)", 19, "“/help/goood” leads to no article. Remedy: Did you mean “good”?"),
        ("[x]({HELP_URL}/help/zzz)", 18, "“{HELP_URL}/help/zzz” leads to no article. Remedy: Correct it"),
        ("[x](/help/b#more-hlp)", 18, "leads to no heading of b. Remedy: Did you mean “more-help”?"),
        ("[x](#none)", 18, "leads to no heading of a."),
        ("[x](b.md)", 18, "“b.md” leads nowhere. Remedy: Write it as /help/"),
        ("[x](/help/n%C3%B6)", 1, "“/help/nö” leads to no article."),
        ("[x]()", 18, "“” leads nowhere."),
        ("![x](cat.png)", 18, "“cat.png” leads nowhere."),
        ("[x](ftp://x.example)", 18, "is not shown. Remedy: Use an address that starts with https://"),
        ("[x](http://[:.])", 18, "is not shown."),
        (
            "Write to {SUPORT_EMAIL}.",
            18,
            "{SUPORT_EMAIL} is not one that articles can use. Remedy: Did you mean {SUPPORT_EMAIL}?",
        ),
        ("See {SECRET_KEY}.", 18, "The setting {SECRET_KEY} is not one that articles can use."),
        ("Write to {support_email}.", 18, "is not filled in as it stands. Remedy: Write it as {SUPPORT_EMAIL}."),
        ("Write to { SUPPORT_EMAIL }.", 18, "is not filled in as it stands."),
    ],
)
def test_what_leads_nowhere_is_found_with_its_line(
    found: Callable[[], list[str]], write: Write, body: str, line: int, words: str
) -> None:
    write("a", front("a"), body)
    (finding,) = found()
    assert finding.startswith(f"a.md:{line}: ")
    assert words in finding


@pytest.mark.parametrize(
    ("head", "line", "words"),
    [
        (front("a", count=9), 6, "There are 9 phrasings. Remedy: Write at least 10"),
        (front("a", title="x" * 76), 2, "“title” has 76 characters"),
        (front("a", summary="x" * 1501), 5, "“summary” has 1501 characters"),
        (front("a", title="About {ZOOM_APP_NAME}"), 2, "is not filled in within a title"),
        (front("a", more="facts: [connexion_status]"), 17, "Did you mean connection_status?"),
        (front("a", more="actions:\n  - connect_link\n  - dance"), 19, "The known ones are: connect_link, meeting"),
        (front("a", more="actions: [conect_link]"), 17, "“conect_link” is not one of the known actions"),
        (front("a", more="  - A phrasing NUMBER 3!"), 17, "“A phrasing NUMBER 3!” stands twice"),
        (front("a").replace("section: S\n", ""), 1, "“section” is missing"),
        (front("a").replace("reviewed: 2026-01-31\n", ""), 1, "“reviewed” is missing"),
        (front("a").replace("summary: Short.\n", ""), 1, "“summary” is missing"),
        (front("a").replace("summary: Short.", "summary: '{ZOOM_AP_NAME}'"), 5, "Did you mean {ZOOM_APP_NAME}?"),
        (front("a", more="  - B phrasing number 3"), 10, "is claimed by b and by a"),
        (front("a", more="  - Foreign, 7"), 10, "“foreign 7” is also a phrasing of a"),
        (front("a", more="colour: red"), 17, "“colour” is not a known key"),
    ],
)
def test_a_front_matter_that_falls_short_is_found_with_its_line(
    found: Callable[[], list[str]], write: Write, head: str, line: int, words: str
) -> None:
    write("a", head)
    (finding,) = found()
    assert f".md:{line}: " in finding
    assert words in finding
    assert "Remedy: " in finding


def test_all_findings_come_at_once(found: Callable[[], list[str]], write: Write) -> None:
    write("a", front("a", count=2, title="x" * 80), "[x](/help/none) {NO_SUCH}")
    write("c", "title: C")
    assert len(found()) == 5


def test_too_few_questions_that_are_not_ours_are_found(found: Callable[[], list[str]], write: Write) -> None:
    write("not_ours", "questions: [hello, Hello?]", "")
    findings = found()
    assert findings[0].startswith("not_ours.md:2: There are 2 questions.")
    assert "“Hello?” stands twice" in findings[1]


def test_a_missing_list_of_what_is_not_ours_is_found(found: Callable[[], list[str]], folder: Path) -> None:
    (folder / "not_ours.md").unlink()
    (finding,) = found()
    assert finding.startswith("not_ours.md: The file is missing.")


def test_a_broken_list_of_what_is_not_ours_is_found_once(found: Callable[[], list[str]], folder: Path) -> None:
    (folder / "not_ours.md").write_text("questions")
    (finding,) = found()
    assert "The front matter is missing" in finding


def test_a_setting_that_the_example_lacks_is_found(found: Callable[[], list[str]], example: Path) -> None:
    example.write_text("\n".join(f"#{name}=x" for name in FALLBACK_WORDS if name != "ZOOM_APP_NAME"))
    (finding,) = found()
    assert "The setting {ZOOM_APP_NAME} is not in .env.example" in finding
    assert finding.startswith("good.md:20: ")


def test_without_an_example_settings_cannot_be_checked(
    found: Callable[[], list[str]], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.check.find_env_example", lambda: None)
    assert len(found()) == 0
    findings = check(folder).findings
    assert len(findings) == 4
    assert all(".env.example was not found" in finding for finding in findings)


def test_the_example_is_found_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = find_env_example()
    assert found == Path(__file__).resolve().parents[2] / ".env.example"


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KbError, match="is not a folder"):
        check(tmp_path / "none")


def test_an_encoder_that_is_damaged_is_noted(
    found: Callable[[], list[str]], folder: Path, example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    model_folder().mkdir(parents=True)
    assert found() == []
    (note,) = check(folder, example).notes
    assert "encoder.onnx is missing or damaged. The search goes by words alone" in note
