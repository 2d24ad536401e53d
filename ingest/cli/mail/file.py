"""``conduct mail file``: file a mail that the program could not place with a case."""

from __future__ import annotations

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.desk import at_desk
from records import cases, mail, merging


@click.command("file")
@click.argument("mail_id", metavar="ID")
@click.argument("case")
@format_option()
@pass_session
def command(session: Session, mail_id: str, case: str) -> None:
    """File a mail with a case, with the rest of its thread and what will be answered in it.

    For mail of our own that starts a thread, such as the letter to the person reported.  The mail of a draft is
    moved with `conduct case merge`.
    """
    with at_desk(session) as desk, desk.acting() as transaction:
        found, stored = cases.find(transaction, case), mail.one(transaction, mail_id)
        merging.file(transaction, desk.keyring, stored, found, desk.now)
    emit(session, f"{stored.mail} is filed with {found.code_name}.", {"id": stored.mail, "case": found.code_name})
