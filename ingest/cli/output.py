"""Showing answers: text for people, one JSON object for programs; results on stdout, words on stderr."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

import click

from ingest.cli.cleaning import clean, width
from ingest.cli.context import Session
from policies.values import value

__all__ = ["SCHEMA", "Table", "clean", "emit", "format_option", "say", "show"]

SCHEMA = 1
Function = TypeVar("Function", bound=Callable[..., Any])


@value
class Table:
    """Rows under headings; every cell is cleaned when shown.  ``empty`` is the sentence for no rows."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    empty: str = "Nothing."


Text = str | Table


def format_option(*further: str) -> Callable[[Function], Function]:
    """Give a command --format text|json (and ``further`` formats) and --json; ``emit`` goes by it.

    The command finds the choice as ``session.format``; it is no argument of the function.
    """

    def decorate(function: Function) -> Function:
        choice = click.Choice(["text", "json", *further])
        function = click.option(
            "--format", type=choice, expose_value=False, callback=_keep_format, help="How to answer; text by default."
        )(function)
        return click.option(
            "--json", is_flag=True, expose_value=False, callback=_keep_json, help="Short for --format json."
        )(function)

    return decorate


def _keep_format(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        _session(ctx).format = value


def _keep_json(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        _session(ctx).format = "json"


def _session(ctx: click.Context) -> Session:
    session = ctx.find_object(Session)
    if session is None:
        raise RuntimeError("a command was called outside the group of ingest.cli.app")
    return session


def emit(session: Session, text: Text | Iterable[Text], answer: Mapping[str, Any]) -> None:
    """Print the answer on stdout: ``answer`` as one JSON object with --format json, else ``text``.

    ``text`` is one or several paragraphs and tables; it is cleaned here.  ``answer`` may hold days, instants,
    enums, paths, and lists and mappings of them.
    """
    if session.format == "json":
        _print_json(session, answer)
        return
    for part in [text] if isinstance(text, str | Table) else text:
        show(part)


def _print_json(session: Session, answer: Mapping[str, Any]) -> None:
    whole = {"schema": SCHEMA, **({"trial": True} if session.is_trial else {}), **answer}
    # ASCII with escapes, so that nothing in it can act on a terminal; json leaves only DEL as it is.
    text = json.dumps(_plain(whole), ensure_ascii=True, indent=2).replace("\x7f", "\\u007f")
    sys.stdout.write(text + "\n")


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON is whatever it is
    """The JSON form: days as YYYY-MM-DD, instants as RFC 3339 in UTC."""
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, AbstractSet):
        return sorted(_plain(one) for one in value)
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, dt.datetime):
        return rfc3339(value)
    return str(value) if isinstance(value, dt.date | Path) else value


def rfc3339(instant: dt.datetime) -> str:
    """An aware instant as ``2026-11-21T10:15:00Z`` (RFC 3339 5.6), without fractions."""
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone")
    return instant.astimezone(dt.UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def show(part: Text) -> None:
    """Print a paragraph or a table on stdout, cleaned."""
    if isinstance(part, str):
        sys.stdout.write(clean(part, multiline=True).rstrip("\n") + "\n")
    elif not part.rows:
        sys.stdout.write(clean(part.empty) + "\n")
    elif sys.stdout.isatty():
        _show_on_terminal(part)
    else:
        _show_plainly(part)


def _show_plainly(table: Table) -> None:
    lines = [[clean(cell) for cell in row] for row in (table.headings, *table.rows)]
    widths = [max(width(cell) for cell in column) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (cell + " " * (room - width(cell)) for cell, room in zip(line, widths, strict=True))
        sys.stdout.write("  ".join(padded).rstrip() + "\n")


def _show_on_terminal(table: Table) -> None:
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text as RichText

    grid = RichTable(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in table.headings:
        grid.add_column(RichText(clean(heading), style="bold"))
    for row in table.rows:
        grid.add_row(*(RichText(clean(cell)) for cell in row))
    Console(markup=False, highlight=False, emoji=False).print(grid)


def say(text: str) -> None:
    """Print words for the person on stderr, cleaned: what happens, what is left to do."""
    sys.stdout.flush()
    sys.stderr.write(clean(text, multiline=True).rstrip("\n") + "\n")
