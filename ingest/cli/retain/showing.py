"""How the plan and what was carried out are shown, from the texts in ``templates``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ingest.cli.context import Session
from policies import retention
from policies.community import Policy
from policies.retention import Plan, PlanItem
from templates import render

if TYPE_CHECKING:  # the report is made by the command that imports this
    from ingest.cli.retain.apply import Outcome

_NAMES = {"mail": "stored mail", "mailbox": "mailbox"}


def derivation(session: Session, item: PlanItem) -> str:
    """One item in a line: what, when, and where the date comes from."""
    return f"{part_name(item):<11} {item.date or 'no date'}: {why(session, item)}"


def why(session: Session, item: PlanItem) -> str:
    """Where an item's date comes from, in a sentence."""
    return render("derivation", session.home.templates, item=item).strip()


def part_name(item: PlanItem) -> str:
    """A part in a word or two."""
    return f"subject {item.person}" if item.part == "subject" else _NAMES.get(item.part, item.part)


def plan_text(session: Session, plan: Plan, policy: Policy) -> str:
    """The whole plan for people."""
    return render(
        "plan",
        session.home.templates,
        on=plan.on,
        groups=[(heading, [_entry(session, item) for item in items]) for heading, items in grouped(plan.items)],
        notices=retention.notices(plan, policy.notice_days),
        due=len(plan.due),
        held=len(plan.held),
    )


def plan_json(session: Session, plan: Plan) -> dict[str, object]:
    """The whole plan for programs."""
    return retention.plan_as_json(plan, lambda item: why(session, item))


def item_json(session: Session, item: PlanItem) -> list[dict[str, object]]:
    """One item for programs: an entry for each mail, else one."""
    return list(retention.item_as_json(item, lambda one: why(session, one)))


def due_text(session: Session, plan: Plan, mine: Sequence[PlanItem], waiting: Sequence[PlanItem]) -> str:
    """What would be destroyed now; an empty plan says so."""
    lines = [f"Due on {plan.on}:" if mine or waiting else f"Nothing is due on {plan.on}."]
    for heading, items in grouped([*mine, *waiting]):
        lines += [heading, *(f"  {derivation(session, item)}" for item in items)]
    return "\n".join(lines)


def report_text(session: Session, policy: Policy, plan: Plan, outcome: Outcome) -> str:
    """What was destroyed, what was not, and what lies out of reach."""
    left = outcome.mailbox.left if outcome.mailbox else ()
    failed = [*outcome.failed]
    for one in left:
        failed += [f"mail {one.mail_id} in the folder {place.folder or '(all)'}: {place.why.value}" for place in one.left]
    return render(
        "expunge-report",
        session.home.templates,
        done=_by_heading(outcome.done),
        failed=failed,
        waiting=_by_heading(outcome.waiting),
        mailbox_gone=len(outcome.mailbox.gone) if outcome.mailbox else 0,
        residue=retention.standing_residue(outcome.done, plan.on, policy),
        further=outcome.residue,
    )


def grouped(items: Iterable[PlanItem]) -> list[tuple[str, list[PlanItem]]]:
    """Items under their case's code name, unlinked mail under its own ids."""
    found: dict[str, list[PlanItem]] = {}
    for item in items:
        heading = item.code_name or f"mail {', '.join(item.mails)}, no case"
        found.setdefault(heading, []).append(item)
    return list(found.items())


def _entry(session: Session, item: PlanItem) -> dict[str, Any]:
    return {
        "name": part_name(item),
        "date": item.date,
        "due": item.due,
        "held": item.is_held,
        "why": why(session, item),
    }


def _by_heading(items: Iterable[PlanItem]) -> list[tuple[str, list[str]]]:
    return [(heading, [part_name(item) for item in found]) for heading, found in grouped(items)]
