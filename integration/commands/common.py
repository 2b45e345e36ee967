"""What the commands share: the service they work on, and how they say what went wrong."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

import typer
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import SQLAlchemyError

from integration import logs
from integration.config import settings_or_exit
from integration.errors import IntegrationError
from integration.runtime import Runtime, clock_or_exit, make_runtime

T = TypeVar("T")

# Options are named where something is wrong with them; what an argument is about, the sentence says.
OPTIONS = {"domains": "--domain", "time_zone": "--time-zone", "staff": "--staff", "role": "--role"}


def group(help_text: str) -> typer.Typer:
    """A group of commands; named alone it shows its help."""
    return typer.Typer(help=help_text, no_args_is_help=True, rich_markup_mode=None)


@contextmanager
def running(log_level: str | None = None) -> Iterator[Runtime]:
    """The service's runtime for one command. Whatever it raises of ours ends the command with code 1, in words.

    Without a `log_level` warnings are logged, unless LOG_LEVEL says otherwise.
    """
    settings = settings_or_exit()
    logs.configure(log_level or ("WARNING" if settings.log_level == "INFO" else settings.log_level))
    runtime = make_runtime(settings, clock_or_exit())
    try:
        with plainly():
            yield runtime
    finally:
        runtime.database.close()


@contextmanager
def plainly() -> Iterator[None]:
    """Say a known error in words, without a traceback: exit code 1."""
    try:
        yield
    except IntegrationError as error:
        where = f"{OPTIONS[error.field]}: " if error.field in OPTIONS else ""
        fail(f"{where}{error}")
    except SQLAlchemyError as error:
        check = "Check DATABASE_URL, that the database runs, and `python -m integration db upgrade`."
        fail(f"The database cannot be used: {reason_of(error)}\n{check}")


def reason_of(error: SQLAlchemyError) -> str:
    """Why the database did not do it. The driver's first line says that; the rest is for its authors."""
    return str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]


def fail(message: str) -> NoReturn:
    """End the command with code 1 and say why."""
    typer.echo(message, err=True)
    raise typer.Exit(1)


def checked(kind: Any) -> Callable[[str], Any]:
    """A parser for an argument or option that must be of this kind (an annotated type of `integration`'s fields)."""
    adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def parse(text: str) -> Any:
        try:
            return adapter.validate_python(text)
        except ValidationError as error:
            message = error.errors(include_input=False)[0]["msg"].removeprefix("Value error, ")
            raise typer.BadParameter(f"{text!r} {message[:1].lower()}{message[1:]}") from None

    return parse


def table(rows: Sequence[tuple[str, ...]], headings: tuple[str, ...]) -> None:
    """Print rows in columns, plainly: it can be read by people and cut by programs."""
    widths = [max(len(row[column]) for row in [headings, *rows]) for column in range(len(headings))]
    for row in [headings, *rows]:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
