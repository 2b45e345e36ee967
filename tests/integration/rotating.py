"""A process that rotates, a row at a time, and waits after each batch until it is killed."""

import sys
import threading

from integration import rotation
from integration.config import load_settings
from integration.runtime import make_runtime


def _told(_: int) -> None:
    sys.stdout.write("a batch is kept\n")
    sys.stdout.flush()
    threading.Event().wait(0.05)


if __name__ == "__main__":
    runtime = make_runtime(load_settings())
    rotation.rotate(runtime.database, runtime.vault, told=_told, batch=1)
