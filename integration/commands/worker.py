"""`worker`: does the background work."""

import signal
import threading
from typing import Annotated

import typer
from prometheus_client import start_http_server

from integration import logs, work
from integration.config import settings_or_exit
from integration.runtime import clock_or_exit, make_runtime


def worker(
    metrics_port: Annotated[
        int | None,
        typer.Option(
            "--metrics-port",
            metavar="PORT",
            min=1,
            max=65535,
            help="Show this process's counters at http://127.0.0.1:PORT/metrics, to this machine alone.",
        ),
    ] = None,
) -> None:
    """Keep connections alive, finish sign-ins, and tidy up, all the time.

    Run as many as you like; Ctrl-C or SIGTERM ends it cleanly.
    """
    settings = settings_or_exit()
    logs.configure(settings.log_level)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    runtime = make_runtime(settings, clock_or_exit())
    if metrics_port is not None:
        start_http_server(metrics_port, addr="127.0.0.1", registry=runtime.metrics.registry)
    try:
        work.run(runtime, stop)
    finally:
        runtime.database.close()
