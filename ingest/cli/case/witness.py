"""``conduct case witness``: who saw or heard it, so that no mail gives them away either."""

from __future__ import annotations

from typing import Any

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.desk import at_desk
from policies.case import Subject
from policies.naming import parse_subject, print_subject
from records import cases, parts, witnesses


@click.command("witness")
@click.argument("case")
@click.option("--add", "added", multiple=True, metavar="TEXT", help='One more: "Name <address, handle or URL>".')
@click.option("--remove", "removed", multiple=True, type=int, metavar="N", help="Take one off the record, by number.")
@format_option()
@pass_session
def command(session: Session, case: str, added: tuple[str, ...], removed: tuple[int, ...]) -> None:
    """Show the witnesses of a record, put one on it, or take one off.

    The check of outgoing mail protects them as it protects the reporter.  Whoever may read the record may read them;
    they are destroyed with what is known of the reporter, also where the rest of the record stays.
    """
    named = [parse_subject(text) for text in added]
    with at_desk(session) as desk:
        if named or removed:
            with desk.acting() as transaction:
                found = cases.find(transaction, case)
                known = witnesses.change(transaction, desk.keyring, found, named, removed, desk.now)
        else:
            with desk.looking() as transaction:
                found = cases.find(transaction, case)
                desk.keyring.key(transaction, parts.case_object(found.id))
                known = witnesses.of(transaction, desk.keyring, found.id)
    lines = witness_lines(known) or [f"No witness of {found.code_name} is on record."]
    emit(session, lines, {"case": found.code_name, "witnesses": witnesses_json(known)})


def witness_lines(known: tuple[Subject, ...]) -> list[str]:
    """One numbered line each."""
    return [f"  {number}. {print_subject(each)}" for number, each in enumerate(known, start=1)]


def witnesses_json(known: tuple[Subject, ...]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [{"n": number, **parts.subject_value(each)} for number, each in enumerate(known, start=1)]
