"""One line of JSON for each thing that happened. Never bodies, headers, query strings, or what a path carries."""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")

# What every LogRecord has; anything else on it was given with `extra` and is meant to be logged.
_STANDARD = {*vars(logging.makeLogRecord({})), "message", "asctime", "color_message"}


class OneLine(logging.Formatter):
    """A log record as one line of JSON, with the id of the request it belongs to."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id.get():
            line["request_id"] = request_id.get()
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


def configure(level: str) -> None:
    """Send this process's log to standard error. For processes that we start, not for libraries or tests."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    # Its lines hold whole addresses, and those may carry a one-use token. The envelope logs requests instead.
    logging.getLogger("uvicorn.access").disabled = True
    for chatty in ("alembic", "urllib3"):  # urllib3's hold addresses too, at DEBUG
        logging.getLogger(chatty).setLevel(logging.WARNING)
