"""What `make run` has in place after its first start: two tenants, three linked workspaces, the app installed in them.

As on a real first day: tenants by the operators' commands, installations over HTTP through the bot's own pages.
"""

import subprocess
import sys
from collections.abc import Mapping

from bot.sandbox import cast, installs
from bot.sandbox.environment import FOLDER
from bot.sandbox.errors import SandboxError

MIGRATE = "db upgrade"
COMMANDS = (
    "tenants add acme 'Acme Corp' --domain acme.example --time-zone America/Los_Angeles --enable-zoom",
    "tenants add globex Globex --domain globex.example",
    f"workspaces link {cast.ACME} acme",
    f"workspaces link {cast.GLOBEX} globex",
    f"workspaces link {cast.RETAIN} --staff",
)
# All in one process: each start of its own would take longer than what it does.
OPERATOR = """
import shlex, sys
from integration.__main__ import app
for line in sys.stdin.read().splitlines():
    print(line, flush=True)
    if code := app(shlex.split(line), standalone_mode=False):
        sys.exit(code)
"""
INSTALLERS = ("jonas", "carlos", "ellie")
DONE = FOLDER / "seeded"


class NotSeeded(SandboxError):
    """An operators' command failed."""


def needed() -> bool:
    """Whether this is the first start: later ones leave alone what people made of it."""
    return not DONE.exists()


def database(env: Mapping[str, str]) -> None:
    """Migrate the database; at the first start make the tenants and link the workspaces.

    Raises NotSeeded with what was printed.
    """
    commands = (MIGRATE, *COMMANDS) if needed() else (MIGRATE,)
    made = subprocess.run(  # noqa: S603 - our own module, no input from outside
        [sys.executable, "-c", OPERATOR],
        input="\n".join(commands),
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise NotSeeded(f"An operator's command (`python -m integration …`) failed:\n{made.stdout}{made.stderr}")


def installations(env: Mapping[str, str]) -> None:
    """Install the app in the workspaces. Raises NotInstalled."""
    for person in INSTALLERS:
        installs.install(env["SLACK_INSTALL_URL"], person)
    DONE.touch()
