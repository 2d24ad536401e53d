"""``conduct case merge``: file a draft with another case."""

from __future__ import annotations

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.desk import at_desk
from records import cases, merging


@click.command("merge")
@click.argument("case")
@click.argument("into")
@format_option()
@pass_session
def command(session: Session, case: str, into: str) -> None:
    """File the mail of a draft with another case.

    The threads stay apart: whoever writes in one never joins the other.
    """
    with at_desk(session) as desk, desk.acting() as transaction:
        draft, target = cases.find(transaction, case), cases.find(transaction, into)
        merging.merge(transaction, desk.keyring, draft, target, desk.now)
    emit(
        session,
        f"The mail of {draft.code_name} is filed with {target.code_name}.",
        {"case": draft.code_name, "into": target.code_name},
    )
