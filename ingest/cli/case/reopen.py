"""``conduct case reopen``: open a closed case again, to decide anew."""

from __future__ import annotations

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.desk import at_desk
from records import cases
from records.closing import reopen


@click.command("reopen")
@click.argument("case")
@click.option("--reason", required=True, metavar="TEXT", help="Why; kept sealed with the case.")
@format_option()
@pass_session
def command(session: Session, case: str, reason: str) -> None:
    """Open a closed case again: its outcomes are taken back, and no term runs until it is decided anew.

    What has been expunged stays so.
    """
    with at_desk(session) as desk, desk.acting() as transaction:
        found = cases.find(transaction, case)
        reopen(transaction, desk.keyring, found, reason, desk.now)
    emit(
        session,
        f"{found.code_name} is open again; decide it with conduct case close.",
        {"case": found.code_name, "status": "open"},
    )
