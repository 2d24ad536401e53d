"""``conduct consent add``: put a permission in writing on record."""

from __future__ import annotations

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.desk import at_desk
from policies.case import Status
from policies.errors import WrongUsage
from policies.mail import MailId
from records import cases, facts
from records.facts import Permission

_ROLES = ("organiser", "board", "subject", "reporter", "witness", "outsider")


@click.command("add")
@click.argument("case")
@click.option("--person", required=True, metavar="ADDR", help="Who permits it.")
@click.option("--to", "to", required=True, multiple=True, metavar="*|ADDR|ROLE", help="To whom; may be repeated.")
@click.option(
    "--scope",
    required=True,
    multiple=True,
    type=click.Choice(["identity", "content"]),
    help="To be named, or to have the words passed on.",
)
@click.option("--mail", "mail_id", required=True, metavar="ID", help="The stored mail that gives it.")
@format_option()
@pass_session
def command(
    session: Session, case: str, person: str, to: tuple[str, ...], scope: tuple[str, ...], mail_id: str
) -> None:
    """Put on record that a person permits, in a mail of the case, to be named or to have her words passed on.

    The policy: never "without the express written permission of the person concerned".
    """
    if "@" not in person or any(one != "*" and "@" not in one and one not in _ROLES for one in to):
        raise WrongUsage(
            "bad-consent", "A person or a recipient was not understood.", f"Give addresses, *, or: {', '.join(_ROLES)}."
        )
    wanted = Permission("", person, to, scope, "", MailId(mail_id), None)
    with at_desk(session) as desk, desk.acting() as transaction:
        found = cases.find(transaction, case)
        cases.require(found, Status.OPEN, Status.CLOSED)
        given = facts.permit(transaction, desk.keyring, found, wanted, desk.now)
    emit(
        session,
        f"On record for {found.code_name} as {given.id}. It goes with the case.",
        {"case": found.code_name, "consent": given.id, "scope": list(given.scope), "to": list(given.to)},
    )
