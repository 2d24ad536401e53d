"""``conduct case show``: one case as far as this member may read it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any, Final

import click

from ingest.cli.audit.listing import short
from ingest.cli.case.listing import gravest
from ingest.cli.case.unanswered import unanswered_json, unanswered_lines
from ingest.cli.case.witness import witness_lines, witnesses_json
from ingest.cli.context import Session, pass_session
from ingest.cli.output import emit, format_option
from ingest.cli.retain.showing import derivation, item_json
from ingest.desk import Desk, at_desk
from policies import retention
from policies.case import ACCOUNT_FIELDS, FIELDS, GENERAL_FIELDS, Outcome, Status, Suggestion
from policies.naming import print_subject
from policies.retention import PlanItem
from records import cases, granting, viewing
from records.answering import without_answer
from records.audit import Entry
from records.cases import Row
from records.snapshot import make_plan
from records.store import Transaction
from records.suggesting import may_belong_to, member_addresses
from records.viewing import CaseView, ShownMail

_DAY: Final = "date_of_first_report"


@click.command("show")
@click.argument("case")
@format_option()
@pass_session
def command(session: Session, case: str) -> None:
    """Show one case: the ten fields with what the mail suggests for them, its mail, its history, its dates.

    A suggestion is never filled in by itself; it stands with the words that it comes from.
    """
    with at_desk(session) as desk, desk.looking() as transaction:
        found = viewing.view(transaction, desk.keyring, cases.find(transaction, case))
        items = retention.case_items(make_plan(transaction, desk.policy, desk.today), found.case.id)
        answer = _answer(transaction, desk, found, items)
        names = viewing.handler_names(transaction)
        held = granting.held(transaction)
    text = "\n".join(_lines(session, found, answer, items, names, held))
    emit(session, text, answer)


def _answer(transaction: Transaction, desk: Desk, found: CaseView, items: Sequence[PlanItem]) -> dict[str, Any]:
    values = field_values(found, items)
    settings = desk.session.settings
    conduct = (settings.address, *settings.aliases)
    suggestions = suggested(found, viewing.handler_names(transaction))
    suggestions += may_belong_to(transaction, desk.keyring, found, conduct)
    waiting = without_answer(found, {*conduct, *member_addresses(transaction)})
    return {
        "case": found.case.code_name,
        "status": found.case.status,
        "reporter_kind": found.case.reporter_kind,
        "fields": {
            name: {
                "value": values.get(name),
                "suggestions": [suggestion_json(one) for one in suggestions if _is_for(one, name)],
            }
            for name in (*FIELDS, *GENERAL_FIELDS)
        },
        "other_suggestions": [_named_suggestion(one) for one in suggestions if one.field not in FIELDS],
        "subjects": [_subject(each, items) for each in found.subjects],
        "witnesses": witnesses_json(found.witnesses),
        "mail": [each.stored.mail for each in found.mails],
        "unanswered": unanswered_json(waiting),
        "history": [_entry(entry) for entry in found.history],
        "retention": [entry for item in items for entry in item_json(desk.session, item)],
        "closed_to_you": list(found.closed_parts),
    }


def written_days(found: CaseView, names: dict[str, str]) -> Iterator[Suggestion]:
    """The days that mails claim which members handed in, marked as such: they arrived later."""
    for each in found.mails:
        intake = each.draft.intake if each.draft else None
        for one in intake.suggestions if intake is not None else ():
            if one.field == _DAY:
                by = names.get(each.stored.forwarded_by or "", "a member")
                told = f"{by} forwarded it, it arrived on {each.stored.received:%Y-%m-%d}; {one.evidence}"
                yield dataclasses.replace(one, evidence=told)


def suggested(found: CaseView, names: dict[str, str]) -> list[Suggestion]:
    """Everything that a case's mail suggests."""
    return [*written_days(found, names), *(one for one in found.suggestions if one.field != _DAY)]


def field_values(found: CaseView, items: Sequence[PlanItem]) -> dict[str, Any]:
    """The ten fields and the general ones, as far as they are filled in."""
    case = found.case
    if case.status is Status.DRAFT:
        return {"date_of_first_report": case.reported_on}
    people = [each.subject for each in found.subjects if each.subject is not None]
    contacts = [contact for one in people for contact in (*one.addresses, *one.handles, *one.urls)]
    values: dict[str, Any] = {
        "date_of_first_report": case.reported_on,
        "reporter": viewing.shown_reporter(found) or None,
        "named_subjects": [name for one in people for name in (one.names or one.handles or one.addresses)] or None,
        "subject_contacts": contacts or None,
        "banned_or_flagged": _banned_or_flagged([each.row for each in found.subjects]),
        "expunge_on": retention.expunge_on(items),
    }
    values |= {name: found.account.get(name) or None for name in ACCOUNT_FIELDS}
    return values | {name: getattr(case, name) for name in GENERAL_FIELDS}


