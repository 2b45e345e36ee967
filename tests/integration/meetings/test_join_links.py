"""Zoom's join links, as calendars and people write them."""

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.meetings.join_links import find_link, meeting_of

ID = "93201235621"
LINK = f"https://us02web.zoom.us/j/{ID}?pwd=abc"


@pytest.mark.parametrize(
    "host",
    [
        "zoom.us",
        "us02web.zoom.us",
        "acme-corp.zoom.us",
        "zoom.com",
        "app.zoom.com",
        "zoomgov.com",
        "www.zoomgov.com",
        "zoom.com.cn",
    ],
)
def test_any_host_of_zoom_s_will_do(host: str) -> None:
    assert meeting_of(f"https://{host}/j/{ID}") == ID
    assert meeting_of(f"HTTPS://{host.upper()}:443/j/{ID}#success") == ID
    assert meeting_of(f"{host}/j/{ID}") == ID


@pytest.mark.parametrize(
    "link",
    [
        f"https://notzoom.us/j/{ID}",
        f"https://zoom.us.evil.example/j/{ID}",
        f"https://zoom.us@evil.example/j/{ID}",
        f"https://zoom.com.cn.evil.example/j/{ID}",
        f"https://zoom.com.co/j/{ID}",
        f"https://evil.example/zoom.us/j/{ID}",
        f"https://evil.example?zoom.us/j/{ID}",
        f"https://zoom.us\\.evil.example/j/{ID}",
        f"https://meet.google.com/j/{ID}",
        f"someone@zoom.us/j/{ID}",
    ],
)
def test_what_only_looks_like_zoom_s_host_is_none(link: str) -> None:
    assert meeting_of(link) is None


@pytest.mark.parametrize("path", ["j/{}", "s/{}", "w/{}", "wc/join/{}", "wc/{}/join", "wc/{}/start", "j/{}?pwd=a.1"])
def test_each_path_that_carries_an_id(path: str) -> None:
    assert meeting_of("https://zoom.us/" + path.format(ID)) == ID


@pytest.mark.parametrize("path", ["", "j/", "j/1234", "j/123456789012", "my/", "rec/share/abc", "pricing", "meeting"])
def test_a_path_without_a_meeting_is_none(path: str) -> None:
    assert meeting_of(f"https://zoom.us/{path}") is None


def test_a_personal_link_keeps_its_name_in_lower_case() -> None:
    assert meeting_of("https://acme.zoom.us/my/Jonas.Weber?pwd=x") == "my/jonas.weber"
    assert meeting_of("my/Jonas") == "my/jonas"
    assert find_link({"location": "Join at zoom.us/my/jonas."}) == find_link({"location": "zoom.us/my/jonas"})


@pytest.mark.parametrize(
    "typed",
    [
        ID,
        "932 0123 5621",
        "932-0123-5621",
        " 932\u00a00123\u20115621 ",
        "932 012 35621",
        "https://zoom.us/j/932 0123 5621",
        "https://zoom.us/j/932-0123-5621",
        "https://zoom.us/j/932%200123%205621",
    ],
)
def test_ids_are_typed_with_spaces_and_hyphens(typed: str) -> None:
    assert meeting_of(typed) == ID


@pytest.mark.parametrize("typed", ["123456789", "1234567890", "12345678901"])
def test_ids_have_nine_to_eleven_digits(typed: str) -> None:
    assert meeting_of(typed) == typed
    assert meeting_of(f"https://zoom.us/j/{typed} 2026") == typed
    assert meeting_of(typed[:8]) is None
    assert meeting_of(f"{typed}000") is None


@pytest.mark.parametrize("typed", ["", "hello", "4444AAAiAAAAAiAiAiiAii==", "٩٣٢٠١٢٣٥٦٢١"])
def test_anything_else_is_none(typed: str) -> None:
    assert meeting_of(typed) is None


@pytest.mark.parametrize(
    "wrapped",
    [
        f"https://www.google.com/url?q={LINK}&sa=D&source=calendar",
        f"https://www.google.com/url?q={quote(LINK, safe='')}&sa=D&source=calendar",
        f"https://nam02.safelinks.protection.outlook.com/?url={quote(LINK, safe='')}&data=05",
        f"https://urldefense.com/v3/__{LINK}__;!!abc$",
        f"https://a.example/?u={quote(f'https://b.example/?u={quote(LINK)}', safe='')}",
        f"<{LINK}|{LINK}>",
    ],
)
def test_a_wrapped_link_is_unwrapped(wrapped: str) -> None:
    assert meeting_of(wrapped) == ID


def test_html_is_read_in_its_attributes_and_in_its_text() -> None:
    href = '<p>Join<br><a href="https://zoom.us/j/93201235621?pwd=a&amp;from=b">here</a></p>'
    found = find_link({"description": href})
    assert found is not None
    assert found.url == "https://zoom.us/j/93201235621?pwd=a&from=b"
    for text in (f"<span>{LINK}</span>", f"https://zoom.us/j/<wbr>{ID}", f"&lt;{LINK}&gt;", f"Join: ({LINK})."):
        found = find_link({"description": text})
        assert found is not None
        assert found.meeting_id == ID


def test_the_conference_comes_before_the_location_and_that_before_the_description() -> None:
    def link(meeting: str) -> str:
        return f"https://zoom.us/j/{meeting}"

    entries = [
        {"entryPointType": "phone", "uri": "tel:+1-555-0100"},
        {"entryPointType": "more", "uri": link("111111111")},
        {"entryPointType": "video", "uri": link("222222222")},
    ]
    event: dict[str, Any] = {
        "conferenceData": {"entryPoints": entries},
        "location": f"Room 4, {link('333333333')}",
        "description": link("444444444"),
    }
    for name, expected in (("conferenceData", "222222222"), ("location", "333333333"), ("description", "444444444")):
        found = find_link(event)
        assert found is not None
        assert found.meeting_id == expected
        del event[name]
    assert find_link(event) is None


def test_a_conference_elsewhere_does_not_hide_the_link_in_the_location() -> None:
    meet = {"entryPoints": [{"entryPointType": "video", "uri": "https://meet.google.com/abc-defg-hij"}]}
    found = find_link({"conferenceData": meet, "location": LINK})
    assert found is not None
    assert found.meeting_id == ID


def test_the_passcode_stays_out_of_a_repr() -> None:
    assert "abc" not in repr(find_link({"location": LINK}))


ODD = st.text(alphabet="zom.us/j:?%&<>\"'= 0123456789-htps@\u00a0my", max_size=60)


@given(st.one_of(st.text(), ODD, ODD.map(lambda text: f"https://zoom.us/{text}")))
def test_no_text_makes_it_raise(text: str) -> None:
    found = meeting_of(text)
    assert found is None or found.isdigit() or found.startswith("my/")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | ODD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["entryPoints", "uri"]), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["conferenceData", "location", "description"]), JSON))
def test_no_shape_of_an_event_makes_it_raise(event: dict[str, Any]) -> None:
    find_link(event)
