"""What is read off a plan: a case's items, its one date for lists, what is coming, and the plan as plain values."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from policies.case import CaseId
from policies.retention.items import Plan, PlanItem, StepKind


def case_items(plan: Plan, case: CaseId) -> tuple[PlanItem, ...]:
    """The items of one case."""
    return tuple(item for item in plan.items if item.case == case)


def is_kept_for_ever(item: PlanItem) -> bool:
    """Whether the policy itself keeps it for ever, because nobody is identified in it (type 2)."""
    return any(step.kind is StepKind.FOR_EVER for step in item.why)


def expunge_on(items: Iterable[PlanItem]) -> dt.date | None:
    """The one date to expunge that a list shows for a case: the last of its items' days.

    None while any of them has no end in sight (open, permanent ban, "never").  What the policy keeps for ever does
    not count, so type 2 shows the day of the reporter's part.
    """
    counted = [item.date for item in items if not is_kept_for_ever(item)]
    days = [day for day in counted if day is not None]
    return max(days) if days and len(days) == len(counted) else None


@dataclasses.dataclass(frozen=True, slots=True)
class Notice:
    """A case of which something goes on a day soon; ``within_days`` is the shortest notice that is due by now."""

    code_name: str
    on: dt.date
    within_days: int


def notices(plan: Plan, notice_days: Iterable[int]) -> tuple[Notice, ...]:
    """What to remind of, by code name only, nearest first (P9); what is due already needs no notice."""
    spans = sorted(notice_days)
    nearest: dict[str, dt.date] = {}
    for item in plan.items:
        if item.case is not None and item.date is not None and item.date > plan.on:
            nearest[item.code_name] = min(item.date, nearest.get(item.code_name, item.date))
    found = []
    for code_name, on in nearest.items():
        within = next((days for days in spans if (on - plan.on).days <= days), None)
        if within is not None:
            found.append(Notice(code_name, on, within))
    return tuple(sorted(found, key=lambda notice: (notice.on, notice.code_name)))


def plan_as_json(plan: Plan, why: Callable[[PlanItem], str]) -> dict[str, Any]:
    """The plan as values that JSON can hold, one entry a mail; ``why`` turns an item into its sentence."""
    return {"on": plan.on.isoformat(), "items": [entry for item in plan.items for entry in item_as_json(item, why)]}


def item_as_json(item: PlanItem, why: Callable[[PlanItem], str]) -> Iterator[dict[str, object]]:
    """One item's entries: one, or one for each of its mails."""
    entry: dict[str, object] = {
        "case": item.code_name or None,
        "mail": None,
        "part": item.part,
        "person": item.person,
        "date": _iso(item.date),
        "due": item.due,
        "held": item.is_held,
        "why": why(item),
        "review": _iso(item.review),
        "held_until": _iso(_held_until(item)),
        "second_member_needed": item.needs_other_than is not None,
    }
    if not item.mails:
        yield entry
    for mail in item.mails:
        yield {**entry, "mail": str(mail)}


def _held_until(item: PlanItem) -> dt.date | None:
    """The day on which the last of the reasons lapses by itself, None where one does not or there is none."""
    ends = [reason.until for reason in item.held]
    days = [day for day in ends if day is not None]
    return max(days) if days and len(days) == len(ends) else None


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
