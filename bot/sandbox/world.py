"""The state of the sandbox. It is changed on the server's event loop only."""

import asyncio
import secrets
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

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
    Registration,
    Tokens,
    UserGroup,
    View,
    Workspace,
)
from bot.sandbox.records import Code, Prompts, ResponseUrl, Signal, Timing, Trigger
from bot.sandbox.socket_hub import SocketHub
from kb.clock import Clock, real_clock

__all__ = ["Timing", "World", "bot_user_of", "install", "make_world"]

T = TypeVar("T")


@dataclass
class World:
    """Everything in the sandbox. `reset` brings back who lives in it, and empties what they said.

    `apps` holds the one app's installations, by workspace; `links` are offered on the page: words and addresses.
    """

    workspaces: dict[str, Workspace]
    usergroups: tuple[UserGroup, ...]
    manifest: Manifest
    registration: Registration
    timing: Timing
    clock: Clock
    rate_limits: bool = False
    base_url: str = "http://127.0.0.1"
    links: tuple[tuple[str, str], ...] = ()
    apps: dict[str, App] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
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
        """Forgets every message, view, call and fault, and what became of people. Connected apps stay connected."""
        self.cancel_tasks()
        self.people = {person.id: person for person in cast.PEOPLE}
        self.channels = {channel.id: channel for channel in [*cast.channels(), *self._direct_messages()]}
        emptied = (
            self.messages, self.modals, self.homes, self.triggers, self.response_urls,
            self.statuses, self.prompts, self.calls, self.deliveries, self.codes,
        )  # fmt: skip
        for store in emptied:
            store.clear()
        self.faults.clear()
        self.changed()

    def _direct_messages(self) -> list[Channel]:
        return [direct_message_of(person) for person in self.people.values() if not person.is_stranger]

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
        """The app as installed in a workspace. Raises ActionError where it is not."""
        if app := self.apps.get(team_id):
            return app
        where = self.workspaces[team_id].name
        raise ActionError(f"{self.manifest.name} is not installed in {where}.", field="team",
                          remedy="Install it there first.")  # fmt: skip

    def request_url(self, app: App) -> str | None:
        """Where the app takes what happens in this workspace by signed HTTP; None: it is told over a socket."""
        return app.request_url or self.registration.request_url

    def connected(self, team_id: str) -> bool:
        """Whether the app is installed in a workspace and can be told what happens there."""
        app = self.apps.get(team_id)
        return app is not None and (self.request_url(app) is not None or self.sockets.count(team_id) > 0)

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
        """Where the person can talk: with the app only while it is installed."""
        there = [channel for channel in self.channels.values() if person.id in channel.members]
        return [channel for channel in there if channel.kind == "channel" or channel.team_id in self.apps]

    def new_trigger(self, team_id: str, user: str) -> str:
        trigger = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**13)}.{secrets.token_hex(16)}"
        self.triggers[trigger] = Trigger(team_id, user, self.clock())
        return trigger

    def new_response_url(self, kind: str, target: ResponseUrl) -> str:
        path = f"/hooks/{kind}/{target.team_id}/{secrets.randbelow(10**13)}/{secrets.token_hex(12)}"
        self.response_urls[path] = target
        return self.base_url + path


def make_world(
    tokens: Mapping[str, Tokens] | None = None,
    *,
    installed: Iterable[str] = cast.INSTALLED,
    registration: Registration | None = None,
    manifest: Path | Mapping[str, Any] | None = None,
    request_urls: Mapping[str, str] | None = None,
    timing: Timing | None = None,
    rate_limits: bool = False,
    clock: Clock = real_clock,
) -> World:
    """Makes a world with its cast and no messages.

    `tokens`, `request_urls` and `installed` go by workspace domain ("acme") or id; tokens left out are made at
    random; a workspace with a request URL gets its events by signed HTTP. `manifest` is a YAML file
    or its content (None: the product's). `clock` gives aware times.
    """
    known = {key for workspace in cast.WORKSPACES for key in (workspace.id, workspace.domain)}
    installed = tuple(installed)
    for name, given in (("tokens", tokens), ("request_urls", request_urls), ("installed", installed)):
        for key in given or {}:
            if key not in known:
                raise SettingError(f"{name} names a workspace {key!r}, which is not here.", field=name,
                                   remedy="Use acme, globex, retain or initech.")  # fmt: skip
    world = World(
        workspaces={workspace.id: workspace for workspace in cast.WORKSPACES},
        usergroups=cast.USERGROUPS,
        manifest=read_manifest(manifest),
        registration=registration or Registration.random(),
        timing=timing or Timing(),
        clock=clock,
        rate_limits=rate_limits,
    )
    for workspace in cast.WORKSPACES:
        if {workspace.id, workspace.domain}.intersection(installed):
            app = install(world, workspace.id, _of(workspace, tokens or {}))
            app.request_url = _of(workspace, request_urls or {})
    return world


def install(world: World, team_id: str, tokens: Tokens | None = None, optional: frozenset[str] | None = None) -> App:
    """Installs the app in a workspace, with these tokens or new ones and the `optional` scopes (None: all of them).

    Where it is installed already only its scopes change.
    """
    scopes = world.manifest.scopes | (world.manifest.optional if optional is None else optional)
    if team_id not in world.apps:
        made = tokens or Tokens.random()
        world.apps[team_id] = App(team_id, f"B0{team_id[2:]}", bot_user_of(team_id), made, world.manifest, scopes)
    world.apps[team_id].scopes = scopes
    world.changed()
    return world.apps[team_id]


def bot_user_of(team_id: str) -> str:
    """The id of the app's bot user in a workspace."""
    return f"U0BOT{team_id[2:]}"


def direct_message_of(person: Person) -> Channel:
    """The direct message of a person with the app, before anything was said in it."""
    members = {person.id, bot_user_of(person.workspace)}
    return Channel(f"D{person.id[1:]}", person.workspace, person.handle, "im", members, person=person.id)


def _of(workspace: Workspace, given: Mapping[str, T]) -> T | None:
    return given.get(workspace.domain) or given.get(workspace.id)
