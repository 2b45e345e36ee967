"""What a check finds by asking phrasings while they are hidden."""

from kb.calibrating import calibrate_folder
from kb.held_out import told_apart
from kb.library import load_library
from tests.kb.conftest import NO_ENCODER, Write
from tests.kb.libraries import DOUBLE, NOT_OURS, TOPICS, write_topics


def test_articles_that_can_be_told_apart_give_no_findings(write: Write) -> None:
    assert told_apart(load_library(write_topics(write, TOPICS, NOT_OURS))).findings == ()
    assert told_apart(load_library()).findings == ()


def test_an_article_that_reads_like_another_is_a_finding_with_file_and_remedy(write: Write) -> None:
    findings = told_apart(load_library(write_topics(write, DOUBLE))).findings
    assert findings
    assert all("rooms" in finding and ".md: " in finding and "Remedy: " in finding for finding in findings)


def test_a_phrasing_that_another_article_would_be_sent_is_named_with_its_line_and_that_article(write: Write) -> None:
    astray = "When is the library open on a Sunday morning?"
    topics = TOPICS | {"fines": [*TOPICS["fines"], astray]}
    folder = write_topics(write, topics)
    (note,) = [note for note in told_apart(load_library(folder)).notes if astray in note]
    line = (folder / "fines.md").read_text("utf-8").splitlines().index(f'  - "{astray}"') + 1
    assert f"fines.md:{line}: " in note
    assert "would find hours" in note


@NO_ENCODER
def test_a_changed_phrasing_makes_the_stored_calibration_a_finding_until_it_is_found_anew(write: Write) -> None:
    folder = write_topics(write, TOPICS)
    calibrate_folder(folder)
    write_topics(write, TOPICS | {"hours": [*TOPICS["hours"], "When does the door open?"]})
    (finding,) = told_apart(load_library(folder)).findings
    assert "calibration.json: " in finding
    assert "out of date. Run: python -m kb calibrate" in finding
    calibrate_folder(folder)
    assert told_apart(load_library(folder)).findings == ()


def test_without_the_encoder_the_remedy_names_it_first(write: Write, no_encoder: None) -> None:
    folder = write_topics(write, TOPICS)
    calibrate_folder(folder)  # by words alone
    (finding,) = told_apart(load_library(folder)).findings
    assert "by words and meaning is out of date. Run: python -m kb model install, and then: python -m kb cal" in finding


def test_a_damaged_calibration_is_a_finding(write: Write) -> None:
    folder = write_topics(write, TOPICS)
    (folder / "calibration.json").write_text("<<<<<<< HEAD", "utf-8")
    (finding,) = told_apart(load_library(folder)).findings
    assert "calibration.json: It is damaged. Run: python -m kb " in finding
