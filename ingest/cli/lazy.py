"""Groups of commands that read a command's file only when that command runs."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ingest.cli.context import Session
from ingest.cli.offering import CASE, FIELD_VALUE

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# name -> (module:attribute, the line that the group's help shows)
Commands = Mapping[str, tuple[str, str]]


class LazyGroup(click.Group):
    """A group whose commands are named in a table, so that --help and completion import none of them."""

    def __init__(self, *args: Any, commands_table: Commands, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = commands_table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the table's order: the order in which a committee meets them."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Read the command's file."""
        if cmd_name not in self.table:
            return None
        module, _, attribute = self.table[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        if not isinstance(command, click.Group):
            _add_common_options(command)
            _offer_values(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, guessing at a misspelt name from the table."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=self.table, ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with the table's words."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in self.table.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Names of commands, then options."""
        from click.shell_completion import CompletionItem

        names = [CompletionItem(name, help=words) for name, (_, words) in self.table.items()]
        found = [item for item in names if str(item.value).startswith(incomplete)]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]


def lazy_group(name: str, words: str, table: Commands) -> LazyGroup:
    """A group of commands under one name, shown in its help as ``words``."""
    return LazyGroup(name=name, help=words, commands_table=table, no_args_is_help=True)


def common_options(*, hidden: bool = False) -> list[click.Option]:
    """The options that every command takes, before or after its name."""
    path = click.Path(path_type=Path)
    shared: dict[str, Any] = {"expose_value": False, "callback": _keep, "hidden": hidden}
    return [
        click.Option(["--home"], type=path, metavar="DIR", help="The committee's home. [CONDUCT_HOME]", **shared),
        click.Option(["--identity"], type=path, metavar="FILE", help="Whose key acts. [CONDUCT_IDENTITY]", **shared),
        click.Option(
            ["--passphrase-file"],
            type=path,
            metavar="FILE",
            help="Its first line is the passphrase; - is standard input. [CONDUCT_PASSPHRASE_FILE]",
            **shared,
        ),
        click.Option(["--no-input"], is_flag=True, help="Never ask: a missing answer is an error.", **shared),
    ]


_KEPT_AS = {"home": "home_option", "identity": "identity_option"}


def _keep(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    session = ctx.find_object(Session)
    if session is not None and value and option.name:
        setattr(session, _KEPT_AS.get(option.name, option.name), value)


def _add_common_options(command: click.Command) -> None:
    taken = {name for parameter in command.params for name in parameter.opts}
    command.params.extend(option for option in common_options(hidden=True) if option.opts[0] not in taken)


def _offer_values(command: click.Command) -> None:
    """Have the shell complete code names of cases and names of fields, wherever a command asks for one."""
    for parameter in command.params:
        if isinstance(parameter.type, click.types.StringParamType):
            parameter.type = _OFFERED.get(parameter.name or "", parameter.type)


_OFFERED: Mapping[str, click.ParamType[str]] = {"case": CASE, "into": CASE, "other": CASE, "fields": FIELD_VALUE}
