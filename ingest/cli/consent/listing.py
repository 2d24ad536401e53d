"""``conduct consent list``: the permissions of a case."""

from __future__ import annotations

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import Table, emit, format_option
from ingest.desk import at_desk
from records import cases, facts


@click.command("list")
@click.argument("case")
@format_option()
@pass_session
def command(session: Session, case: str) -> None:
    """List who permits what to whom, and from when a decision may be announced."""
    with at_desk(session) as desk, desk.looking() as transaction:
        found = cases.find(transaction, case)
        given = facts.permissions(transaction, desk.keyring, found)
        first_day = facts.right_of_reply(transaction, desk.keyring, found)
    rows = [
        (one.id, one.person, ", ".join(one.scope), ", ".join(one.to), one.mail, str(one.withdrawn or ""))
        for one in given
    ]
    headings = ("CONSENT", "PERSON", "SCOPE", "TO", "MAIL", "WITHDRAWN")
    emit(
        session,
        [
            Table(headings, rows, "No permission is on record."),
            f"A decision may be announced: {first_day or 'not yet'}",
        ],
        {
            "case": found.code_name,
            "consents": [
                {
                    "consent": one.id,
                    "person": one.person,
                    "to": list(one.to),
                    "scope": list(one.scope),
                    "mail": one.mail,
                    "withdrawn": one.withdrawn,
                }
                for one in given
            ],
            "right_of_reply": first_day,
        },
    )
