"""``conduct consent withdraw``: a permission is void from now on."""

from __future__ import annotations

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.desk import at_desk
from records import cases, facts


@click.command("withdraw")
@click.argument("case")
@click.argument("consent")
@format_option()
@pass_session
def command(session: Session, case: str, consent: str) -> None:
    """Note that a permission was withdrawn; no draft passes by it any more."""
    with at_desk(session) as desk, desk.acting() as transaction:
        found = cases.find(transaction, case)
        facts.withdraw(transaction, desk.keyring, found, consent, desk.now)
    emit(
        session,
        f"{consent} is void from now on.",
        {"case": found.code_name, "consent": consent, "withdrawn": desk.today},
    )
