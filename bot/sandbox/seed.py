"""What `make run` has in place after its first start: two tenants, three linked workspaces, the app installed in them.

As on a real first day: tenants by the operators' commands, installations over HTTP through the bot's own pages.
"""

import shlex
import subprocess
import sys
from collections.abc import Mapping

from bot.sandbox import cast, installs
from bot.sandbox.environment import FOLDER
from bot.sandbox.errors import SandboxError

COMMANDS = (
    "tenants add acme 'Acme Corp' --domain acme.example --time-zone America/Los_Angeles --enable-zoom",
    "tenants add globex Globex --domain globex.example",
    f"workspaces link {cast.ACME} acme",
    f"workspaces link {cast.GLOBEX} globex",
    f"workspaces link {cast.RETAIN} --staff",
)
INSTALLERS = ("jonas", "carlos", "ellie")
DONE = FOLDER / "seeded"


class NotSeeded(SandboxError):
    """An operators' command failed."""


def needed() -> bool:
    """Whether this is the first start: later ones leave alone what people made of it."""
    return not DONE.exists()


def tenants(env: Mapping[str, str]) -> None:
    """Make the tenants and link the workspaces, in a migrated database. Raises NotSeeded with what was printed."""
    for command in COMMANDS:
        made = subprocess.run(  # noqa: S603 - our own module, no input from outside
            [sys.executable, "-m", "integration", *shlex.split(command)],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise NotSeeded(f"`python -m integration {command}` failed:\n{made.stdout}{made.stderr}")


def installations(env: Mapping[str, str]) -> None:
    """Install the app in the workspaces. Raises NotInstalled."""
    for person in INSTALLERS:
        installs.install(env["SLACK_INSTALL_URL"], person)
    DONE.touch()
