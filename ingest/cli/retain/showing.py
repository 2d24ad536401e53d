"""How the plan and what was carried out are shown, from the texts in ``templates``."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ingest.cli.context import Session
from ingest.sweeping import Outlook, in_words
from policies import retention
from policies.community import Policy
from policies.retention import Plan, PlanItem, Residue, sweeping
from policies.retention.sweeping import Prospect
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


def plan_json(session: Session, plan: Plan, sweep: Outlook) -> dict[str, object]:
    """The whole plan for programs, each entry with what the unattended sweep has announced of it."""
    answer = retention.plan_as_json(plan, lambda item: why(session, item))
    pairs = zip(sweeping.pieces(plan), answer["items"], strict=True)
    noticed = {(one.piece.key, one.piece.fingerprint): one for one in sweep.prospects}
    found = [(entry, noticed.get((piece.key, piece.fingerprint))) for piece, entry in pairs]
    answer["items"] = [{**entry, **_turn(one)} for entry, one in found]
    return answer


def _turn(one: Prospect | None) -> dict[str, object]:
    """Since when something is on notice, and the first day on which the sweep may take it."""
    return {"on_notice_since": one.noticed_at if one else None, "sweep_not_before": one.earliest if one else None}


def sweep_text(session: Session, sweep: Outlook, names: Mapping[str, str]) -> str:
    """How the unattended sweep stands, and what it has announced, for people."""
    return in_words(sweep, names, session.home.templates)


def sweep_json(sweep: Outlook, names: Mapping[str, str]) -> dict[str, object]:
    """How the unattended sweep stands, for programs."""
    stop = sweep.stop
    return {
        "state": sweep.standing,
        "last_ran": sweep.last_ran,
        "stopped_at": stop.at if stop else None,
        "stopped_because": stop.kind if stop else None,
        "stopped_by": names.get(stop.by, stop.by) if stop else None,
    }


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
