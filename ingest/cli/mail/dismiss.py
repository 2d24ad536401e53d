"""``conduct mail dismiss``: say that a mail is no report and belongs to no case."""

from __future__ import annotations

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.desk import at_desk
from policies.case import Status
from policies.errors import Refused
from records import audit, cases, mail, parts


@click.command("dismiss")
@click.argument("mail_id", metavar="ID")
@click.option("--reason", required=True, metavar="TEXT", help="Why; kept sealed with the mail.")
@format_option()
@pass_session
def command(session: Session, mail_id: str, reason: str) -> None:
    """Say that a mail is no report and belongs to no case: its term for unlinked mail begins."""
    with at_desk(session) as desk, desk.acting() as transaction:
        stored = mail.one(transaction, mail_id)
        for each in stored.cases:
            found = cases.get(transaction, each)
            if found.status is not Status.DISMISSED:
                raise Refused(
                    "has-case",
                    f"This mail belongs to {found.code_name}.",
                    "Dismiss the draft: conduct case dismiss CASE --reason TEXT.",
                )
        digest = parts.add_note(transaction, desk.keyring, mail.object_id(stored.mail), "dismiss", reason)
        mail.triage(transaction, stored.mail, desk.today)
        audit.append(transaction, desk.keyring, desk.now, "dismiss-mail", stored.mail, reason=digest)
    days = desk.policy.unlinked_mail_days
    emit(session, f"{stored.mail} goes in {days} days.", {"id": stored.mail, "triaged_on": desk.today})
