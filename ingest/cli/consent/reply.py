"""``conduct consent reply``: from which day a decision may be announced to the person reported."""

from __future__ import annotations

from datetime import date

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.cli.parameters import DAY
from ingest.desk import at_desk
from policies.case import Status
from records import cases, facts


@click.command("reply")
@click.argument("case")
@click.option("--from", "first_day", required=True, type=DAY, metavar="DATE", help="The first such day.")
@click.option(
    "--reason", required=True, metavar="TEXT", help="The answer came, the time is over, or why it was waived."
)
@format_option()
@pass_session
def command(session: Session, case: str, first_day: date, reason: str) -> None:
    """Note from which day a decision may be announced: the right of reply has been had, or waived with a reason."""
    with at_desk(session) as desk, desk.acting() as transaction:
        found = cases.find(transaction, case)
        cases.require(found, Status.OPEN, Status.CLOSED)
        facts.allow_decision(transaction, desk.keyring, found, first_day, reason, desk.now)
    emit(
        session,
        f"A decision in {found.code_name} may be announced from {first_day} on.",
        {"case": found.code_name, "right_of_reply": first_day},
    )
