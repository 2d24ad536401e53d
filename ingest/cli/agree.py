"""``conduct agree``: the second member's word, or what waits for one."""

from __future__ import annotations

import contextlib
from typing import Any

import click

from ingest import wiring
from ingest.cli.context import Session, pass_session
from ingest.cli.output import Table, emit, format_option
from ingest.desk import at_desk
from records import cases, members, waiting
from records.store import Transaction
from records.waiting import Act, StoredDeviation, StoredHold


@click.command("agree")
@click.argument("act", required=False)
@format_option()
@pass_session
def command(session: Session, act: str | None) -> None:
    """Agree to what another member proposed; without ACT, list what waits for a second member's word."""
    if act is None:
        _list(session)
        return
    with at_desk(session) as desk, desk.acting() as transaction:
        agreed = waiting.agree(transaction, desk.keyring, act, desk.now)
        case = cases.get(transaction, agreed.case).code_name
    answer = {"act": agreed.id, "kind": agreed.kind, "case": case, "agreed_on": desk.today}
    emit(session, f"You agreed to the {agreed.kind} of {case}.", answer)


def _list(session: Session) -> None:
    with contextlib.closing(wiring.open_store(session.home, session.settings)) as store, store.reading() as transaction:
        found = _waiting(transaction)
    keys = ("act", "kind", "case", "until", "by", "on")
    rows = [tuple(str(each[key] or "-") for key in keys) for each in found]
    headings = ("ACT", "KIND", "CASE", "UNTIL", "PROPOSED BY", "ON")
    table = Table(headings, rows, "Nothing waits for a second member's word.")
    emit(session, table, {"acts": found})


def _waiting(transaction: Transaction) -> list[dict[str, Any]]:
    names: dict[str, str] = {each.member.id: each.member.name for each in members.load(transaction)}
    holds = {f"hold:{hold.id}": hold for hold in waiting.holds(transaction)}
    deviations = {f"deviation:{each.id}": each for each in waiting.deviations(transaction)}
    found = []
    for act in waiting.every(transaction):
        hold, deviation = holds.get(act.about), deviations.get(act.about)
        if act.agreed_by is None and not (hold is not None and hold.released_on is not None):
            by = names.get(act.by, act.by)
            found.append({**_what(act, hold, deviation), "case": cases.get(transaction, act.case).code_name, "by": by})
    return found


def _what(act: Act, hold: StoredHold | None, deviation: StoredDeviation | None) -> dict[str, Any]:
    until = hold.until if hold else deviation.until or "never" if deviation else None
    on = hold.placed_on if hold else deviation.decided_on if deviation else None
    return {"act": act.id, "kind": act.kind, "until": until, "on": on}
