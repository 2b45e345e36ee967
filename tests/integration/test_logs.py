import json
import logging
import sys

from integration.logs import OneLine, request_id


def record(**changes: object) -> logging.LogRecord:
    return logging.makeLogRecord({"name": "integration.x", "levelname": "INFO", "msg": "said", **changes})


def test_a_record_is_one_line_even_when_its_words_are_not() -> None:
    line = OneLine().format(record(msg="one\ntwo %s", args=("three\r\nfour",)))
    assert "\n" not in line
    assert json.loads(line)["message"] == "one\ntwo three\r\nfour"


def test_what_was_added_and_the_request_id_are_in_the_line() -> None:
    token = request_id.set("abc")
    line = json.loads(OneLine().format(record(status=204)))
    request_id.reset(token)
    assert (line["status"], line["request_id"], line["level"]) == (204, "abc", "INFO")


def test_an_error_brings_its_traceback_in_the_same_line() -> None:
    try:
        raise KeyError("missing")
    except KeyError:
        line = OneLine().format(record(exc_info=sys.exc_info()))
    assert "\n" not in line
    assert "KeyError: 'missing'" in json.loads(line)["error"]
