"""What must wait although its day has come: holds, open cases about the same person, open questions, drafts, new mail.

A hold is worth more than a date: what is destroyed a month late can still be destroyed, and not the other way round.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from policies.case import CaseId, RowId, Status
from policies.community import Extension, Policy
from policies.retention.extension import Persons, stands_against, term_again
from policies.retention.items import HeldBecause
from policies.retention.rows import CaseRow, Hold, MailRow, SubjectRow
from policies.retention.terms import Standing, days_after, is_violation


def holds_in_force(holds: Iterable[Hold], policy: Policy, today: date) -> tuple[HeldBecause, ...]:
    """The holds that members placed and that bind today; one member's alone lapses by itself (R27)."""
    found = []
    for hold in holds:
        lapses = None if hold.agreed else days_after(hold.placed_on, policy.hold_days_alone)
        end = min((day for day in (hold.until, lapses) if day is not None), default=None)
        released = hold.released_on is not None and hold.released_on <= today
        if hold.placed_on <= today and not released and (end is None or today < end):
            found.append(HeldBecause("hold" if hold.agreed else "hold-alone", end))
    return tuple(dict.fromkeys(found))


@dataclasses.dataclass(frozen=True, slots=True)
class _Closed:
    """A decided violation, as far as others wait for it."""

    row: SubjectRow
    decided_on: date
    code_name: str


def pending(
    cases: Sequence[CaseRow], who: Persons, dates: Mapping[RowId, Standing], policy: Policy, today: date
) -> dict[RowId, tuple[HeldBecause, ...]]:
    """Which rows of found violations wait for an open case, or for the answer whether two persons are one (A3)."""
    open_rows: dict[RowId, list[str]] = {}
    closed_rows: dict[RowId, list[_Closed]] = {}
    for case, row in [(each, row) for each in cases for row in each.rows]:
        person = who.of(row.row)
        if is_violation(case, row) and row.decided_on is not None:
            closed_rows.setdefault(person, []).append(_Closed(row, row.decided_on, case.code_name))
        elif _is_open(case, row):
            open_rows.setdefault(person, []).append(case.code_name)
    found = {}
    for person, rows in closed_rows.items():
        others = sorted(who.perhaps(person))
        reasons = [HeldBecause("open-case", case=name) for one in (person, *others) for name in open_rows.get(one, ())]
        asked = [closed for one in others for closed in closed_rows.get(one, ())]
        for closed in rows:
            questions = _questions(closed, asked, dates, policy, today)
            found[closed.row.row] = tuple(dict.fromkeys((*reasons, *questions)))
    return found


def _questions(
    earlier: _Closed, asked: Iterable[_Closed], dates: Mapping[RowId, Standing], policy: Policy, today: date
) -> Iterator[HeldBecause]:
    """The open questions whose answer could still move ``earlier``: until the day to which it would be moved."""
    for new in asked:
        if new.decided_on < earlier.decided_on or stands_against(earlier.row.deviation, new.decided_on):
            continue
        aligned = policy.extension is Extension.ALIGN
        reach = dates[new.row.row].rest.on if aligned else term_again(earlier.row, new.decided_on, policy)
        if reach is None or today < reach:
            yield HeldBecause("possible-link", reach, new.code_name)


def _is_open(case: CaseRow, row: SubjectRow) -> bool:
    """A reopened case is open again, whatever was decided before."""
    return case.status is Status.OPEN or (case.status is Status.CLOSED and row.outcome is None)


@dataclasses.dataclass(frozen=True, slots=True)
class Pauses:
    """What pauses an item for a while once its day has come (P8): unreviewed drafts, unread mail in a due case."""

    today: date
    days: int
    drafts: tuple[tuple[date, str], ...]
    new_mail: Mapping[CaseId, date]

    def of(self, on: date | None, cases: Iterable[CaseRow]) -> tuple[HeldBecause, ...]:
        """Why something of these cases, with the date ``on``, must still wait; for so many ``days`` at most."""
        if on is None or on > self.today:
            return ()
        return (*self._drafts(on, cases), *self._mails(on, cases))

    def _drafts(self, on: date, cases: Iterable[CaseRow]) -> tuple[HeldBecause, ...]:
        """A draft may name anybody, so it pauses every violation; the earliest stands for all."""
        until = days_after(on, self.days)
        if not self.drafts or self.drafts[0][0] >= on or self.today >= until:
            return ()
        touched = any(is_violation(case, row) for case in cases for row in case.rows)
        return (HeldBecause("draft", until, self.drafts[0][1]),) if touched else ()

    def _mails(self, on: date, cases: Iterable[CaseRow]) -> tuple[HeldBecause, ...]:
        """New mail in an overdue case must be read before it goes, so its days count from when it came."""
        arrived = [(case.code_name, self.new_mail[case.case]) for case in cases if case.case in self.new_mail]
        ends = [(name, days_after(day, self.days)) for name, day in arrived if day > on]
        return tuple(HeldBecause("new-mail", until, name) for name, until in ends if self.today < until)


def pauses(cases: Sequence[CaseRow], mails: Iterable[MailRow], policy: Policy, today: date) -> Pauses:
    """The drafts nobody has reviewed, and the mails that arrived after their case was closed and were not triaged."""
    drafts = tuple(sorted((case.reported_on, case.code_name) for case in cases if case.status is Status.DRAFT))
    closed_on = {
        case.case: max((row.closed_on or row.decided_on or date.min for row in case.rows), default=date.max)
        for case in cases
        if case.status is Status.CLOSED
    }
    newest: dict[CaseId, date] = {}
    for mail in mails:
        if mail.triaged_on is None and mail.arrived_on <= today:
            for case in mail.cases:
                if mail.arrived_on > closed_on.get(case, date.max):
                    newest[case] = max(mail.arrived_on, newest.get(case, date.min))
    return Pauses(today, policy.draft_pause_days, drafts, newest)
