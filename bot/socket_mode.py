"""Socket Mode: Slack's SDK holds the WebSocket and reconnects by itself."""

import logging
import socket
import threading
from contextlib import suppress

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

log = logging.getLogger(__name__)

# slack_sdk takes up to five pings to notice a dead connection, and as long as one to replace a closed one.
PING_SECONDS = 3
CLOSE_SECONDS = 5


def connect(app: App, app_token: str) -> SocketModeHandler:
    """Open the socket. Raises SlackApiError when Slack refuses the token."""
    handler = SocketModeHandler(app, app_token, ping_interval=PING_SECONDS)
    handler.connect()  # type: ignore[no-untyped-call]
    return handler


def close(handler: SocketModeHandler) -> None:
    """Close the socket; takes no longer than `CLOSE_SECONDS`, and never raises."""
    client = handler.client
    client.auto_reconnect_enabled = False
    client.closed = True
    client.message_queue.put(None)  # or its reader waits up to a second for another message
    session = client.current_session
    if session is not None and session.sock is not None:
        with suppress(OSError):  # Slack hung up first
            session.sock.shutdown(socket.SHUT_RDWR)  # or the SDK waits seconds for what the socket may yet bring
    # The SDK's own close joins threads that, after a reconnect, may be reading with a state nobody ends.
    closing = threading.Thread(target=handler.close, name="closing", daemon=True)
    closing.start()
    closing.join(CLOSE_SECONDS)
    if closing.is_alive():
        log.warning("the socket's threads did not end in time; the process ends without them")
