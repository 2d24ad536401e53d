"""``conduct findings show``: what the code in a refusal stands for, or what is wrong with a mail that was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from policies.errors import WrongUsage
from policies.mail import Kind, MailId

if TYPE_CHECKING:
    from ingest.desk import Desk


@click.command("show")
@click.argument("code", metavar="CODE|ID")
@format_option()
@pass_session
def command(session: Session, code: str) -> None:
    """Show what was found in the mail that was refused with CODE, such as 7F3K-QD.

    It is kept for a week, for the members who are kept from nothing that the mail is about.  With the ID of a stored
    mail instead, that mail is checked now, with what you may read: a notice about a mail that was sent gives its ID.
    """
    from ingest.desk import at_desk
    from records import mail, refusals

    with at_desk(session) as desk:
        with desk.looking() as transaction:
            stored = next(iter(mail.stored(transaction, [MailId(code)])), None)
            if stored is None:
                lines = refusals.read(transaction, desk.keyring, code, desk.today)
                return emit(session, "\n".join(lines), {"code": refusals.as_code(code), "lines": list(lines)})
            if stored.kind is not Kind.SENT:
                raise WrongUsage(
                    "not-ours", "That mail is not one that the committee sent.", "conduct mail show shows what it says."
                )
            raw = b"".join(mail.raw(transaction, desk.keyring, stored.mail))
        lines = _checked_now(desk, raw)
    return emit(session, "\n".join(lines), {"mail": stored.mail, "lines": list(lines)})


def _checked_now(desk: Desk, raw: bytes) -> tuple[str, ...]:
    """The report on a stored mail of ours."""
    from ingest.gate.judging import Gate

    with Gate(desk.session.home, desk.session.settings, desk.session.clock, lambda _: desk.keyring) as gate:
        judged = gate.judge(raw, (), "", keeps=False)
    return judged.report or (judged.trouble or "Nothing of it is for the committee to check.",)
