"""``conduct case dismiss``: say that a draft is no report."""

from __future__ import annotations

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.desk import at_desk
from records import cases


@click.command("dismiss")
@click.argument("case")
@click.option("--reason", required=True, metavar="TEXT", help="Why it is no report; kept sealed with the mail.")
@format_option()
@pass_session
def command(session: Session, case: str, reason: str) -> None:
    """Say that a draft is no report.  Its mail is destroyed when the term for such mail is over, not before."""
    with at_desk(session) as desk, desk.acting() as transaction:
        found = cases.find(transaction, case)
        cases.dismiss(transaction, desk.keyring, found, reason, desk.now)
    days = desk.policy.unlinked_mail_days
    emit(
        session,
        f"{found.code_name} is dismissed; its mail goes in {days} days, by another member's hand.",
        {"case": found.code_name, "status": "dismissed"},
    )
