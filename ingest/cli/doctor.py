"""``conduct doctor``: what works and what does not, one line each, with what to do."""

from __future__ import annotations

import click

from ingest import checkup
from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.clock import Clock
from ingest.config import Settings, load_settings
from policies.errors import WrongUsage


@click.command("doctor")
@format_option()
@pass_session
def command(session: Session) -> int:
    """Look at files, configuration, stores and mailbox, and say what is wrong and what to do.

    Needs no passphrase and changes nothing.  What this user may not look at is said to be so.
    """
    patient = checkup.Patient(
        home=session.home,
        environ=session.environ,
        settings=lambda: _settings(session),
        now=lambda: session.clock.now(),  # noqa: PLW0108  the clock is asked for after the settings
        wall=Clock().now(),
        identities=session.identity_files(),
        passphrase_file=session.passphrase_file,
    )
    findings = checkup.examine(patient)
    emit(session, "\n".join(_line(finding) for finding in findings), {"checks": [_answer(one) for one in findings]})
    return checkup.exit_status(findings)


def _settings(session: Session) -> Settings:
    try:
        return session.settings
    except WrongUsage as error:
        if error.code != "loose-mode":
            raise
        # Said already, of every file; the rest can be looked at all the same.
        session.settings = load_settings(session.home)
        return session.settings


def _line(finding: checkup.Finding) -> str:
    return f"{finding.state.value:<12}{finding.check:<14}{finding.sentence} {finding.hint}".rstrip()


def _answer(finding: checkup.Finding) -> dict[str, str]:
    return {
        "check": finding.check,
        "state": finding.state.value,
        "message": finding.sentence,
        "hint": finding.hint,
    }
