"""``conduct retain deviate``: another date than the policy's, in exceptional circumstances."""

from __future__ import annotations

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.desk import at_desk
from policies.case import Status
from policies.errors import WrongUsage
from records import cases, linking, waiting
from records.editing import parse_date


@click.command("deviate")
@click.argument("case")
@click.option("--subject", type=int, metavar="N", help="Which subject's row; the only one by default.")
@click.option("--until", required=True, metavar="DATE|never", help="The new date to expunge.")
@click.option("--reason", required=True, metavar="TEXT", help="The exceptional circumstances; sealed with the case.")
@format_option()
@pass_session
def command(session: Session, case: str, subject: int | None, until: str, reason: str) -> None:
    """Propose another date to expunge; it takes effect when a second member agrees.

    The policy: "The committee can deviate from the retention terms in exceptional circumstances."
    """
    day = None if until == "never" else parse_date(until)
    with at_desk(session) as desk, desk.acting() as transaction:
        found = cases.find(transaction, case)
        cases.require(found, Status.CLOSED)
        n = _which(cases.rows_of(transaction, found.id), subject)
        row = linking.row_of(transaction, found, n)
        act = waiting.deviate(transaction, desk.keyring, found, row, day, reason, desk.now)
    agreed = act.agreed_by is not None
    lines = [f"{found.code_name}: {until} is {'the new date' if agreed else 'proposed as the new date'}."]
    lines += [] if agreed else [f"It takes effect when a second member agrees: conduct agree {act.id}"]
    emit(session, lines, {"case": found.code_name, "until": day, "act": act.id, "agreed": agreed})


def _which(rows: list[cases.Row], subject: int | None) -> int:
    if subject is not None:
        return subject
    if len(rows) == 1:
        return rows[0].n
    raise WrongUsage("which-subject", "The case names several people.", "Say which with --subject N.")
