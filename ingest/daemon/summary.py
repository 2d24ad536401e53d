"""What the weekly digest tells: the state of the committee's work by code names and counts, read without any key."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from ingest.checkup.store import needs_eyes
from ingest.daemon.health import Health
from policies import retention
from policies.case import Status
from policies.community import Policy
from policies.reminders import FIRST_RESPONSE_DAYS, is_overdue
from policies.retention import HeldBecause, Plan
from records import cases, expunge, granting, mail, snapshot, waiting
from records.cases import Case
from records.store import Transaction

_AHEAD: Final = timedelta(days=7)


@dataclasses.dataclass(frozen=True, slots=True)
class Waiting:
    """A case that waits for the committee, and since how many days."""

    code_name: str
    days: int
    is_overdue: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Going:
    """A case of which something goes on that day."""

    code_name: str
    on: date


@dataclasses.dataclass(frozen=True, slots=True)
class KeptBack:
    """A case (or mail of none, with an empty code name) and what holds it up."""

    code_name: str
    reasons: tuple[HeldBecause, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class TaskLine:
    """How one of the service's tasks goes; ``succeeded`` is in words, empty for never."""

    name: str
    succeeded: str
    failures: int
    failure: str


def summary(transaction: Transaction, policy: Policy, today: date, health: Health) -> Mapping[str, object]:
    """The values of the digest's text."""
    every = cases.every(transaction)
    drafts = _waiting(every, Status.DRAFT, today)
    taken = snapshot.take(transaction)
    plan = retention.plan(taken.cases, taken.mails, taken.links, policy, today, taken.members_present)
    tasks = tuple(_task_line(name, health) for name in sorted(health.tasks))
    return {
        "today": today,
        "until": today + _AHEAD,
        "drafts": drafts,
        "overdue": sum(each.is_overdue for each in drafts),
        "promised_days": FIRST_RESPONSE_DAYS,
        "open": _waiting(every, Status.OPEN, today),
        "eyes": sum(needs_eyes(each) for each in mail.stored(transaction) if each.expunged_on is None),
        "held_mails": len(granting.held(transaction)),
        "acts": sum(act.agreed_by is None for act in waiting.every(transaction)),
        "expunging": _going(plan, today + _AHEAD),
        "unlinked": sum(len(item.mails) for item in plan.items if item.case is None and _is_soon(item, today + _AHEAD)),
        "kept_back": _kept_back(plan),
        "queued": len(expunge.doomed(transaction)),
        "tasks": tasks,
        "trouble": any(task.failures for task in tasks),
    }


def _waiting(every: Iterable[Case], status: Status, today: date) -> tuple[Waiting, ...]:
    """The cases in this state, the one that waits longest first."""
    found = [each for each in every if each.status is status]
    days = {each.code_name: each.received.astimezone(UTC).date() for each in found}
    return tuple(Waiting(name, (today - day).days, is_overdue(status, day, today)) for name, day in days.items())


def _is_soon(item: retention.PlanItem, until: date) -> bool:
    return item.date is not None and item.date <= until and not item.held


def _going(plan: Plan, until: date) -> tuple[Going, ...]:
    """The nearest day of each case of which something goes by then."""
    nearest: dict[str, date] = {}
    for item in plan.items:
        if item.case is not None and item.date is not None and _is_soon(item, until):
            nearest[item.code_name] = min(item.date, nearest.get(item.code_name, item.date))
    return tuple(Going(name, on) for name, on in sorted(nearest.items(), key=lambda each: (each[1], each[0])))


def _kept_back(plan: Plan) -> tuple[KeptBack, ...]:
    """What a member holds, whenever it would go; and what waits for something else although its day has come."""
    reasons: dict[str, dict[HeldBecause, None]] = {}
    for item in plan.held:
        has_come = item.date is not None and item.date <= plan.on + _AHEAD
        found = [reason for reason in item.held if has_come or reason.kind in {"hold", "hold-alone"}]
        if found:
            reasons.setdefault(item.code_name, {}).update(dict.fromkeys(found))
    return tuple(KeptBack(name, tuple(found)) for name, found in sorted(reasons.items()))


def _task_line(name: str, health: Health) -> TaskLine:
    task = health.task(name)
    return TaskLine(name, _instant(task.succeeded), task.failures, task.failure)


def _instant(when: datetime | None) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if when else ""