def _banned_or_flagged(rows: Sequence[Row]) -> str | None:
    outcome = gravest(rows)
    if outcome is None:
        return None
    if outcome is not Outcome.BANNED:
        return "flagged" if outcome is Outcome.FLAGGED else "none"
    row = next(row for row in rows if row.outcome is Outcome.BANNED)
    end = "permanently" if row.permanent and row.lifted_on is None else f"to {row.lifted_on or row.ban_until}"
    return f"banned from {row.ban_from} {end}"


def _is_for(suggestion: Suggestion, name: str) -> bool:
    return suggestion.field == name


def suggestion_json(one: Suggestion) -> dict[str, Any]:
    """A suggestion as JSON shows it."""
    return {"value": one.value, "evidence": one.evidence, "mail": one.mail, "line": one.line}


def _named_suggestion(one: Suggestion) -> dict[str, Any]:
    return {"about": one.field, **suggestion_json(one)}


def _subject(each: viewing.ShownSubject, items: Sequence[PlanItem]) -> dict[str, Any]:
    mine = next((item for item in items if item.part == "subject" and item.person == each.row.n), None)
    person = each.subject
    return {
        "n": each.row.n,
        "names": list(person.names) if person else [],
        "addresses": list(person.addresses) if person else [],
        "handles": list(person.handles) if person else [],
        "urls": list(person.urls) if person else [],
        "outcome": each.row.outcome,
        "decided_on": each.row.decided_on,
        "ban_from": each.row.ban_from,
        "ban_until": each.row.lifted_on or each.row.ban_until,
        "expunge_on": mine.date if mine else None,
        "expunged_on": each.row.expunged_on,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {"number": entry.number, "at": entry.at, "actor": entry.actor, "act": entry.act, "details": entry.details}


# --- as text


def _lines(
    session: Session,
    found: CaseView,
    answer: dict[str, Any],
    items: Sequence[PlanItem],
    names: dict[str, str],
    held: dict[str, tuple[str, ...]],
) -> Iterator[str]:
    case = found.case
    yield f"{case.code_name}, {case.status.value}, first report received {case.received:%Y-%m-%d %H:%M} UTC"
    yield from (f"! {sentence}" for sentence in found.closed_parts)
    yield ""
    yield from _field_lines(answer)
    yield from _subject_lines(found)
    yield from ["", "Witnesses", *witness_lines(found.witnesses)] if found.witnesses else ()
    yield from mail_lines(found.mails, held)
    yield from unanswered_lines(answer["unanswered"])
    yield ""
    yield "Retention"
    yield from (f"  {derivation(session, item)}" for item in items)
    yield ""
    yield "History"
    yield from (f"  {_history(entry, names)}" for entry in found.history)


def _field_lines(answer: dict[str, Any]) -> Iterator[str]:
    for name, field in answer["fields"].items():
        value = field["value"]
        shown = ", ".join(str(one) for one in value) if isinstance(value, list) else str(value) if value else "-"
        yield f"{name.replace('_', ' ')}: {shown}"
        yield from (suggestion_line(one) for one in field["suggestions"])
    for one in answer["other_suggestions"]:
        yield f"{one['about'].replace('_', ' ')}?"
        yield suggestion_line(one)


def suggestion_line(one: dict[str, Any]) -> str:
    """A suggestion with the words it comes from and where they stand, on one line."""
    place = (
        f"{one['mail']}, line {one['line']}" if one["line"] else f"{one['mail']}, header" if one["mail"] else "records"
    )
    value = " ".join(one["value"].split())
    evidence = " ".join(one["evidence"].split())
    said = "" if evidence == value else f' from "{evidence[:100]}"'
    return f"    perhaps: {value}{said} ({place})"


def _subject_lines(found: CaseView) -> Iterator[str]:
    if found.subjects:
        yield ""
        yield "Subjects"
    for each in found.subjects:
        outcome = each.row.outcome.value if each.row.outcome else "no outcome yet"
        person = print_subject(each.subject) if each.subject else "(expunged or closed to you)"
        yield f"  {each.row.n}. {person}: {outcome}"


def mail_lines(mails: Sequence[ShownMail], held: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """The mails of a case, one a line; ``held`` are the names from whom each is kept."""
    yield ""
    yield "Mail"
    for each in mails:
        message = each.draft.message if each.draft else None
        subject = (message.subject if message else "") or ("(closed to you)" if each.draft is None else "(no subject)")
        # Whoever is kept from a mail is not told why: that would tell her that it is about her.
        names = held.get(each.stored.mail, ()) if each.draft else ()
        marks = [*each.stored.flags, *(f"held from {name}" for name in names)] if each.draft else []
        noted = f" [{', '.join(marks)}]" if marks else ""
        yield f"  {each.stored.mail}  {each.stored.received:%Y-%m-%d}  {each.stored.kind.value}  {subject}{noted}"


def _history(entry: Entry, names: dict[str, str]) -> str:
    details = ", ".join(
        f"{key} {short(value)}" for key, value in entry.details.items() if key != "reason" and value is not None
    )
    return f"{entry.at:%Y-%m-%d %H:%M}  {entry.act}, {names.get(entry.actor, entry.actor)}" + (
        f" ({details})" if details else ""
    )
