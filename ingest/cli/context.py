"""The session of one command: the options that all share, and what they lead to, each opened when first asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ingest.clock import Clock, clock_for
from ingest.home import Home, check_modes, check_secret, find_home, user_identity
from policies.errors import WrongUsage

if TYPE_CHECKING:  # pydantic is read only when a command reads the configuration
    from ingest.config import Settings

TRIAL_NOTICE = "conduct: this is a trial home, for demonstrations and training; nothing in it is a real record."


class Session:
    """What one command works with.  Commands take it with ``@pass_session``."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.home_option: Path | None = None
        self.identity_option: Path | None = None
        self.passphrase_file: Path | None = None
        self.no_input = False
        self.format = "text"

    @cached_property
    def home(self) -> Home:
        """The home that is meant; it may not exist yet.  From here on new files are as closed as the home is."""
        home = find_home(self.home_option, self.environ)
        os.umask(home.umask)
        return home

    @cached_property
    def settings(self) -> Settings:
        """conduct.toml.  Raises WrongUsage where there is none, it is wrong, or the home is open to others."""
        from ingest.config import load_settings

        check_modes(self.home)
        settings = load_settings(self.home)
        if settings.trial:
            click.echo(TRIAL_NOTICE, err=True)
        return settings

    @property
    def is_trial(self) -> bool:
        """Whether what this command says comes from a trial home."""
        return "settings" in self.__dict__ and self.settings.trial

    @cached_property
    def clock(self) -> Clock:
        """The home's clock; a job reads it once."""
        return clock_for(self.environ, trial=self.settings.trial)

    @property
    def may_ask(self) -> bool:
        """Whether there is a person to ask: a terminal on both ends, and no --no-input."""
        return not self.no_input and sys.stdin.isatty() and sys.stdout.isatty()

    def identity_files(self) -> tuple[Path, ...]:
        """Where an identity may lie, most wanted first: the one named, else the user's own, then the home's."""
        if self.identity_option is not None:
            return (self.identity_option.expanduser(),)
        return (user_identity(), self.home.identity)

    def existing_identities(self) -> tuple[Path, ...]:
        """The identities that there are, in that order; at least one.

        A person may have a key of her own and another one in a home; which of them belongs to a member, the store
        knows.  Raises WrongUsage where there is none, or one is open to others.
        """
        found = tuple(file for file in self.identity_files() if file.exists())
        for file in found:
            check_secret(file)
        if not found:
            missing = " and ".join(f"no {file}" for file in self.identity_files())
            raise WrongUsage(
                "no-identity",
                f"There is no identity to act with: {missing}.",
                "Name yours with --identity, or make one with conduct member key.",
            )
        return found


pass_session = click.make_pass_decorator(Session)
