"""``conduct mail file``: file a mail that the program could not place with a case."""

from __future__ import annotations

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.desk import at_desk
from policies.case import Status
from policies.errors import Refused
from records import audit, cases, mail


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
        cases.require(found, Status.DRAFT, Status.OPEN, Status.CLOSED)
        mail.opened(transaction, desk.keyring, stored.mail)
        if any(cases.get(transaction, each).status is not Status.DISMISSED for each in stored.cases):
            raise Refused(
                "filed-already",
                "This mail belongs to a case already.",
                "Merge its draft: conduct case merge CASE INTO.",
            )
        mail.file_thread(transaction, stored.thread, found.id)
        audit.append(transaction, desk.keyring, desk.now, "mail", found.code_name, mail=stored.mail)
    emit(session, f"{stored.mail} is filed with {found.code_name}.", {"id": stored.mail, "case": found.code_name})
