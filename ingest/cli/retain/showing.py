"""How the plan and what was carried out are shown, from the texts in ``templates``."""

from __future__ import annotations

import dataclasses
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


def due_text(session: Session, plan: Plan, policy: Policy) -> str:
    """What would be destroyed now; an empty plan says so."""
    if not plan.due:
        return f"Nothing is due on {plan.on}."
    return texts.plan_text(dataclasses.replace(plan, items=plan.due), policy, session.home.templates)


def report_text(session: Session, plan: Plan, outcome: Outcome, residue: Sequence[Residue]) -> str:
    """What was destroyed, what was not, and what lies out of reach."""
    lines = []
    if outcome.done or outcome.failed:
        lines.append(texts.expunge_report(plan.on, outcome.done, (), residue, session.home.templates).strip())
    if outcome.mailbox_gone:
        mails = "mail has" if outcome.mailbox_gone == 1 else "mails have"
        lines.append(f"{outcome.mailbox_gone} {mails} left the mailbox; a fresh look into every folder proves it.")
    lines += [f"Not done: {sentence}" for sentence in outcome.failed]
    if outcome.waiting:
        names = dict.fromkeys(item.code_name or ", ".join(item.mails) for item in outcome.waiting)
        lines.append(
            f"Waits for another member, since one alone decided it or it is kept from you: {', '.join(names)}."
        )
    return "\n".join([*lines, *outcome.residue])


def residue_sentences(session: Session, residue: Iterable[Residue]) -> list[str]:
    """What lies out of reach, for programs."""
    return texts.residue_sentences(residue, session.home.templates)
