"""``conduct case accept``: a member makes a draft a record."""

from __future__ import annotations

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option, say
from ingest.desk import at_desk
from policies.case import ReporterKind
from policies.naming import parse_subject
from records import cases
from records.accepting import Acceptance, accept
from records.editing import parse_fields
from records.linking import Matches
from records.waiting import Act


@click.command("accept")
@click.argument("case")
@click.argument("fields", nargs=-1, metavar="[FIELD=VALUE]...")
@click.option(
    "--reporter-kind",
    type=click.Choice([kind.value for kind in ReporterKind]),
    default=ReporterKind.PRIVATE.value,
    show_default=True,
    help="Whether the record may name who reported.",
)
@click.option(
    "--subject", "subjects", multiple=True, metavar="TEXT", help='A named subject: "Name <address, handle or URL>".'
)
@click.option(
    "--same-person", is_flag=True, help="Earlier records with the very same contact are about the same person."
)
@format_option()
@pass_session
def command(
    session: Session,
    case: str,
    fields: tuple[str, ...],
    reporter_kind: str,
    subjects: tuple[str, ...],
    same_person: bool,
) -> None:
    """Make a draft a record of the committee.

    Nothing is filled in by itself: what the draft suggests, `conduct case show` prints with the words it comes
    from.  Every present member can read the record; a private reporter stays with those who could read her mail.
    """
    acceptance = Acceptance(
        ReporterKind(reporter_kind), tuple(parse_subject(text) for text in subjects), same_person, parse_fields(fields)
    )
    with at_desk(session) as desk, desk.acting() as transaction:
        found = cases.find(transaction, case)
        accepted = accept(transaction, desk.keyring, found, acceptance, desk.now)
    emit(
        session,
        [
            f"{found.code_name} is a record now, in your hands.",
            *match_lines(accepted.matches, found.code_name, same=same_person),
            *note_lines(accepted.note),
        ],
        {
            "case": found.code_name,
            "status": "open",
            "links": [
                {"subject": match.mine, "case": match.code_name, "n": match.n} for match in accepted.matches.found
            ],
            "not_compared": accepted.matches.not_compared,
            "act": accepted.note.id if accepted.note else None,
        },
    )
    if not subjects:
        say(f'Nobody is named yet: conduct case edit {found.code_name.replace(" ", "-")} --subject "Name <contact>"')


def match_lines(matches: Matches, code_name: str, *, same: bool) -> list[str]:
    """What to tell about earlier records that share a contact."""
    lines = []
    for match in matches.found:
        if same:
            lines.append(f"Subject {match.mine} is the same person as subject {match.n} of {match.code_name}.")
            continue
        lines.append(
            f"Subject {match.mine} shares a contact with subject {match.n} of {match.code_name}, which is held until "
            f"you say: conduct case same|other {_dashed(code_name)} {match.mine} {_dashed(match.code_name)} {match.n}"
        )
    if matches.not_compared:
        lines.append(f"{matches.not_compared} records are closed to you and were not compared; ask another member.")
    return lines


def note_lines(act: Act | None) -> list[str]:
    """What to tell about a general note that only one member has vouched for."""
    if act is None or act.agreed_by is not None:
        return []
    return [f"The general note stays only if a second member agrees: conduct agree {act.id}"]


def _dashed(code_name: str) -> str:
    return code_name.replace(" ", "-")
