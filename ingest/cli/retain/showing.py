"""How the plan and what was carried out are shown, from the texts in ``templates``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ingest.cli.context import Session
from policies import retention
from policies.community import Policy
from policies.retention import Plan, PlanItem, Residue
from templates import texts

if TYPE_CHECKING:  # the report is made by the command that imports this
    from ingest.cli.retain.apply import Outcome


def derivation(session: Session, item: PlanItem) -> str:
    """One item in a line: what, when, and where the date comes from."""
    return f"{texts.part_name(item)}: {why(session, item)}"


def why(session: Session, item: PlanItem) -> str:
    """Where an item's date comes from, in a sentence."""
    return texts.derivation(item, session.home.templates)


def plan_text(session: Session, plan: Plan, policy: Policy) -> str:
    """The whole plan for people."""
    return texts.plan_text(plan, policy, session.home.templates)


def plan_json(session: Session, plan: Plan) -> dict[str, object]:
    """The whole plan for programs."""
    return retention.plan_as_json(plan, lambda item: why(session, item))


def item_json(session: Session, item: PlanItem) -> list[dict[str, object]]:
    """One item for programs: an entry for each mail, else one."""
    return list(retention.item_as_json(item, lambda one: why(session, one)))


def due_text(session: Session, plan: Plan, due: Sequence[PlanItem]) -> str:
    """What would be destroyed now; an empty plan says so."""
    lines = [f"Due on {plan.on}:" if due else f"Nothing is due on {plan.on}."]
    for heading, items in grouped(due):
        lines += [heading, *(f"  {derivation(session, item)}" for item in items)]
    return "\n".join(lines)


def report_text(session: Session, plan: Plan, outcome: Outcome, residue: Sequence[Residue]) -> str:
    """What was destroyed, what was not, and what lies out of reach."""
    lines = []
    if outcome.done or outcome.failed:
        lines.append(texts.expunge_report(plan.on, outcome.done, (), residue, session.home.templates).strip())
    if outcome.mailbox_gone:
        mails = "mail has" if outcome.mailbox_gone == 1 else "mails have"
        lines.append(
            f"{outcome.mailbox_gone} {mails} left the mailbox; a fresh look into every folder proves it."
        )
    lines += [f"Not done: {sentence}" for sentence in outcome.failed]
    for heading, items in grouped(outcome.waiting):
        names = ", ".join(texts.part_name(item) for item in items)
        lines.append(f"{heading} waits for another member, since you closed or dismissed it yourself: {names}.")
    return "\n".join([*lines, *outcome.residue])


def residue_sentences(session: Session, residue: Iterable[Residue]) -> list[str]:
    """What lies out of reach, for programs."""
    return texts.residue_sentences(residue, session.home.templates)


def grouped(items: Iterable[PlanItem]) -> list[tuple[str, list[PlanItem]]]:
    """Items under their case's code name, unlinked mail under its own ids."""
    found: dict[str, list[PlanItem]] = {}
    for item in items:
        heading = item.code_name or f"mail {', '.join(item.mails)}, no case"
        found.setdefault(heading, []).append(item)
    return list(found.items())
