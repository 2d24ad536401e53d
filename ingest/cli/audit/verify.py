"""``conduct audit verify``: whether chain, roster, anchor and pins agree."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from ingest import wiring
from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.desk import read_pin
from policies.errors import ConductError
from records import audit
from records.audit import Pin
from records.checking import check


@click.command("verify")
@format_option()
@pass_session
def command(session: Session) -> int:
    """Compare the audit chain with its signatures, the roster, its noted end, and what stands beside your identity.

    Exit status 0: whole; 1: something was tampered with.  Needs no passphrase.
    """
    pins, problems = _pins(session)
    with contextlib.closing(wiring.open_store(session.home, session.settings)) as store, store.reading() as transaction:
        problems += check(transaction, list(pins.values()))
        entries = audit.end(transaction).count if not problems else None
    text = "\n".join(problems) or f"{entries} acts, all as they were written; {len(pins)} pins compared."
    emit(session, text, {"ok": not problems, "entries": entries, "pins": list(pins), "problems": problems})
    return 1 if problems else 0


def _pins(session: Session) -> tuple[dict[Path, Pin], list[str]]:
    pins: dict[Path, Pin] = {}
    problems = []
    for identity in session.identity_files():
        file = identity.with_suffix(".pin")
        try:
            pin = read_pin(file)
        except ConductError as error:
            problems.append(str(error))
            continue
        if pin is not None:
            pins[file] = pin
    return pins, problems
