"""``conduct manual DIR``: the man pages of all commands, made from the same words as --help."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from ingest import __version__
from ingest.cli.app import EPILOGUE, build
from ingest.cli.context import Session, pass_session
from ingest.cli.lazy import LazyGroup
from ingest.cli.output import emit, format_option
from ingest.clock import clock_for
from policies.errors import Unavailable
from templates import counted

_LITERAL = "\b"


@click.command("manual")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@format_option()
@pass_session
def command(session: Session, folder: Path) -> None:
    """Write a man page for every command into DIR, as conduct-case-show.1.

    For one person: conduct manual ~/.local/share/man/man1
    """
    day = clock_for(session.environ, trial=False).today()
    found = {name: "\n".join(lines) + "\n" for name, lines in pages(build(session), day)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, page in found.items():
            (folder / f"{name}.1").write_text(page, encoding="utf-8")
    except OSError as error:
        raise Unavailable("cannot-write", f"{folder} cannot be written to: {error.strerror}.") from None
    emit(session, f"{counted(len(found), 'page')} written to {folder}.", {"folder": folder, "pages": sorted(found)})


def pages(root: LazyGroup, day: dt.date) -> Iterator[tuple[str, list[str]]]:
    """Every page by its name, with its lines in roff (man(7))."""
    yield from _pages(root, click.Context(root, info_name="conduct"), "", day)


def _pages(command: click.Command, context: click.Context, words: str, day: dt.date) -> Iterator[tuple[str, list[str]]]:
    yield context.command_path.replace(" ", "-"), list(_page(command, context, words, day))
    if isinstance(command, LazyGroup):
        for name, (_, told) in command.table.items():
            inner = command.get_command(context, name)
            if inner is not None and not inner.hidden:
                yield from _pages(inner, click.Context(inner, info_name=name, parent=context), told, day)


def _page(command: click.Command, context: click.Context, words: str, day: dt.date) -> Iterator[str]:
    name = context.command_path.replace(" ", "-")
    paragraphs = _paragraphs(command.help or "")
    short = words or " ".join(paragraphs[0])
    yield f'.TH {_quoted(name.upper())} 1 {day} "conduct {__version__}" "conduct"'
    yield ".SH NAME"
    yield f"{_roff(name)} \\- {_roff(short.rstrip('.'))}"
    yield ".SH SYNOPSIS"
    yield f".B {_roff(context.command_path)}"
    yield _roff(" ".join(command.collect_usage_pieces(context)))
    yield ".SH DESCRIPTION"
    yield from _text(paragraphs)
    if isinstance(command, LazyGroup):
        yield ".SH COMMANDS"
        for inner, (_, told) in command.table.items():
            yield from _entry(inner, told)
    yield from _options(command, context)
    if context.parent is None:
        yield from _exit_status()
    yield from _see_also(context, command)


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    found = [each.get_help_record(context) for each in command.get_params(context)]
    records = [record for record in found if record and record[1]]
    if records:
        yield ".SH OPTIONS"
        for option, told in records:
            yield from _entry(option, told)
    if context.parent is not None:
        yield ".PP"
        yield _roff("The options of conduct itself may stand here as well.")


def _exit_status() -> Iterator[str]:
    yield ".SH EXIT STATUS"
    for line in EPILOGUE.split("\n"):
        status = re.match(r" +(\d) +(.*)", line)
        if status:
            yield from _entry(status[1], status[2])


def _see_also(context: click.Context, command: click.Command) -> Iterator[str]:
    near = [context.parent.command_path.replace(" ", "-")] if context.parent else []
    if isinstance(command, LazyGroup):
        near += [f"{context.command_path} {inner}".replace(" ", "-") for inner in command.table]
    if near:
        yield ".SH SEE ALSO"
        yield ",\n".join(f".BR {_roff(each)} (1)" for each in near).replace(" (1),\n", ' "(1), "\n')


def _entry(term: str, told: str) -> Iterator[str]:
    yield ".TP"
    yield f".B {_roff(term)}"
    yield _roff(" ".join(told.split())) or "\\&"


def _text(paragraphs: Sequence[list[str]]) -> Iterator[str]:
    for number, lines in enumerate(paragraphs):
        if number:
            yield ".PP"
        if lines[0] == _LITERAL:
            yield ".nf"
            yield from (_roff(line) for line in lines[1:])
            yield ".fi"
        else:
            yield _roff(" ".join(line.strip() for line in lines))


def _paragraphs(text: str) -> list[list[str]]:
    """The paragraphs of a help text; one that begins with a backspace is shown as it stands (as click does)."""
    blocks = re.split(r"\n\s*\n", _dedent(text).strip("\n"))
    return [block.split("\n") for block in blocks if block.strip()] or [[""]]


def _dedent(text: str) -> str:
    import inspect

    return inspect.cleandoc(text)


def _roff(text: str) -> str:
    """Text that roff prints as it stands."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text.startswith((".", "'")) else text


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "") + '"'
