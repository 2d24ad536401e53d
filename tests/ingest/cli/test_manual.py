"""Man pages: one a command, with the words of --help, and without a complaint of the programs that print them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from ingest.cli.app import build
from ingest.cli.context import Session
from ingest.cli.lazy import LazyGroup
from tests.cli_runner import call_conduct
from tests.servers.ports import not_installed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages") / "man1"
    call_conduct("manual", folder).done()
    return folder


def commands(group: LazyGroup, words: tuple[str, ...] = ()) -> dict[tuple[str, ...], click.Command]:
    found: dict[tuple[str, ...], click.Command] = {words: group}
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found |= commands(command, (*words, name)) if isinstance(command, LazyGroup) else {(*words, name): command}
    return found


ALL = commands(build(Session({})))


def plain(roff: str) -> str:
    """What a page says, without its signs."""
    text = re.sub(r"^\.[A-Za-z]{2} ?", "", roff, flags=re.MULTILINE)
    return " ".join(text.replace("\\-", "-").replace("\\&", "").replace("\\e", "\\").split())


def test_every_command_has_a_page(folder: Path) -> None:
    assert {file.stem for file in folder.glob("*.1")} == {"-".join(("conduct", *words)) for words in ALL}


@pytest.mark.parametrize("words", sorted(ALL))
def test_a_page_says_what_help_says(folder: Path, words: tuple[str, ...]) -> None:
    page = plain((folder / f"{'-'.join(('conduct', *words))}.1").read_text())
    command = ALL[words]
    context = click.Context(command, info_name="conduct")

    assert " ".join((command.help or "").replace("\b", "").split()) in page
    for parameter in command.params:
        record = parameter.get_help_record(context)
        if record and record[1]:
            assert record[0] in page
            assert " ".join(record[1].split()) in page
    if isinstance(command, LazyGroup):
        assert all(name in page and told in page for name, (_, told) in command.table.items())


def test_what_prints_them_has_nothing_to_complain_of(folder: Path) -> None:
    if shutil.which("mandoc") is None:
        not_installed("mandoc")
    done = subprocess.run(
        ["mandoc", "-Tlint", "-W", "warning", *sorted(folder.glob("*.1"))], capture_output=True, text=True, check=False
    )

    assert done.stdout + done.stderr == ""


def test_a_line_that_begins_like_an_order_to_roff_is_shown(tmp_path: Path) -> None:
    from ingest.cli.manual import _roff

    assert [_roff(line) for line in (".eml files", "'quoted'", "a\\b --x")] == [
        "\\&.eml files",
        "\\&'quoted'",
        "a\\eb \\-\\-x",
    ]


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert call_conduct("manual", tmp_path / "file" / "man1").status == 4
