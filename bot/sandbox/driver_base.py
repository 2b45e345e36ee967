"""The driver's footing: the bridge to the server's thread, names, addresses, faults."""

import asyncio
import copy
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from bot.sandbox import messages
from bot.sandbox.errors import ActionError, WaitError
from bot.sandbox.faults import Hold
from bot.sandbox.model import App, Channel, Message, Person, Registration, View
from bot.sandbox.world import World

T = TypeVar("T")
PATIENCE = 15.0  # seconds: a slow machine is no failing test


class DriverBase:
    """Where things are, and how to reach them from any thread."""

    def __init__(self, world: World, loop: asyncio.AbstractEventLoop) -> None:
        self.world, self._loop = world, loop

    @property
    def base_url(self) -> str:
        return self.world.base_url

    @property
    def api_url(self) -> str:
        """What `SLACK_API_URL` must be."""
        return f"{self.base_url}/api/"

    @property
    def signing_secret(self) -> str:
        """What requests are signed with: the app's own, for all workspaces."""
        return self.world.registration.signing_secret

    @property
    def faults(self) -> "DriverFaults":
        return DriverFaults(self)

    def app(self, team: str = "acme") -> App:
        """The app as installed in a workspace; set its `request_url` to reach it by signed HTTP."""
        return self.world.app_of(self.world.workspace(team).id)

    @property
    def registration(self) -> Registration:
        """The app as registered at Slack, for bots that serve several workspaces; set its addresses to be reached."""
        return self.world.registration

    def bot_token(self, team: str = "acme") -> str:
        return self.app(team).tokens.bot

    def app_token(self, team: str = "acme") -> str:
        """The app-level token whose connections hear this workspace only; `registration.app_token` hears all."""
        return self.app(team).tokens.app

    def dm(self, user: str) -> str:
        """The id of a person's direct message with the app."""
        return self.world.direct_message(self.world.person(user)).id

    def channel(self, team: str, name: str) -> str:
        """The id of a workspace's channel ("#general")."""
        return self._named(self.world.workspace(team).id, name).id

    def run(self, work: Coroutine[Any, Any, T], timeout: float = 30.0) -> T:
        """Runs a coroutine on the server's loop and waits for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout)

    def call(self, work: Callable[[], T]) -> T:
        """Calls a function on the server's loop; returns a copy of what it gives."""

        async def calling() -> T:
            return copy.deepcopy(work())

        return self.run(calling())

    def wait_for(self, look: Callable[[], T | None], what: str = "it", timeout: float = PATIENCE) -> T:
        """Calls `look` on each change until it gives something; raises WaitError after `timeout` seconds."""
        return copy.deepcopy(self.run(self._wait(look, what, timeout), timeout + PATIENCE))

    def _named(self, team_id: str, name: str) -> Channel:
        for channel in self.world.channels.values():
            if channel.team_id == team_id and channel.kind == "channel" and channel.name == name.lstrip("#"):
                return channel
        raise ActionError(f"There is no channel {name!r} in {team_id}.", field="channel")

    def _at(self, channel: str, person: Person | None) -> Channel:
        """A channel by id; by "#name" or as "dm" it needs to be known for whom."""
        if found := self.world.channels.get(channel):
            return found
        if person is None:
            raise ActionError(f"{channel!r} is not a channel's id.", field="channel",
                              remedy="Use slack.channel(team, name) or slack.dm(user).")  # fmt: skip
        if channel == "dm":
            return self.world.direct_message(person)
        return self._named(person.workspace, channel)

    def _live_message(self, shown: Message) -> Message:
        """The message itself, from the copy that a test holds."""
        if message := messages.find(self.world, shown.channel, shown.ts):
            return message
        raise ActionError("That message is gone.", field="message")

    def _live_view(self, shown: View) -> View:
        open_views = [*self.world.modals.get(shown.user, []), self.world.homes.get(shown.user)]
        for view in open_views:
            if view is not None and view.id == shown.id:
                return view
        raise ActionError("That view is not open any more.", field="view")

    async def _wait(self, look: Callable[[], T | None], what: str, timeout: float) -> T:
        try:
            async with asyncio.timeout(timeout):
                while (found := look()) is None:
                    await self.world.signal.wait()
                return found
        except TimeoutError as error:
            raise WaitError(f"After {timeout} s there is not {what}.", remedy=self._clues()) from error

    async def _idle(self, quiet: float, timeout: float) -> None:
        async def resting() -> None:
            while True:
                version = self.world.version
                await asyncio.sleep(quiet)
                busy = self.world.running_calls or any(d.outcome == "waiting" for d in self.world.deliveries)
                if version == self.world.version and not busy:
                    return

        try:
            await asyncio.wait_for(resting(), timeout)
        except TimeoutError as error:
            raise WaitError(f"After {timeout} s there is still no rest.", remedy=self._clues()) from error

    def _clues(self) -> str:
        """What happened lately, for whoever reads a failed test."""
        refused = [f"{c.method}: {c.error} {' '.join(c.messages)}" for c in self.world.calls if not c.ok][-3:]
        offline = [w.domain for w in self.world.workspaces.values() if not self.world.connected(w.id)]
        sent = [f"{d.kind} {d.outcome}" for d in self.world.deliveries][-3:]
        return f"Last deliveries: {sent}. Refused calls: {refused}. No app connected: {offline}."


class DriverFaults:
    """Trouble, from any thread; see bot.sandbox.faults for what each does."""

    def __init__(self, driver: DriverBase) -> None:
        self._driver, self._faults = driver, driver.world.faults

    def fail(
        self, method: str, status: int = 500, times: int = 1, *, error: str = "internal_error", after: bool = False
    ) -> None:
        """The next `times` calls of `method` end with `status`; with `after` they take effect first."""
        self._driver.call(lambda: self._faults.fail(method, status, times, error=error, after=after))

    def rate_limit(self, method: str, retry_after: int = 1, times: int = 1) -> None:
        """The next `times` calls of `method` get 429 and must wait `retry_after` seconds."""
        self._driver.call(lambda: self._faults.rate_limit(method, retry_after, times))

    def slow(self, method: str, seconds: float) -> None:
        """Every call of `method` takes `seconds` longer."""
        self._driver.call(lambda: self._faults.slow(method, seconds))

    def hold(self, method: str, *, after: bool = False) -> "DriverHold":
        """The next call of `method` is held until `let_go`: before it takes effect, or after it, before its answer."""
        hold = Hold(method, after)
        self._driver.call(lambda: self._faults.holds.append(hold))
        return DriverHold(self._driver, hold)

    def redeliver(self, times: int = 3) -> None:
        """The next event reaches the app `times` times in all."""
        self._driver.call(lambda: self._faults.redeliver(times))

    def let_go(self) -> None:
        """Ends what is held."""
        self._driver.call(self._faults.let_go)

    def drop_sockets(self) -> int:
        """Cuts every Socket Mode connection without a word; returns how many there were."""
        return self._driver.call(self._driver.world.sockets.drop)

    def ask_to_reconnect(self) -> None:
        """Sends Slack's "disconnect" (refresh_requested) to every connection, and closes it after a while."""
        self._driver.call(self._driver.world.sockets.ask_to_reconnect)


class DriverHold:
    """One call that is held, or will be."""

    def __init__(self, driver: DriverBase, hold: Hold) -> None:
        self._driver, self._hold = driver, hold

    def wait(self, timeout: float = PATIENCE) -> None:
        """Waits until the call is there. Raises WaitError."""
        self._driver.wait_for(lambda: self._hold.reached or None, f"a call of {self._hold.method}", timeout)
