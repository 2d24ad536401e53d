"""``conduct findings show``: what the code in a refusal's text stands for."""

from __future__ import annotations

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option


@click.command("show")
@click.argument("code")
@format_option()
@pass_session
def command(session: Session, code: str) -> None:
    """Show what was found in the mail that was refused with CODE, such as 7F3K-QD.

    It is kept for a week, for the members who are kept from nothing that the mail is about.
    """
    from ingest.desk import at_desk
    from records import refusals

    with at_desk(session) as desk, desk.looking() as transaction:
        lines = refusals.read(transaction, desk.keyring, code, desk.today)
    emit(session, "\n".join(lines), {"code": refusals.as_code(code), "lines": list(lines)})
