"""``conduct member list``: everybody who is or was a member."""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import Any

import click

from ingest import wiring
from ingest.cli.context import Session, pass_session
from ingest.cli.output import Table, emit, format_option
from records import members
from records.members import Enrolled
from records.vault.identity import spoken_words


@click.command("list")
@format_option()
@pass_session
def command(session: Session) -> None:
    """List the roster, former members included.  Needs no key: the roster is signed, not sealed."""
    with contextlib.closing(wiring.open_store(session.home, session.settings)) as store, store.reading() as transaction:
        found = [_answer(each) for each in members.load(transaction)]
    headings = ("NAME", "ADDRESSES", "SINCE", "UNTIL", "WORDS OF THE KEY")
    emit(session, Table(headings, [_row(each) for each in found], "Nobody."), {"members": found})


def _answer(each: Enrolled) -> dict[str, Any]:
    member = each.member
    last = member.periods[-1] if member.periods else None
    return {
        "id": member.id,
        "name": member.name,
        "addresses": member.addresses,
        "handles": member.handles,
        "nicknames": member.nicknames,
        "present": member.is_present,
        "since": _day(last.start if last else None),
        "until": _day(last.end if last else None),
        "terms": [{"since": _day(term.start), "until": term.end} for term in member.periods],
        "words": spoken_words(each.public.fingerprint),
    }


def _day(instant: datetime | None) -> object:
    return None if instant is None else instant.date()


def _row(answer: dict[str, Any]) -> tuple[str, ...]:
    return (
        answer["name"] if answer["present"] else f"{answer['name']} (former)",
        ", ".join(answer["addresses"]),
        str(answer["since"] or "the beginning"),
        str(answer["until"] or "-"),
        " ".join(answer["words"]),
    )
