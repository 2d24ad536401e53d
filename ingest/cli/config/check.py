"""``conduct config check``: whether the configuration and the files it names will do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import click

from ingest import lint_files
from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.home import check_modes, check_secret
from ingest.wiring import load_policy
from policies.errors import ConductError, WrongUsage


@click.command("check")
@format_option()
@pass_session
def command(session: Session) -> int:
    """Check conduct.toml, the policy, lint.toml, lint.d, the home's modes and the files named; connect to nothing."""
    problems = [problem for check in _checks(session) if (problem := _problem(check)) is not None]
    sentences = [str(problem) for problem in problems]
    emit(
        session,
        "\n".join(sentences) or f"{session.home.settings_file} is right.",
        {"ok": not problems, "problems": [{"code": problem.code, "message": str(problem)} for problem in problems]},
    )
    return problems[0].exit_status if problems else 0


def _problem(check: Callable[[], object]) -> ConductError | None:
    try:
        check()
    except ConductError as problem:
        return problem
    return None


def _checks(session: Session) -> Iterator[Callable[[], object]]:
    yield lambda: check_modes(session.home)
    loaded = _problem(lambda: session.settings)
    if loaded is not None:
        yield lambda: session.settings
        return
    yield lambda: session.clock
    yield lambda: load_policy(session.settings, session.home)
    yield lambda: lint_files.judge(session)
    yield lambda: _check_mailbox(session)


def _check_mailbox(session: Session) -> None:
    imap = session.settings.imap
    if imap is None:
        raise WrongUsage("no-mailbox", "conduct.toml names no mailbox.", "Add a table [imap].")
    if imap.password_file is not None:
        check_secret(imap.password_file)
    if imap.ca_file is not None and not imap.ca_file.is_file():
        raise WrongUsage("unreadable-file", f"imap.ca_file: {imap.ca_file} is no file.")
    if imap.password_file is None and imap.password_command is None:
        raise WrongUsage(
            "no-password", "imap has no password_file and no password_command.", "Set one, or use systemd's credential."
        )
