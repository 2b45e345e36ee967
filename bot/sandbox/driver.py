"""A whole Slack for one test: `with running_sandbox() as slack: …`"""

import asyncio
import copy
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from typing import Any, TypeVar

from bot.sandbox import actions, cast, events, forms, http_mode, messages, picture
from bot.sandbox.driver_base import PATIENCE
from bot.sandbox.driver_changes import DriverChanges
from bot.sandbox.model import ApiCall, Delivery, Json, Message, Person, Tokens, View
from bot.sandbox.reading import readable
from bot.sandbox.records import Timing
from bot.sandbox.server import Server, bind, make_server
from bot.sandbox.world import World, make_world
from kb.clock import Clock, real_clock

T = TypeVar("T")
Match = str | Callable[[Message], bool]
# Short enough for tests; an acknowledgement still has time on a busy machine.
FAST = Timing(ack=1.0, retries=(0.0, 0.1, 0.2), disconnect=1.0)


class Driver(DriverChanges):
    """Slack's people, from Python. All methods may be called from any thread.

    People are named by handle or id ("maya"), workspaces by domain or id ("acme"), channels by id, by
    "#name" (in the person's workspace) or as "dm" (the person's direct message with the app). What is
    returned is a copy: it does not change under the test.
    """

    def __init__(self, world: World, loop: asyncio.AbstractEventLoop) -> None:
        self.world, self._loop = world, loop

    # -- what a person does ----------------------------------------------------------------------

    def say(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> Message:
        """Types a message and sends it; "@Retain" mentions the app."""
        return self._do(lambda who: actions.say(self.world, who, self._at(channel, who), text, thread_ts), user)

    def command(self, user: str, channel: str, name: str, text: str = "") -> None:
        """Runs a slash command and waits until the app has acknowledged it (or failed to)."""
        person = self.world.person(user)
        self.run(actions.command(self.world, person, self._at(channel, person), name, text))

    def click(self, user: str, where: Message | View, control: str, value: Any = None) -> bool:
        """Presses a control, found by action id or label; `value` is what to choose in a menu.

        Waits for the acknowledgement; False when none came.
        """
        return self.run(self._click(self.world.person(user), where, control, value))

    def shortcut(self, user: str, message: Message | None, callback_id: str) -> bool:
        """Uses a shortcut (by callback id or name) on a message, or a global one with None."""
        person = self.world.person(user)
        live = self._live_message(message) if message else None
        return self.run(actions.shortcut(self.world, person, callback_id, live))

    def submit(self, user: str, view: View, values: Mapping[str, Any] | None = None) -> View | None:
        """Fills a modal (by label, action id or block id) and submits it; returns the modal then on top."""
        return self.run(self._submit(self.world.person(user), view, values or {}))

    def close_modal(self, user: str) -> None:
        self.run(actions.close(self.world, self.world.person(user)))

    def open_home(self, user: str, tab: str = "home") -> None:
        """Opens the app's Home tab ("home") or its Messages tab ("messages")."""
        self._do(lambda person: actions.open_home(self.world, person, tab), user)

    def edit(self, user: str, message: Message, text: str) -> Message:
        return self._do(lambda person: actions.change(self.world, person, self._live_message(message), text), user)

    def delete(self, message: Message) -> None:
        self.call(lambda: messages.remove(self.world, self._live_message(message)))

    def join(self, user: str, channel: str) -> Message:
        return self._do(lambda person: actions.join(self.world, person, self.world.channels[channel]), user)

    def other_bot_says(self, channel: str, text: str) -> Message:
        """Another app's bot posts in a channel (by id)."""
        return self.call(lambda: actions.other_bot(self.world, self.world.channels[channel], text))

    def send_event(self, team: str, event: Json) -> str:
        """Sends any event to the app of a workspace; returns the event's id."""
        return self.call(lambda: events.send(self.world, self.app(team), event))

    def verify_request_url(self, team: str = "acme") -> bool:
        """Slack's `url_verification` of an app in HTTP mode."""
        return self.run(http_mode.verify_url(self.world, self.app(team)))

    # -- what a person sees ----------------------------------------------------------------------

    def messages(self, channel: str, viewer: str | None = None) -> list[Message]:
        """A channel's messages; with `viewer` also the ephemeral ones that person sees."""
        return self.call(lambda: self._messages(channel, viewer))

    def picture(self, user: str) -> Json:
        """Everything on a person's screen, as the chat page draws it."""
        person = self.world.person(user)
        return self.call(lambda: picture.picture(self.world, person))

    def home(self, user: str) -> View | None:
        person = self.world.person(user)
        return self.call(lambda: self.world.homes.get(person.id))

    def modal(self, user: str) -> View | None:
        person = self.world.person(user)
        return self.call(lambda: actions.top_modal(self.world, person))

    @property
    def calls(self) -> list[ApiCall]:
        """Every Web API call so far (and answers to response URLs, as method "response_url")."""
        return self.call(lambda: self.world.calls)

    def calls_of(self, method: str) -> list[ApiCall]:
        return [call for call in self.calls if call.method == method]

    @property
    def deliveries(self) -> list[Delivery]:
        """Every attempt to hand something to an app, with its outcome."""
        return self.call(lambda: self.world.deliveries)

    # -- waiting ---------------------------------------------------------------------------------

    def wait_for_message(
        self,
        channel: str,
        match: Match | None = None,
        timeout: float = PATIENCE,
        *,
        viewer: str | None = None,
        from_apps: bool = True,
    ) -> Message:
        """The newest message whose texts contain `match` (or for which it is true).

        Looks at apps' messages only, unless `from_apps` is False. "dm" and "#name" need `viewer`.
        """

        def look() -> Message | None:
            found = reversed(self._messages(channel, viewer))
            return next((m for m in found if (m.bot_id or not from_apps) and _matches(m, match)), None)

        return self.wait_for(look, f"a message {match!r} in {channel}", timeout)

    def wait_for_home(self, user: str, text: str = "", timeout: float = PATIENCE) -> View:
        person = self.world.person(user)

        def look() -> View | None:
            view = self.world.homes.get(person.id)
            return view if view and text in readable(view.blocks) else None

        return self.wait_for(look, f"the App Home of {user} with {text!r}", timeout)

    def wait_for_modal(self, user: str, title: str = "", timeout: float = PATIENCE) -> View:
        person = self.world.person(user)

        def look() -> View | None:
            view = actions.top_modal(self.world, person)
            return view if view and title in view.title else None

        return self.wait_for(look, f"a modal {title!r} for {user}", timeout)

    def wait_until_connected(self, team: str = "acme", timeout: float = PATIENCE) -> None:
        """Waits until the app of a workspace has a socket open (or a request URL)."""
        team_id = self.world.workspace(team).id
        self.wait_for(lambda: self.world.connected(team_id) or None, f"the app of {team} to connect", timeout)

    def wait_until_idle(self, quiet: float = 0.3, timeout: float = PATIENCE) -> None:
        """Waits until every delivery has ended, no call runs and nothing changed for `quiet` seconds."""
        self.run(self._idle(quiet, timeout), timeout + PATIENCE)

    def _do(self, work: Callable[[Person], T], user: str) -> T:
        person = self.world.person(user)
        return self.call(lambda: work(person))

    def _messages(self, channel: str, viewer: str | None) -> list[Message]:
        person = self.world.person(viewer) if viewer else None
        return messages.visible(self.world, self._at(channel, person).id, person.id if person else None)

    async def _click(self, person: Person, shown: Message | View, name: str, value: Any) -> bool:
        where: Message | View = self._live_message(shown) if isinstance(shown, Message) else self._live_view(shown)
        return await actions.click(self.world, person, where, actions.control_named(where, name), value)

    async def _submit(self, person: Person, shown: View, values: Mapping[str, Any]) -> View | None:
        view = self._live_view(shown)
        return copy.deepcopy(await actions.submit(self.world, person, view, forms.fill(view, values)))


def _matches(message: Message, match: Match | None) -> bool:
    if match is None or callable(match):
        return match is None or match(message)
    return match in message.text or match in readable(message.blocks)


@contextmanager
def running_sandbox(
    *,
    tokens: Mapping[str, Tokens] | None = None,
    installed: Iterable[str] = cast.INSTALLED,
    manifest: Path | Mapping[str, Any] | None = None,
    request_urls: Mapping[str, str] | None = None,
    timing: Timing = FAST,
    rate_limits: bool = False,
    clock: Clock = real_clock,
    port: int = 0,
) -> Iterator[Driver]:
    """A sandbox on a free port of this machine, in a thread of its own, until the block ends.

    Its waiting times are short ones (`FAST`); give `Timing()` for Slack's. The rest as in `make_world`.
    """
    world = make_world(
        tokens,
        installed=installed,
        manifest=manifest,
        request_urls=request_urls,
        timing=timing,
        rate_limits=rate_limits,
        clock=clock,
    )
    listening = bind(port=port)
    server = make_server(world, listening)
    loops: Queue[asyncio.AbstractEventLoop] = Queue()
    thread = threading.Thread(target=_serve, args=(server, listening, loops), name="slack-sandbox", daemon=True)
    thread.start()
    try:
        yield Driver(world, loops.get(timeout=PATIENCE))
    finally:
        server.should_exit = True
        thread.join(2 * PATIENCE)


def _serve(server: Server, listening: socket.socket, loops: "Queue[asyncio.AbstractEventLoop]") -> None:
    async def serving() -> None:
        loops.put(asyncio.get_running_loop())
        await server.serve(sockets=[listening])

    asyncio.run(serving())
