"""``conduct mail release``: lift a conflict hold for another member."""

from __future__ import annotations

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.desk import at_desk
from records import granting, mail, members


@click.command("release")
@click.argument("mail_id", metavar="ID")
@click.argument("member")
@format_option()
@pass_session
def command(session: Session, mail_id: str, member: str) -> None:
    """Let a member read a mail that was held from her because it names her.  Another member says so, never herself."""
    with at_desk(session) as desk, desk.acting() as transaction:
        stored, to = mail.one(transaction, mail_id), members.find(transaction, member)
        may_read = granting.release_mail(transaction, desk.keyring, stored.mail, to, desk.now)
    told = "may read it now" if may_read else "is still kept from its case: `conduct member unrecuse` lifts that"
    emit(
        session,
        f"{stored.mail} is released; {to.member.name} {told}.",
        {"id": stored.mail, "member": to.member.name, "released": True, "may_read": may_read},
    )
