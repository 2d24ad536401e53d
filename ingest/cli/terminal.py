"""Asking a person: answers, consent, passphrases; where nobody can be asked, the error names the option to give."""

from __future__ import annotations

import sys

import click

from ingest.cli.cleaning import clean
from ingest.cli.context import Session
from ingest.cli.output import say
from ingest.home import MAX_SECRET_BYTES, first_line, is_loose, read_handed_secret
from policies.errors import WrongUsage


def ask(session: Session, question: str, option: str, default: str | None = None) -> str:
    """A line of text from the person.  Raises WrongUsage naming ``option`` where nobody can be asked."""
    _require_person(session, question, option)
    answer: str = click.prompt(clean(question), default=default, err=True)
    return answer


def confirm(session: Session, question: str, option: str = "--yes") -> bool:
    """Yes or no from the person, no by default.  Raises WrongUsage naming ``option`` where nobody can be asked."""
    _require_person(session, question, option)
    return click.confirm(clean(question), default=False, err=True)


def ask_passphrase(session: Session, of: str = "your identity") -> str:
    """The passphrase: from --passphrase-file, else the configuration's command, else the person.

    Raises WrongUsage where a file is missing, empty or open to others, or nobody can be asked, UnreadableInput
    where it is no UTF-8, Unavailable where the command fails.
    """
    given = _given_passphrase(session)
    return given if given is not None else _prompt(session, f"Passphrase of {of}", confirmation=False)


def ask_new_passphrase(session: Session, of: str = "your identity") -> str:
    """A passphrase to lock something with; a person types it twice.  Raises as ``ask_passphrase`` does."""
    given = _given_passphrase(session)
    return given if given is not None else _prompt(session, f"New passphrase of {of}", confirmation=True)


def _given_passphrase(session: Session) -> str | None:
    file = session.passphrase_file
    if file is not None and str(file) == "-":
        return first_line(sys.stdin.buffer.readline(MAX_SECRET_BYTES), "standard input")
    if file is not None:
        path = file.expanduser()
        if is_loose(path):
            say(f"conduct: {path} is open to others; close it: chmod 600 {path}")
        return first_line(read_handed_secret(path), str(file))
    if session.home.settings_file.exists() and session.settings.passphrase_command is not None:
        from ingest.passwords import run_for_secret

        return run_for_secret(session.settings.passphrase_command, "passphrase_command")
    return None


def _prompt(session: Session, question: str, *, confirmation: bool) -> str:
    _require_person(session, question, "--passphrase-file")
    typed: str = click.prompt(clean(question), hide_input=True, confirmation_prompt=confirmation, err=True)
    return typed


def _require_person(session: Session, question: str, option: str) -> None:
    if not session.may_ask:
        reason = "with --no-input" if session.no_input else "without a terminal"
        raise WrongUsage("missing-answer", f'"{clean(question)}" cannot be asked {reason}.', f"Give {option}.")
