"""``conduct audit list``: the acts in order."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from typing import Any

import click

from ingest import wiring
from ingest.cli.context import Session, pass_session
from ingest.cli.output import Table, emit, format_option
from policies import codenames
from policies.errors import ConductError, WrongUsage
from records import audit, members
from records.audit import Entry
from records.store import Transaction


@click.command("list")
@click.option("--about", metavar="WHAT", help="Only acts about this case, mail or member.")
@format_option()
@pass_session
def command(session: Session, about: str | None) -> None:
    """List who did what when.  Needs no key: the chain holds code names, ids and counts, and nothing personal."""
    with contextlib.closing(wiring.open_store(session.home, session.settings)) as store, store.reading() as transaction:
        names = _names(transaction)
        wanted = None if about is None else _meant(about, names)
        found = [_answer(entry, names) for entry in audit.entries(transaction, wanted)]
    headings = ("NO.", "AT", "WHO", "ACT", "ABOUT", "DETAILS")
    emit(session, Table(headings, [_row(each) for each in found], "No acts."), {"entries": found})


def _names(transaction: Transaction) -> Mapping[str, str]:
    """Members' names by id; none where the roster was tampered with: then the list is all the more needed."""
    try:
        return {each.member.id: each.member.name for each in members.load(transaction)}
    except ConductError:
        return {}


def _meant(about: str, names: Mapping[str, str]) -> str:
    by_name = {name.casefold(): member for member, name in names.items()}
    if about.casefold() in by_name:
        return by_name[about.casefold()]
    try:
        return codenames.parse(about)
    except WrongUsage:
        return about  # the id of a mail or a member


def _answer(entry: Entry, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "number": entry.number,
        "at": entry.at,
        "actor": entry.actor,
        "name": names.get(entry.actor, entry.actor),
        "act": entry.act,
        "about": entry.about,
        "about_name": names.get(entry.about, entry.about),
        "details": entry.details,
    }


def _row(answer: dict[str, Any]) -> tuple[str, ...]:
    details = ", ".join(f"{key}={short(value)}" for key, value in answer["details"].items() if value is not None)
    at = answer["at"].strftime("%Y-%m-%d %H:%M:%S")
    return str(answer["number"]), at, answer["name"], answer["act"], answer["about_name"] or "-", details


def short(value: object) -> str:
    """A detail in a line's length."""
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= 32 else f"{text[:16]}..."  # noqa: PLR2004  digests are for programs
