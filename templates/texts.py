"""The texts of retention with their values: policy explained, one derivation, the plan, the expunge report.

Each takes the committee's folder of ``overrides`` last.  They name cases by code name and persons by number only.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

from policies.community import Policy
from policies.retention import Failure, HeldBecause, Plan, PlanItem, Residue, Step, notices, sweeping
from policies.retention.sweeping import Prospect
from templates import counted, render

_PARTS = {"reporter": "reporter's part", "account": "account"}


def explain_policy(policy: Policy, overrides: Path | None = None) -> str:
    """The policy in sentences that a member would sign, each option with its value and where it was set."""
    values = {field.name: getattr(policy, field.name) for field in dataclasses.fields(policy)}
    values["terms"] = {outcome.value: term for outcome, term in policy.terms.items()}
    values |= {
        "sweep_notice_days": sweeping.NOTICE.days,
        "sweep_short_notice_days": sweeping.SHORT_NOTICE.days,
        "sweep_days_seen": sweeping.DAYS_SEEN,
        "sweep_least_cap": sweeping.LEAST_CAP,
        "sweep_cap_percent": sweeping.CAP_PERCENT,
    }
    return render("policy", overrides, **values)


def derivation(item: PlanItem, overrides: Path | None = None) -> str:
    """How one item's date comes about, and what it waits for, in one line: the ``why`` of the JSON."""
    return render("derivation", overrides, item=item).strip()


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """Parts of one case that share date, reasons and derivation."""

    parts: tuple[str, ...]
    state: str
    date: dt.date | None
    why: tuple[Step, ...]
    held: tuple[HeldBecause, ...]
    review: dt.date | None
    needs_another: bool


@dataclasses.dataclass(frozen=True, slots=True)
class CaseLines:
    """One case of the plan; an empty code name for mail of no case."""

    code_name: str
    lines: tuple[Line, ...]


def part_name(item: PlanItem) -> str:
    """What an item is called: "person 2", "3 mails", "1 mail in the mailbox"."""
    if item.part == "subject":
        return f"person {item.person}"
    if not item.mails:
        return _PARTS[item.part]
    where = " in the mailbox" if item.part == "mailbox" else ""
    named = f" ({item.mails[0]})" if item.case is None else ""
    return counted(len(item.mails), "mail") + where + named


def _state(item: PlanItem) -> str:
    if item.held:
        return "held"
    return "due" if item.due else "later" if item.date else "kept"


def _line(items: Sequence[PlanItem]) -> Line:
    one = items[0]
    return Line(
        parts=tuple(part_name(item) for item in items),
        state=_state(one),
        date=one.date,
        why=one.why,
        held=one.held,
        review=one.review,
        needs_another=one.needs_other_than is not None,
    )


def _by_case(items: Iterable[PlanItem]) -> tuple[CaseLines, ...]:
    cases: dict[str, dict[tuple[object, ...], list[PlanItem]]] = {}
    for item in items:
        alike = (item.date, item.why, item.held, item.needs_other_than, item.mails if item.case is None else None)
        cases.setdefault(item.code_name, {}).setdefault(alike, []).append(item)
    return tuple(CaseLines(name, tuple(map(_line, alike.values()))) for name, alike in cases.items())


def plan_text(plan: Plan, policy: Policy, overrides: Path | None = None) -> str:
    """The plan case by case: what goes when and why, what waits and why, what has no date, and what is coming up."""
    states = [_state(item) for item in plan.items]
    counts = {
        name: states.count(word)
        for name, word in (("due", "due"), ("held", "held"), ("later", "later"), ("undated", "kept"))
    }
    return render(
        "plan",
        overrides,
        plan=plan,
        cases=_by_case(plan.items),
        counts=counts,
        notices=notices(plan, policy.notice_days),
    )


@dataclasses.dataclass(frozen=True, slots=True)
class OnNotice:
    """Parts of one case that are on notice since the same day, and when the sweep takes them at the earliest."""

    code_name: str
    since: dt.date
    earliest: dt.date | None
    parts: tuple[str, ...]


def on_notice(prospects: Iterable[Prospect]) -> tuple[OnNotice, ...]:
    """What the sweep has announced, put together, the first to go first."""
    found: dict[tuple[str, dt.date, dt.date | None], list[PlanItem]] = {}
    for one in prospects:
        if one.noticed_at is not None:
            alike = (one.piece.item.code_name, one.noticed_at.date(), one.earliest)
            found.setdefault(alike, []).append(one.piece.item)
    lines = (OnNotice(*alike, tuple(_part_names(items))) for alike, items in found.items())
    return tuple(sorted(lines, key=lambda line: (line.earliest or dt.date.max, line.since, line.code_name)))


def _part_names(items: Sequence[PlanItem]) -> Iterable[str]:
    """What several parts are called together; the mails of a part are counted."""
    yield from (part_name(item) for item in items if not item.mails)
    for part in ("mail", "mailbox"):
        mails = tuple(each for item in items if item.part == part for each in item.mails)
        if mails:
            where = " in the mailbox" if part == "mailbox" else ""
            yield counted(len(mails), "mail") + where


def doubt(kind: str, overrides: Path | None = None) -> str:
    """Why the sweep does not believe the clock, in half a sentence."""
    return render("sweep/doubt.txt", overrides, kind=kind).strip()


def sweep_text(
    standing: str,
    prospects: Iterable[Prospect],
    since: dt.date | None,
    by: str,
    last_ran: dt.date | None,
    overrides: Path | None = None,
) -> str:
    """How the unattended sweep stands, and what it has announced.  ``standing`` is a doubt's where there is one."""
    lines = on_notice(prospects)
    return render("sweep", overrides, standing=standing, lines=lines, since=since, by=by, last_ran=last_ran).rstrip()


@dataclasses.dataclass(frozen=True, slots=True)
class Parts:
    """What was, or was not, expunged of one case; ``because`` is empty where it was."""

    code_name: str
    parts: tuple[str, ...]
    because: str = ""


def _gathered(items: Iterable[tuple[PlanItem, str]]) -> tuple[Parts, ...]:
    found: dict[tuple[str, str], list[str]] = {}
    for item, because in items:
        found.setdefault((item.code_name, because), []).append(part_name(item))
    return tuple(Parts(code_name, tuple(parts), because) for (code_name, because), parts in found.items())


def expunge_report(
    on: dt.date,
    done: Sequence[PlanItem],
    failed: Sequence[Failure],
    residue: Sequence[Residue],
    overrides: Path | None = None,
) -> str:
    """What an expunge did, what it could not do, and where something may be left."""
    return render(
        "expunge-report",
        overrides,
        on=on,
        done=_gathered((item, "") for item in done),
        failed=_gathered((failure.item, failure.because) for failure in failed),
        residue=residue,
    )


def residue_sentences(residue: Iterable[Residue], overrides: Path | None = None) -> list[str]:
    """Each residue as its sentence, for the JSON."""
    return [render("expunge-report/one-residue.txt", overrides, residue=one).strip() for one in residue]
