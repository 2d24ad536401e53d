"""``conduct case same``: two subjects are the same person."""

from __future__ import annotations

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.desk import at_desk
from records import cases, linking
from records.linking import State


@click.command("same")
@click.argument("case")
@click.argument("n", type=int)
@click.argument("other")
@click.argument("m", type=int)
@format_option()
@pass_session
def command(session: Session, case: str, n: int, other: str, m: int) -> None:
    """Say that subject N of CASE is the same person as subject M of OTHER: a new violation extends old records."""
    settle(session, case, n, other, m, "same")


def settle(session: Session, case: str, n: int, other: str, m: int, state: State) -> None:
    """Put a member's word about two subjects on record."""
    with at_desk(session) as desk, desk.acting() as transaction:
        here, there = cases.find(transaction, case), cases.find(transaction, other)
        linking.settle(transaction, desk.keyring, (here, n), (there, m), state, desk.now)
    words = "are the same person" if state == "same" else "are different people"
    emit(
        session,
        f"Subject {n} of {here.code_name} and subject {m} of {there.code_name} {words}.",
        {"case": here.code_name, "subject": n, "other": there.code_name, "other_subject": m, "state": state},
    )
