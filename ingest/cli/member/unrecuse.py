"""``conduct member unrecuse``: let a member back into a case."""

from __future__ import annotations

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.cli.parameters import CODE_NAME
from ingest.desk import at_desk
from records import cases, granting, members


@click.command("unrecuse")
@click.argument("name")
@click.argument("case", type=CODE_NAME)
@format_option()
@pass_session
def command(session: Session, name: str, case: str) -> None:
    """Lift a recusal, and grant what is due again.  Another member does it, never herself."""
    with at_desk(session) as desk, desk.acting() as transaction:
        member, found = members.find(transaction, name), cases.find(transaction, case)
        granting.unrecuse(transaction, desk.keyring, found, member, desk.now)
    emit(
        session,
        f"{member.member.name} may work on {found.code_name} again.",
        {"member": member.member.name, "case": found.code_name},
    )
