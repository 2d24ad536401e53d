"""``conduct mail list``: the mails that this member may read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import Table, emit, format_option
from ingest.desk import at_desk
from policies.case import CaseId
from policies.mail import Address, Message
from records import cases, granting, viewing
from records.viewing import ShownMail


@click.command("list")
@click.option("--case", metavar="CASE", help="Only the mails of this case.")
@format_option()
@pass_session
def command(session: Session, case: str | None) -> None:
    """List the mails that were granted to you, oldest first."""
    with at_desk(session) as desk, desk.looking() as transaction:
        wanted = cases.find(transaction, case).id if case else None
        names = cases.names_for_mail(transaction)
        people_here = viewing.handler_names(transaction)
        held = granting.held(transaction)
        found = [
            _answer(each, names, people_here, held.get(each.stored.mail, ()))
            for each in viewing.find_mail(transaction, desk.keyring)
            if wanted is None or wanted in each.stored.cases
        ]
    headings = ("ID", "RECEIVED", "CASE", "KIND", "FROM", "SUBJECT", "")
    emit(session, Table(headings, [_row(each) for each in found], "No mail that you may read."), {"mail": found})


def _answer(
    each: ShownMail, names: dict[CaseId, str], members: dict[str, str], held: tuple[str, ...]
) -> dict[str, Any]:
    stored, draft = each.stored, each.draft
    message = draft.message if draft and draft.message else Message()
    return {
        "id": stored.mail,
        "received": stored.received,
        "case": cases.name_of(stored.cases, names),
        "kind": stored.kind,
        "from": people(message.from_),
        "subject": message.subject,
        "sha256": draft.sha256 if draft else None,
        "bytes": stored.size,
        "flags": list(stored.flags),
        "copy_of": stored.copy_of,
        "bounce_of": stored.bounce_of,
        "forwarded_by": members.get(stored.forwarded_by or ""),
        "held_from": list(held),
    }


def people(addresses: Iterable[Address]) -> str:
    """Who they are, address first: a display name can say anything."""
    return ", ".join(f"{one.address} ({one.name})" if one.name else one.address for one in addresses)


def _row(answer: dict[str, Any]) -> tuple[str, ...]:
    marks = [f"forwarded by {answer['forwarded_by']}"] if answer["forwarded_by"] else []
    marks += [*answer["flags"], *(f"held from {name}" for name in answer["held_from"])]
    return (
        answer["id"],
        answer["received"].strftime("%Y-%m-%d %H:%M"),
        answer["case"] or "-",
        answer["kind"].value,
        answer["from"] or "-",
        answer["subject"] or "-",
        ", ".join(marks),
    )
