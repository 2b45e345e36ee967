"""Zoom in a hurry: sends many webhooks at once, and again whatever was not answered or met with a failure."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

PAUSE_SECONDS = 0.05  # Zoom waits for minutes
LONGEST_SECONDS = 3  # Zoom waits no longer for an answer
Body = tuple[bytes, Mapping[str, str]]  # and the headers that sign it


@dataclass
class Burst:
    """`statuses` are all that came back, in order; `lost` counts the tries without an answer."""

    port: int
    waiting: list[Body]
    statuses: list[int] = field(default_factory=list)
    lost: int = 0

    @property
    def stored(self) -> int:
        """How many were answered well."""
        return sum(status < 300 for status in self.statuses)

    async def send(self, connections: int = 8) -> None:
        """Returns when each was answered by something that Zoom does not send again after."""
        await asyncio.gather(*(self._one_connection() for _ in range(connections)))

    async def _one_connection(self) -> None:
        while self.waiting:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            await self._use(reader, writer)
            writer.close()

    async def _use(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while self.waiting:
            body, headers = self.waiting.pop()
            try:
                writer.write(_request(body, headers))
                status = await asyncio.wait_for(_status(reader), LONGEST_SECONDS)
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                self.lost += 1
                self.waiting.insert(0, (body, headers))
                return
            self.statuses.append(status)
            if status >= 500:
                self.waiting.insert(0, (body, headers))


def _request(body: bytes, headers: Mapping[str, str]) -> bytes:
    lines = ["POST /webhooks/zoom HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


async def _status(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if line)
    await reader.readexactly(int(fields.get(b"content-length", 0)))
    return int(head.split(b" ", 2)[1])
