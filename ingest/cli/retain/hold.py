"""``conduct retain hold``: keep a case from being expunged."""

from __future__ import annotations

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.desk import at_desk
from policies.case import Status
from policies.errors import WrongUsage
from records import cases, waiting
from records.editing import parse_date


@click.command("hold")
@click.argument("case")
@click.option("--reason", required=True, metavar="TEXT", help="Why it must be kept; sealed with the case.")
@click.option("--until", metavar="DATE", help="When the hold ends by itself; until it is released by default.")
@format_option()
@pass_session
def command(session: Session, case: str, reason: str, until: str | None) -> None:
    """Keep everything of a case from being expunged.

    One member's hold lapses by itself; with a second member's word it lasts.
    """
    day = parse_date(until) if until else None
    with at_desk(session) as desk, desk.acting() as transaction:
        if day is not None and day <= desk.today:
            raise WrongUsage("past-date", "The hold would end before it begins.", "Give a day that is still to come.")
        found = cases.find(transaction, case)
        cases.require(found, Status.OPEN, Status.CLOSED)
        act = waiting.hold(transaction, desk.keyring, found, reason, day, desk.now)
    lines = [f"{found.code_name} is held."]
    if act.agreed_by is None:
        days = desk.policy.hold_days_alone
        lines.append(f"It lapses in {days} days unless a second member agrees: conduct agree {act.id}")
    emit(session, lines, {"case": found.code_name, "act": act.id, "agreed": act.agreed_by is not None})
