"""A server of a test's own, for what somebody else would answer."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOOK_SECONDS = 0.02  # how soon it notices that it shall stop


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Its address (`http://127.0.0.1:PORT`), while it answers as `handler` does, each request in a thread."""

    class Quiet(handler):  # type: ignore[valid-type,misc]  # a class that is known when it runs
        def log_message(self, *_: object) -> None:
            """In tests nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(LOOK_SECONDS,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
