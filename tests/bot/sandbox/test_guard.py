"""The sandbox stays on this machine, and its page runs nothing but its own files."""

import pytest
import requests

from bot.sandbox.driver import Driver
from bot.sandbox.errors import SettingError
from bot.sandbox.server import bind
from bot.sandbox.world import make_world


@pytest.mark.parametrize("host", ["sandbox.attacker.example", "192.168.0.7", "", "127.0.0.1.attacker.example"])
def test_a_foreign_host_is_refused(slack: Driver, host: str) -> None:
    for path in ("/", "/sandbox/state", "/api/api.test"):
        assert requests.get(slack.base_url + path, headers={"Host": host}, timeout=5).status_code == 403


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "localhost:8010"])
def test_this_machines_names_are_welcome(slack: Driver, host: str) -> None:
    assert requests.get(f"{slack.base_url}/sandbox/state", headers={"Host": host}, timeout=5).status_code == 200


@pytest.mark.parametrize("origin", ["https://attacker.example", "null", "http://127.0.0.1:1"])
def test_another_sites_post_is_refused(slack: Driver, origin: str) -> None:
    body = {"person": "maya", "channel": slack.dm("maya"), "text": "not me"}
    answer = requests.post(f"{slack.base_url}/sandbox/say", json=body, headers={"Origin": origin}, timeout=5)
    assert answer.status_code == 403
    assert slack.messages("dm", viewer="maya") == []


def test_the_pages_own_post_is_taken(slack: Driver) -> None:
    body = {"person": "maya", "channel": slack.dm("maya"), "text": "me"}
    answer = requests.post(f"{slack.base_url}/sandbox/say", json=body, headers={"Origin": slack.base_url}, timeout=5)
    assert answer.status_code == 200


def test_the_page_allows_no_code_but_its_files(slack: Driver) -> None:
    page = requests.get(slack.base_url, timeout=5)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<style" not in page.text
    assert "onclick" not in page.text
    assert page.text.count("<script") == page.text.count('<script type="module" src="/static/')


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.7", "::"])
def test_it_listens_on_this_machine_only(host: str) -> None:
    with pytest.raises(SettingError, match="may not listen"):
        bind(host)


def test_a_port_in_use_is_named_with_a_remedy() -> None:
    with bind() as first:
        port = first.getsockname()[1]
        with pytest.raises(SettingError, match=f"Port {port} cannot be used") as raised:
            bind(port=port)
        assert raised.value.remedy


def test_tokens_for_an_unknown_workspace_are_refused() -> None:
    with pytest.raises(SettingError, match="hooli"):
        make_world(request_urls={"hooli": "http://127.0.0.1:1"})
