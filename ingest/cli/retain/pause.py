"""``conduct retain pause``: the unattended sweep stands still until a member resumes it."""

from __future__ import annotations

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.desk import at_desk
from records import sweeping


@click.command("pause")
@click.option("--reason", required=True, metavar="TEXT", help="Why; every member of today can read it.")
@format_option()
@pass_session
def command(session: Session, reason: str) -> None:
    """Have the unattended sweep destroy nothing until a member resumes it.

    A member can still carry out what is due: conduct retain apply.  The reason goes after the days for unlinked mail;
    the pause lasts.
    """
    with at_desk(session) as desk, desk.acting() as transaction:
        sweeping.pause(transaction, desk.keyring, reason, desk.now)
    lines = ["The unattended sweep is paused, until somebody says: conduct retain resume"]
    if not desk.policy.unattended:
        lines.append("It is not enabled anyway (retention.unattended = false).")
    emit(session, lines, {"state": "paused", "since": desk.now, "enabled": desk.policy.unattended})
