"""A door in front of the service: what goes through it can be held before it is heard, or before its answer is."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

PATIENCE_SECONDS = 20.0


@dataclass
class Held:
    """A request whose first line matches; `after`: the service hears it, and nobody hears the service."""

    pattern: re.Pattern[bytes]
    after: bool
    reached: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    def wait(self, timeout: float = PATIENCE_SECONDS) -> None:
        """Wait until such a request is there."""
        assert self.reached.wait(timeout), f"nobody asked {self.pattern.pattern!r}"

    def stay(self) -> None:
        self.reached.set()
        self.let_go.wait(PATIENCE_SECONDS)


class Door:
    """Passes bytes on between its own port and the service's; a caller that is gone is gone on both sides."""

    def __init__(self, port: int) -> None:
        self._service = ("127.0.0.1", port)
        self._holds: list[Held] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def hold(self, pattern: str, *, after: bool = False) -> Held:
        """Hold the next request like "POST /v1/questions"; it does not go on when it is let go."""
        held = Held(re.compile(pattern.encode()), after)
        self._holds.append(held)
        return held

    def let_go(self) -> None:
        """End what is held, and hold nothing more."""
        for held in self._holds:
            held.let_go.set()
        self._holds.clear()

    def close(self) -> None:
        self.let_go()
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                caller, _ = self._listening.accept()
                threading.Thread(target=self._pass_on, args=(caller,), daemon=True).start()

    def _pass_on(self, caller: socket.socket) -> None:
        answers: list[Held] = []
        with suppress(OSError), caller, socket.create_connection(self._service) as service:
            threading.Thread(target=self._pass_back, args=(service, caller, answers), daemon=True).start()
            while chunk := caller.recv(65_536):
                held = self._matching(chunk)
                if held is not None and not held.after:
                    held.stay()
                    break
                if held is not None:
                    answers.append(held)
                service.sendall(chunk)
            service.shutdown(socket.SHUT_RDWR)

    def _pass_back(self, service: socket.socket, caller: socket.socket, answers: list[Held]) -> None:
        with suppress(OSError):
            while chunk := service.recv(65_536):
                if answers:
                    answers[0].stay()
                    break
                caller.sendall(chunk)
            caller.shutdown(socket.SHUT_RDWR)

    def _matching(self, chunk: bytes) -> Held | None:
        line = chunk.partition(b"\r\n")[0]
        return next((held for held in self._holds if not held.reached.is_set() and held.pattern.match(line)), None)


@contextmanager
def door_to(port: int) -> Iterator[Door]:
    """A door to a port of this machine, until the block ends."""
    door = Door(port)
    try:
        yield door
    finally:
        door.close()
