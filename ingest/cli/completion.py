"""``conduct completion SHELL``: the script that teaches a shell our commands and options."""

from __future__ import annotations

import sys

import click
from click.shell_completion import get_completion_class

from ingest.cli.app import COMPLETION_VARIABLE, build
from ingest.cli.context import Session, pass_session


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@pass_session
def command(session: Session, shell: str) -> None:
    """Print the completion script of a shell.

    \b
    bash:  conduct completion bash > ~/.local/share/bash-completion/completions/conduct
    zsh:   conduct completion zsh > a file _conduct in a folder of $fpath
    fish:  conduct completion fish > ~/.config/fish/completions/conduct.fish
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise RuntimeError(f"click knows no {shell}")
    sys.stdout.write(kind(build(session), {}, "conduct", COMPLETION_VARIABLE).source())
