"""`python -m …asking_process N`: waits for a line, then asks N times at once for the token of acme.

Prints hashes of what it got. Run by a test.
"""

import hashlib
import json
import sys
from concurrent.futures import ThreadPoolExecutor

from integration.config import load_settings
from integration.connections import refresh
from integration.runtime import make_runtime


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(count: int) -> None:
    runtime = make_runtime(load_settings())
    say("ready")
    sys.stdin.readline()
    with ThreadPoolExecutor(count) as threads:
        tokens = list(threads.map(lambda _: refresh.access_token(runtime, "acme"), range(count)))
    say(json.dumps([hashlib.sha256(token.encode()).hexdigest() for token in tokens]))
    runtime.database.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
