"""``conduct member recuse``: keep a member from a case."""

from __future__ import annotations

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.cli.parameters import CODE_NAME
from ingest.desk import signer_for
from records import cases, granting, members


@click.command("recuse")
@click.argument("name")
@click.argument("case", type=CODE_NAME)
@format_option()
@pass_session
def command(session: Session, name: str, case: str) -> None:
    """Take a case and its mail from a member, now and for what is to come.  No reason is asked."""
    with signer_for(session) as (store, signer, now), store.writing() as transaction:
        member, found = members.find(transaction, name), cases.find(transaction, case)
        taken = granting.recuse(transaction, signer, found, member, now)
    emit(
        session,
        f"{member.member.name} is kept from {found.code_name}; {taken} grants were taken from her.",
        {"member": member.member.name, "case": found.code_name, "grants": taken},
    )
