"""``conduct case list``: every case by code name; needs nobody's key."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

import click

from ingest import wiring
from ingest.cli.context import Session, pass_session
from ingest.cli.output import Table, emit, format_option
from policies import retention
from policies.case import Outcome, Status
from policies.reminders import is_overdue
from policies.retention import Plan
from records import cases, snapshot, viewing
from records.cases import Case, Row

_SHOWN = (Status.DRAFT, Status.OPEN, Status.CLOSED, Status.EXPUNGED)


@click.command("list")
@click.option("--status", type=click.Choice([status.value for status in Status]), help="Only cases in this state.")
@format_option()
@pass_session
def command(session: Session, status: str | None) -> None:
    """List the cases: code name, state, when they go.  Dismissed and merged drafts are listed only with --status."""
    store = wiring.open_store(session.home, session.settings)
    policy = wiring.load_policy(session.settings, session.home)
    today = session.clock.today()
    with contextlib.closing(store), store.reading() as transaction:
        wanted = (Status(status),) if status else _SHOWN
        found = cases.every(transaction, wanted)
        rows = cases.every_row(transaction)
        taken = snapshot.take(transaction)
        handlers = viewing.handler_names(transaction)
    plan = retention.plan(taken.cases, taken.mails, taken.links, policy, today, taken.members_present)
    answers = []
    for case in found:
        answer = _answer(case, rows.get(case.id, []), plan, handlers.get(case.handler or "", ""))
        answer["overdue"] = is_overdue(case.status, case.received.date(), today)
        answers.append(answer)
    headings = ("CASE", "STATUS", "RECEIVED", "SUBJECTS", "OUTCOME", "EXPUNGE ON", "HANDLER", "")
    emit(session, Table(headings, [_row(answer) for answer in answers], "No cases."), {"cases": answers})


def _answer(case: Case, rows: Sequence[Row], plan: Plan, handler: str) -> dict[str, Any]:
    items = retention.case_items(plan, case.id)
    return {
        "case": case.code_name,
        "status": case.status,
        "received": case.received,
        "subjects": sum(1 for row in rows if row.n),
        "outcome": gravest(rows),
        "expunge_on": retention.expunge_on(items),
        "held": any(item.is_held for item in items),
        "handler": handler or None,
    }


def gravest(rows: Sequence[Row]) -> Outcome | None:
    """The outcome of a case with several subjects: the gravest of theirs."""
    order = list(Outcome)
    outcomes = [row.outcome for row in rows if row.outcome is not None]
    return max(outcomes, key=order.index, default=None)


def _row(answer: dict[str, Any]) -> tuple[str, ...]:
    marks = [word for word in ("held", "overdue") if answer[word]]
    return (
        answer["case"],
        answer["status"].value,
        answer["received"].date().isoformat(),
        str(answer["subjects"]),
        answer["outcome"].value if answer["outcome"] else "-",
        answer["expunge_on"].isoformat() if answer["expunge_on"] else "-",
        answer["handler"] or "-",
        ", ".join(marks),
    )
