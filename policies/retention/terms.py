"""When one row goes by itself: outcome, day, months, ban, grace, deviation; no other row is looked at.

records.md, "Retention terms of records"; months are calendar months, always from the original day, clipped to the
month's end (2025-12-31 and 14 months: 2027-02-28).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from policies.case import Outcome, Status
from policies.community import Clock, Policy
from policies.retention.items import Expiry, Step, StepKind
from policies.retention.rows import CaseRow, Deviation, SubjectRow

# The types of which records.md says that a new violation is committed by a person (A3).
VIOLATIONS: Final = frozenset({Outcome.RESOLVED, Outcome.FLAGGED, Outcome.BANNED})


def months_after(day: date, months: int) -> date:
    """The same day so many calendar months later, clipped to the month's end; the calendar's last day if beyond it."""
    try:
        return day + relativedelta(months=months)
    except (OverflowError, ValueError):
        return date.max


def days_after(day: date, days: int) -> date:
    """So many days later; the calendar's last day if beyond it."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max


def next_review(start: date, today: date, review_months: int) -> date:
    """The first anniversary of ``start`` (every ``review_months``) after ``today``."""
    passed = max((today.year - start.year) * 12 + today.month - start.month, 0) // review_months
    rounds = (max(passed, 1), passed + 1)
    return next((day for day in (months_after(start, review_months * n) for n in rounds) if day > today), date.max)


def latest(expiries: Iterable[Expiry]) -> Expiry:
    """The one that goes last; never is later than any day, and an end to be reviewed later than none."""
    return max(expiries, key=lambda expiry: (expiry.on is None, expiry.review is not None, expiry.on or date.min))


def is_later(one: Expiry, other: Expiry) -> bool:
    """Whether ``one`` goes after ``other``."""
    return other.on is not None and (one.on is None or one.on > other.on)


def is_decided(case: CaseRow, row: SubjectRow) -> bool:
    """Whether a term runs for the row: its case is closed, and it has an outcome."""
    return case.status in {Status.CLOSED, Status.EXPUNGED} and row.outcome is not None and row.decided_on is not None


def is_violation(case: CaseRow, row: SubjectRow) -> bool:
    """Whether somebody was found to have committed a violation: decided, and of types 3 to 5."""
    return is_decided(case, row) and row.outcome in VIOLATIONS


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """When a row lets go of the reporter's part with the mail, and of the rest."""

    reporter: Expiry
    rest: Expiry


def own_standing(case: CaseRow, row: SubjectRow, policy: Policy, today: date) -> Standing:
    """The row's dates by its own outcome and deviation, before any later violation moves them.

    A decision dated before the report, by which everything is due the moment it is closed, destroys by one member's
    word alone, just as "no violation" does: so another member carries it out.
    """
    standing = _by_outcome(case, row, policy, today)
    if row.decided_on is None or row.closed_on is None or row.decided_on >= case.reported_on:
        return standing
    both = (standing.reporter, standing.rest)
    first, rest = (
        dataclasses.replace(one, first_act=row.closed_by) if one.on is not None and one.on <= row.closed_on else one
        for one in both
    )
    return Standing(first, rest)


def _by_outcome(case: CaseRow, row: SubjectRow, policy: Policy, today: date) -> Standing:
    outcome, decided_on = row.outcome, row.decided_on
    if not is_decided(case, row) or outcome is None or decided_on is None:
        nothing_runs = Expiry(None, (Step(StepKind.OPEN),))
        return Standing(nothing_runs, nothing_runs)
    if outcome is Outcome.BANNED:
        return _same(_deviated(_ban(row, decided_on, policy, today), row.deviation, policy, today))
    if outcome is Outcome.NO_VIOLATION:
        return _same(_deviated(_no_violation(row, decided_on, policy), row.deviation, policy, today))
    # A1: types 2 to 4 run from the decision or, by the policy's option, from the report.
    by_report = policy.clock is Clock.REPORTED
    start = case.reported_on if by_report else decided_on
    term = policy.terms[outcome]
    reporter = _term(start, term.reporter, outcome, by_report=by_report)
    return _split(reporter, term.rest, row.deviation, policy, today)


def _same(expiry: Expiry) -> Standing:
    return Standing(expiry, expiry)


def _term(start: date, months: int, outcome: Outcome, *, by_report: bool = False) -> Expiry:
    to = months_after(start, months)
    return Expiry(to, (Step(StepKind.TERM, start, to, outcome, months, by_report=by_report),))


def _no_violation(row: SubjectRow, decided_on: date, policy: Policy) -> Expiry:
    term = _term(decided_on, policy.terms[Outcome.NO_VIOLATION].rest or 0, Outcome.NO_VIOLATION)
    if not policy.grace_days or term.on is None:
        return dataclasses.replace(term, first_act=row.closed_by)
    to = days_after(term.on, policy.grace_days)
    grace = Step(StepKind.GRACE, term.on, to, days=policy.grace_days)
    return Expiry(to, (*term.why, grace), first_act=row.closed_by)


def _ban(row: SubjectRow, decided_on: date, policy: Policy, today: date) -> Expiry:
    """records.md: "retention for the period of the ban, plus 26 months"; lifting ends the period (A15)."""
    months = policy.terms[Outcome.BANNED].rest or 0
    end = row.ban_end
    if end is None:
        step = Step(StepKind.BAN_RUNS, row.ban_from or decided_on, None, Outcome.BANNED, months)
        return Expiry(None, (step,), next_review(decided_on, today, policy.review_months))
    to = months_after(end, months)
    kind = StepKind.BAN_LIFTED if end == row.lifted_on else StepKind.BAN_ENDS
    return Expiry(to, (Step(kind, end, to, Outcome.BANNED, months),))


def _split(reporter: Expiry, rest: int | None, deviation: Deviation | None, policy: Policy, today: date) -> Standing:
    """The reporter's term and the rest's, which may be for ever (type 2)."""
    first = reporter.why[0]
    deviated = _deviated(reporter, deviation, policy, today)
    if rest is None:
        # A6: a deviation moves what has a date; what stays for ever does so by the policy's own words.
        return Standing(deviated, Expiry(None, (Step(StepKind.FOR_EVER, first.on, None, first.outcome),)))
    if rest == first.months:
        return _same(deviated)
    to = months_after(first.on or date.min, rest)
    longer = Expiry(to, (dataclasses.replace(first, to=to, months=rest),))
    return Standing(deviated, _deviated(longer, deviation, policy, today))


def _deviated(expiry: Expiry, deviation: Deviation | None, policy: Policy, today: date) -> Expiry:
    """R27: the committee's own date instead of the policy's, once two members agree."""
    if deviation is None:
        return expiry
    until = None if deviation.never else deviation.until
    kind = StepKind.DEVIATION if deviation.agreed else StepKind.DEVIATION_WAITS
    why = (*expiry.why, Step(kind, deviation.decided_on, until))
    if not deviation.agreed:
        return dataclasses.replace(expiry, why=why)
    return dataclasses.replace(expiry, on=until, why=why, review=_deviation_review(deviation, policy, today))


def _deviation_review(deviation: Deviation, policy: Policy, today: date) -> date | None:
    if deviation.review_on is not None and deviation.review_on > today:
        return deviation.review_on
    has_end = deviation.until is not None and not deviation.never
    return None if has_end else next_review(deviation.decided_on, today, policy.review_months)
