"""``conduct case lift``: a ban ends before its date."""

from __future__ import annotations

from datetime import date

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.cli.parameters import DAY
from ingest.cli.retain.showing import derivation, item_json
from ingest.desk import at_desk
from policies import retention
from records import cases
from records.closing import lift
from records.snapshot import make_plan


@click.command("lift")
@click.argument("case")
@click.option("--subject", type=int, metavar="N", help="Whose ban; the only one by default.")
@click.option("--on", type=DAY, metavar="DATE", help="The day on which it ends; today by default.")
@format_option()
@pass_session
def command(session: Session, case: str, subject: int | None, on: date | None) -> None:
    """End a ban before its date, or a permanent one; the record's term runs from that day."""
    with at_desk(session) as desk:
        with desk.acting() as transaction:
            found = cases.find(transaction, case)
            row = lift(transaction, desk.keyring, found, subject, on or desk.today, desk.now)
            items = retention.case_items(make_plan(transaction, desk.policy, desk.today), found.id)
        lines = [derivation(session, item) for item in items]
    emit(
        session,
        [
            f"The ban of subject {row.n} in {found.code_name} ended on {row.lifted_on}.",
            *(f"  {line}" for line in lines),
        ],
        {
            "case": found.code_name,
            "subject": row.n,
            "lifted_on": row.lifted_on,
            "expunge_on": retention.expunge_on(items),
            "retention": [entry for item in items for entry in item_json(session, item)],
        },
    )
