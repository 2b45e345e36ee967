"""The stand-in as a process: its settings, this machine only, and what lasts over a restart."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from integration.zoom.sandbox import memory, server
from integration.zoom.sandbox.driver import ZoomStandIn
from integration.zoom.sandbox.errors import NotPossible
from integration.zoom.sandbox.world import App, World
from tests.conftest import ROOT
from tests.integration.zoom.sandbox.conftest import Program
from tests.support.zoom import running_zoom

ENVIRONMENT = {
    "ZOOM_CLIENT_ID": "an-id",
    "ZOOM_CLIENT_SECRET": "a-client-secret",
    "ZOOM_WEBHOOK_SECRET": "a-webhook-secret",
    "ZOOM_WEBHOOK_URL": "http://127.0.0.1:1/webhooks/zoom",
    "PUBLIC_URL": "http://localhost:8000/",
}


@contextmanager
def process(port: int, kept: Path) -> Iterator[str]:
    """Runs until the block ends, and then as Ctrl-C ends it."""
    command = [sys.executable, "-m", "integration.zoom.sandbox", "--port", str(port), "--kept", str(kept)]
    running = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **ENVIRONMENT}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        with requests.Session() as waiting:
            waiting.mount(
                "http://", HTTPAdapter(max_retries=Retry(total=None, connect=300, backoff_factor=0.1, backoff_max=0.1))
            )
            assert waiting.get(f"http://127.0.0.1:{port}/state", timeout=10).ok
        yield f"http://127.0.0.1:{port}"
    finally:
        running.send_signal(signal.SIGINT)
        printed, _ = running.communicate(timeout=15)
    assert printed == b""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_process_keeps_its_tokens_over_a_restart(tmp_path: Path) -> None:
    kept, port = tmp_path / "zoom.json", free_port()
    app = App.from_env(ENVIRONMENT)
    program = Program(ZoomStandIn(World(app)), requests.Session())
    program.http.trust_env = False
    with process(port, kept) as url:
        program.zoom.world.base_url = url
        callback = "http://localhost:8000/oauth/zoom/callback"
        code = program.zoom.authorize_as("jonas", program.consent_url({"redirect_uri": callback})).partition("code=")[2]
        pair = program.exchange(code.partition("&")[0], redirect_uri=callback).json()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    with process(port, kept):
        assert program.get(pair, "/users/me").json()["email"] == "jonas@acme.example"
        assert program.refresh(pair).ok
        assert program.refresh(pair).status_code == 400
    program.http.close()


def test_what_was_uninstalled_stays_so_over_a_restart(tmp_path: Path) -> None:
    kept, before = tmp_path / "zoom.json", World(App.from_env(ENVIRONMENT))
    jonas = before.user("jonas")
    first = before.tokens.authorize(jonas)
    before.tokens.refresh(first.refresh)
    before.uninstall(jonas.account)
    memory.save(before, kept)
    after = World(App.from_env(ENVIRONMENT))
    memory.load(after, kept)
    assert after.tokens.live() == []
    assert after.installations(jonas.account) == []


@pytest.mark.parametrize("text", ["", "[]", '{"grants": [{"user": "nobody"}]}', json.dumps({"grants": [{}]})])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    kept = tmp_path / "zoom.json"
    kept.write_text(text)
    with pytest.raises(NotPossible, match="Delete it"):
        memory.load(World(App.from_env({})), kept)


def test_settings_come_from_the_environment() -> None:
    app = App.from_env(ENVIRONMENT)
    assert app.accepts("an-id", "a-client-secret")
    assert not app.accepts("an-id", "a-webhook-secret")
    assert app.redirect_uri == "http://localhost:8000/oauth/zoom/callback"
    assert (app.webhook_url, app.name) == ("http://127.0.0.1:1/webhooks/zoom", "Retain")


def test_without_settings_secrets_are_random() -> None:
    one, other = App.from_env({}), App.from_env({})
    assert len({one.client_id, one.client_secret, one.webhook_secret, other.client_secret, other.webhook_secret}) == 5
    assert (one.redirect_uri, one.webhook_url) == (None, None)


def test_a_port_that_is_taken_is_named() -> None:
    with running_zoom() as zoom:
        port = int(zoom.oauth_url.rpartition(":")[2])
        with pytest.raises(NotPossible, match=f"Port {port} cannot be used"):
            server.bind(port)


def test_it_takes_nothing_from_other_sites_and_answers_to_this_machine_s_names(
    zoom: ZoomStandIn, program: Program
) -> None:
    post = f"{zoom.oauth_url}/faults/on"
    foreign = program.http.post(post, data={"kind": "slow"}, headers={"Origin": "https://evil.example"}, timeout=10)
    assert foreign.status_code == 403
    own = program.http.post(post, data={"kind": "slow"}, headers={"Origin": zoom.oauth_url}, timeout=10)
    assert own.ok
    rebound = program.http.get(zoom.oauth_url, headers={"Host": "evil.example"}, timeout=10)
    assert rebound.status_code == 403


def test_a_fresh_account_can_be_added(zoom: ZoomStandIn, program: Program) -> None:
    owner = zoom.add_account("hooli")
    assert zoom.add_account("hooli") == owner
    me = program.get(zoom.connect(owner), "/users/me").json()
    assert (me["email"], me["role_name"]) == ("owner@hooli.example", "Owner")
    with pytest.raises(NotPossible, match="nobody"):
        zoom.connect("somebody")
