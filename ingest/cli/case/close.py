"""``conduct case close``: record how a case ended, and see when it will be expunged."""

from __future__ import annotations

from datetime import date

import click

from ingest.cli.case.accept import note_lines
from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option, say
from ingest.cli.parameters import DAY
from ingest.cli.retain.showing import derivation, item_json
from ingest.cli.terminal import confirm
from ingest.desk import Desk, at_desk
from policies import retention
from policies.case import Outcome
from policies.closing import Decision
from policies.community import policy_digest
from policies.errors import Refused
from policies.retention import PlanItem
from records import cases
from records.closing import Closed, Grounds, close
from records.editing import Edit, parse_fields
from records.snapshot import make_plan
from records.store import Transaction


@click.command("close")
@click.argument("case")
@click.argument("fields", nargs=-1, metavar="[FIELD=VALUE]...")
@click.option(
    "--outcome", required=True, type=click.Choice([outcome.value for outcome in Outcome]), help="How it ended."
)
@click.option("--subject", type=int, metavar="N", help="About this subject only; about everybody alike by default.")
@click.option("--decided", type=DAY, metavar="DATE", help="The day of the decision; today by default.")
@click.option("--ban-from", type=DAY, metavar="DATE", help="When a ban begins; the day of the decision by default.")
@click.option("--ban-until", type=DAY, metavar="DATE", help="When a ban ends.")
@click.option("--permanent", is_flag=True, help="A ban without an end.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@format_option()
@pass_session
def command(
    session: Session,
    case: str,
    fields: tuple[str, ...],
    outcome: str,
    subject: int | None,
    decided: date | None,
    ban_from: date | None,
    ban_until: date | None,
    permanent: bool,
    yes: bool,
) -> None:
    """Close a case: how it ended, for all its subjects alike or for one, and what stays of it.

    The dates to expunge are shown with their derivation before anything is written.  What stays when the record is
    expunged: space=, category=, region=, and general_note= once a second member has agreed to it.
    """
    edit = parse_fields(fields)
    with at_desk(session) as desk:
        day = decided or desk.today
        decision = Decision(Outcome(outcome), day, subject, ban_from, ban_until, permanent)
        edit = _ask_for_what_stays(desk, case, edit)
        if session.may_ask and not yes:
            with desk.looking() as transaction:  # tried out, shown, and undone: nobody waits while a person reads
                _, _, items = _close(transaction, desk, case, decision, edit)
            say("\n".join(["This is when it goes:", *(derivation(session, item) for item in items)]))
            if not confirm(session, "Close it so?"):
                raise Refused("not-confirmed", "Nothing was closed.")
        with desk.acting() as transaction:
            found, closed, items = _close(transaction, desk, case, decision, edit)
        lines = [derivation(session, item) for item in items]
        for warning in closed.closing.warnings:
            say(f"Note: {warning}")
        answer = {
            "case": found.code_name,
            "status": "open" if closed.still_open else "closed",
            "expunge_on": retention.expunge_on(items),
            "retention": [entry for item in items for entry in item_json(session, item)],
            "warnings": list(closed.closing.warnings),
            "still_open": list(closed.still_open),
            "act": closed.note.id if closed.note else None,
        }
    emit(session, [*_words(found.code_name, closed), *(f"  {line}" for line in lines)], answer)


def _close(
    transaction: Transaction, desk: Desk, case: str, decision: Decision, edit: Edit
) -> tuple[cases.Case, Closed, tuple[PlanItem, ...]]:
    found = cases.find(transaction, case)
    closed = close(transaction, desk.keyring, found, decision, edit, _grounds(desk), desk.now)
    return found, closed, retention.case_items(make_plan(transaction, desk.policy, desk.today), found.id)


def _grounds(desk: Desk) -> Grounds:
    settings = desk.session.settings
    return Grounds(policy_digest(desk.policy), (settings.address, *settings.aliases))


def _ask_for_what_stays(desk: Desk, case: str, edit: Edit) -> Edit:
    """Ask a person at a terminal for the coded general facts that are still empty; others give FIELD=VALUE."""
    if not desk.session.may_ask:
        return edit
    with desk.looking() as transaction:
        missing = _missing(transaction, case, edit)
    answers = {name: click.prompt(f"{name} (stays; empty is allowed)", default="", err=True) for name in missing}
    return Edit({**answers, **edit.fields})


def _missing(transaction: Transaction, case: str, edit: Edit) -> list[str]:
    found = cases.find(transaction, case)
    names = ("space", "category", "region")
    return [name for name in names if not getattr(found, name) and name not in edit.fields]


def _words(code_name: str, closed: Closed) -> list[str]:
    if closed.still_open:
        numbers = ", ".join(str(n) for n in closed.still_open)
        return [f"{code_name}: decided. Still without an outcome: subject {numbers}."]
    return [*note_lines(closed.note), f"{code_name} is closed. When its parts go, and why:"]
