"""The state of the sandbox. It is changed on the server's event loop only."""

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.sandbox import cast
from bot.sandbox.errors import ActionError, SettingError
from bot.sandbox.faults import Faults
from bot.sandbox.manifest import read_manifest
from bot.sandbox.model import (
    ApiCall,
    App,
    Channel,
    Delivery,
    Manifest,
    Message,
    Person,
    Tokens,
    UserGroup,
    View,
    Workspace,
)
from bot.sandbox.records import Prompts, ResponseUrl, Signal, Timing, Trigger
from bot.sandbox.socket_hub import SocketHub

__all__ = ["Timing", "World", "make_world", "now"]


@dataclass
class World:
    """Everything in the sandbox. Who lives in it is fixed; what they say is emptied by `reset`."""

    workspaces: dict[str, Workspace]
    people: dict[str, Person]
    usergroups: tuple[UserGroup, ...]
    apps: dict[str, App]
    timing: Timing
    clock: Callable[[], datetime]
    rate_limits: bool = False
    base_url: str = "http://127.0.0.1"
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[str, list[Message]] = field(default_factory=dict)
    modals: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    statuses: dict[tuple[str, str], str] = field(default_factory=dict)
    prompts: dict[str, Prompts] = field(default_factory=dict)
    calls: list[ApiCall] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    sockets: SocketHub = field(default_factory=SocketHub)
    signal: Signal = field(default_factory=Signal)
    version: int = 0
    running_calls: int = 0
    closing: bool = False
    _last_ts: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forgets every message, view, call and fault. Connected apps stay connected."""
        self.cancel_tasks()
        self.channels = {channel.id: channel for channel in [*cast.channels(), *self._direct_messages()]}
        emptied = (
            self.messages, self.modals, self.homes, self.triggers, self.response_urls,
            self.statuses, self.prompts, self.calls, self.deliveries,
        )  # fmt: skip
        for store in emptied:
            store.clear()
        self.faults.clear()
        self.changed()

    def _direct_messages(self) -> list[Channel]:
        return [
            Channel(
                f"D{p.id[1:]}", p.workspace, p.handle, "im", {p.id, self.apps[p.workspace].bot_user_id}, person=p.id
            )
            for p in self.people.values()
            if not p.is_stranger
        ]

    def changed(self) -> None:
        """Tells the page and waiting tests that something is new."""
        self.version += 1
        self.signal.fire()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs `work` in the background; it is cancelled by `reset` and at shutdown."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def cancel_tasks(self) -> None:
        for task in list(self._tasks):
            task.cancel()

    def close(self) -> None:
        """Ends live pages and background work before the server stops; it closes sockets itself."""
        self.closing = True
        self.cancel_tasks()
        self.changed()

    def next_ts(self) -> str:
        """A message timestamp: unique and rising, in Slack's form (`1700000000.000100`)."""
        self._last_ts = max(self._last_ts + 1, int(self.clock().timestamp() * 1_000_000))
        seconds, micros = divmod(self._last_ts, 1_000_000)
        return f"{seconds}.{micros:06d}"

    def app_of(self, team_id: str) -> App:
        return self.apps[team_id]

    def app_by_token(self, token: str) -> App | None:
        known = (
            app
            for app in self.apps.values()
            if secrets.compare_digest(token.encode(), app.tokens.bot.encode())
            or secrets.compare_digest(token.encode(), app.tokens.app.encode())
        )
        return next(known, None)

    def connected(self, team_id: str) -> bool:
        app = self.apps[team_id]
        return app.request_url is not None or self.sockets.count(app.app_id) > 0

    def person(self, name: str) -> Person:
        """A person by id or handle. Raises ActionError, which names everyone there is."""
        for person in self.people.values():
            if name in (person.id, person.handle):
                return person
        known = ", ".join(person.handle for person in self.people.values())
        raise ActionError(f"Nobody here is called {name!r}.", field="person", remedy=f"Use one of {known}.")

    def workspace(self, name: str) -> Workspace:
        """A workspace by id or domain."""
        for workspace in self.workspaces.values():
            if name in (workspace.id, workspace.domain):
                return workspace
        known = ", ".join(workspace.domain for workspace in self.workspaces.values())
        raise ActionError(f"There is no workspace {name!r}.", field="team", remedy=f"Use one of {known}.")

    def direct_message(self, person: Person) -> Channel:
        """The person's direct message with the app."""
        if channel := self.channels.get(f"D{person.id[1:]}"):
            return channel
        raise ActionError(f"{person.name} is external and has no direct message with the app.", field="channel")

    def channels_of(self, person: Person) -> list[Channel]:
        return [channel for channel in self.channels.values() if person.id in channel.members]

    def new_trigger(self, team_id: str, user: str) -> str:
        trigger = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**13)}.{secrets.token_hex(16)}"
        self.triggers[trigger] = Trigger(team_id, user, self.clock())
        return trigger

    def new_response_url(self, kind: str, target: ResponseUrl) -> str:
        path = f"/hooks/{kind}/{target.team_id}/{secrets.randbelow(10**13)}/{secrets.token_hex(12)}"
        self.response_urls[path] = target
        return self.base_url + path


def now() -> datetime:
    """The time, aware; the only place where the sandbox reads it."""
    return datetime.now(UTC)


def make_world(
    tokens: Mapping[str, Tokens] | None = None,
    *,
    manifest: Path | Mapping[str, Any] | None = None,
    request_urls: Mapping[str, str] | None = None,
    timing: Timing | None = None,
    rate_limits: bool = False,
    clock: Callable[[], datetime] = now,
) -> World:
    """Makes a world with its cast and no messages.

    `tokens` and `request_urls` go by workspace domain ("acme") or id; tokens left out are made at
    random; a workspace with a request URL gets its events by signed HTTP. `manifest` is a YAML file
    or its content (None: the product's). `clock` gives aware times.
    """
    what = read_manifest(manifest)
    known = {key for workspace in cast.WORKSPACES for key in (workspace.id, workspace.domain)}
    for name, given in (("tokens", tokens), ("request_urls", request_urls)):
        for key in given or {}:
            if key not in known:
                raise SettingError(f"{name} names a workspace {key!r}, which is not here.", field=name,
                                   remedy="Use acme, globex or retain.")  # fmt: skip
    return World(
        workspaces={workspace.id: workspace for workspace in cast.WORKSPACES},
        people={person.id: person for person in cast.PEOPLE},
        usergroups=cast.USERGROUPS,
        apps={w.id: _install(w, what, tokens or {}, request_urls or {}) for w in cast.WORKSPACES},
        timing=timing or Timing(),
        clock=clock,
        rate_limits=rate_limits,
    )


def _install(workspace: Workspace, manifest: Manifest, tokens: Mapping[str, Tokens], urls: Mapping[str, str]) -> App:
    suffix = workspace.id[2:]
    return App(
        team_id=workspace.id,
        app_id=f"A0{suffix}",
        bot_id=f"B0{suffix}",
        bot_user_id=f"U0BOT{suffix}",
        tokens=tokens.get(workspace.domain) or tokens.get(workspace.id) or Tokens.random(),
        manifest=manifest,
        request_url=urls.get(workspace.domain) or urls.get(workspace.id),
    )
