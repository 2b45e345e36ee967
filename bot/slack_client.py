"""The Web API client: what it waits out, what it tries again, and what it leaves to `posting`."""

from slack_sdk import WebClient
from slack_sdk.http_retry import HttpRequest, HttpResponse, RetryHandler, RetryState
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)

from bot.config import Settings

LOOPBACK = ("127.0.0.1", "localhost", "::1")
TIMEOUT_SECONDS = 5
TRIES_AGAIN = 2
# With a service behind us a question is handed out again after 30 seconds: better to give up before that.
PATIENCE_SECONDS = 5
PATIENCE_ALONE_SECONDS = 60


def make_client(settings: Settings) -> WebClient:
    """The client of SLACK_BOT_TOKEN's workspace; without that setting, one without a token. Calls nothing yet."""
    token = settings.slack_bot_token
    return WebClient(
        token=token.get_secret_value() if token else None,
        base_url=settings.slack_api_url,
        timeout=TIMEOUT_SECONDS,
        retry_handlers=[
            RateLimits(PATIENCE_SECONDS if settings.integration_url else PATIENCE_ALONE_SECONDS),
            ConnectionErrors(max_retry_count=TRIES_AGAIN),
            ServerErrors(max_retry_count=TRIES_AGAIN),
        ],
    )


def is_loopback(host: str) -> bool:
    """Whether a host name means this machine."""
    return host in LOOPBACK


def with_token(client: WebClient, token: str) -> WebClient:
    """A client like this one, for the workspace of `token`."""
    return WebClient(
        token=token,
        base_url=client.base_url,
        timeout=client.timeout,
        ssl=client.ssl,
        proxy=client.proxy,
        retry_handlers=client.retry_handlers.copy(),
    )


def quick_client(client: WebClient) -> WebClient:
    """The same workspace, for what is not worth waiting for: one second, no second try."""
    return WebClient(token=client.token, base_url=client.base_url, timeout=1, ssl=client.ssl, retry_handlers=[])


class RateLimits(RateLimitErrorRetryHandler):
    """Waits as long as Slack asks, up to `patience` seconds a time."""

    def __init__(self, patience: int) -> None:
        super().__init__(max_retry_count=TRIES_AGAIN)
        self._patience = patience

    def _can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if response is None or not super()._can_retry(state=state, request=request, response=response, error=error):
            return False
        asked = [values[0] for name, values in response.headers.items() if name.lower() == "retry-after" and values]
        return all(seconds.isdigit() and int(seconds) <= self._patience for seconds in asked)


class _ExceptPosts(RetryHandler):
    """Trying `chat.postMessage` again blindly may post twice: `posting` looks first."""

    def _can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        again = super()._can_retry(state=state, request=request, response=response, error=error)
        return again and not request.url.endswith("/chat.postMessage")


class ConnectionErrors(_ExceptPosts, ConnectionErrorRetryHandler):
    """Tries again after a broken connection."""


class ServerErrors(_ExceptPosts, ServerErrorRetryHandler):
    """Tries again after 500 and 503."""
