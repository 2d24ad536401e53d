"""``conduct case edit``: change fields of a record, or name another subject."""

from __future__ import annotations

import click

from ingest.cli.case.accept import match_lines, note_lines
from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.desk import at_desk
from policies.case import Status
from policies.errors import WrongUsage
from policies.naming import parse_subject
from records import audit, cases, linking
from records.accepting import name_subjects
from records.editing import apply_edit, parse_fields
from records.linking import Matches


@click.command("edit")
@click.argument("case")
@click.argument("fields", nargs=-1, metavar="[FIELD=VALUE]...")
@click.option(
    "--subject",
    "subjects",
    multiple=True,
    metavar="TEXT",
    help='Name one more subject: "Name <address, handle or URL>".',
)
@click.option(
    "--same-person", is_flag=True, help="Earlier records with the very same contact are about the same person."
)
@format_option()
@pass_session
def command(session: Session, case: str, fields: tuple[str, ...], subjects: tuple[str, ...], same_person: bool) -> None:
    """Change fields of an open record; an empty value takes the old one away.

    A general note stays for ever once a second member has agreed that it names nobody.
    """
    if not fields and not subjects:
        raise WrongUsage("nothing-to-do", "Nothing is to be changed.", "Give FIELD=VALUE, or --subject.")
    named = [parse_subject(text) for text in subjects]
    edit = parse_fields(fields)
    matches = Matches((), 0)
    with at_desk(session) as desk, desk.acting() as transaction:
        found = cases.find(transaction, case)
        cases.require(found, Status.OPEN)
        act = apply_edit(transaction, desk.keyring, found, edit, desk.now)
        if named:
            name_subjects(transaction, desk.keyring, found, named)
            matches = linking.link_matches(transaction, desk.keyring, found, same_person=same_person, at=desk.now)
        audit.append(
            transaction,
            desk.keyring,
            desk.now,
            "edit",
            found.code_name,
            fields=sorted(edit.fields),
            subjects=len(named),
        )
    lines = [f"{found.code_name} is changed.", *match_lines(matches, found.code_name, same=same_person)]
    lines += note_lines(act)
    emit(session, lines, {"case": found.code_name, "changed": sorted(edit.fields), "act": act.id if act else None})
