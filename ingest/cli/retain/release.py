"""``conduct retain release``: lift the holds of a case."""

from __future__ import annotations

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.desk import at_desk
from records import cases, waiting


@click.command("release")
@click.argument("case")
@format_option()
@pass_session
def command(session: Session, case: str) -> None:
    """Lift every hold of a case; its own dates count again."""
    with at_desk(session) as desk, desk.acting() as transaction:
        found = cases.find(transaction, case)
        lifted = waiting.release(transaction, desk.keyring, found, desk.now)
    emit(session, f"{found.code_name} is held no longer.", {"case": found.code_name, "released": lifted})
