"""How a new violation keeps earlier records of the same person: who is the same person, and which dates move.

records.md: "If a person commits a new violation, this extends the retention term for all previous non-expunged
records as well."  Reading A3: of types 3 to 5 only, from the day of the decision, over links a member confirmed,
and never to an earlier day than before.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from policies.case import Outcome, RowId
from policies.community import Extends, Extension, Policy
from policies.retention.items import Expiry, Step, StepKind
from policies.retention.rows import CaseRow, Deviation, Link, SubjectRow
from policies.retention.terms import Standing, is_later, is_violation, latest, months_after, own_standing


@dataclasses.dataclass(frozen=True, slots=True)
class Persons:
    """Rows put together to persons by confirmed links, and which two persons may be one."""

    root: Mapping[RowId, RowId]
    maybe: Mapping[RowId, frozenset[RowId]]

    def of(self, row: RowId) -> RowId:
        """The person of a row, named after one of her rows."""
        return self.root.get(row, row)

    def perhaps(self, row: RowId) -> frozenset[RowId]:
        """The other persons who are, by an open question, perhaps the same as the row's."""
        return self.maybe.get(self.of(row), frozenset())


def persons(links: Iterable[Link]) -> Persons:
    """Who is who: "same" is carried over from link to link, and one "different" settles it for all their rows."""
    every = tuple(links)
    parent: dict[RowId, RowId] = {}
    for link in every:
        if link.state == "same":
            one, other = sorted((_root(parent, link.a), _root(parent, link.b)))
            if one != other:
                parent[other] = one
    root = {row: _root(parent, row) for link in every for row in (link.a, link.b)}
    pairs = {
        state: {frozenset((root[link.a], root[link.b])) for link in every if link.state == state}
        for state in ("possible", "different")
    }
    maybe: dict[RowId, set[RowId]] = {}
    for pair in pairs["possible"] - pairs["different"]:
        for person in pair:
            maybe.setdefault(person, set()).update(pair - {person})
    return Persons(root, {person: frozenset(others) for person, others in maybe.items()})


def _root(parent: dict[RowId, RowId], row: RowId) -> RowId:
    path = []
    while row in parent:
        path.append(row)
        row = parent[row]
    for passed in path:
        parent[passed] = row
    return row


@dataclasses.dataclass(frozen=True, slots=True)
class _Violation:
    """A decided violation with what is known of its dates so far."""

    case: CaseRow
    row: SubjectRow
    outcome: Outcome
    decided_on: date
    standing: Standing


def standings(cases: Sequence[CaseRow], who: Persons, policy: Policy, today: date) -> dict[RowId, Standing]:
    """The dates of every row, own term, deviation and later violations all counted."""
    found: dict[RowId, Standing] = {}
    by_person: dict[RowId, list[_Violation]] = {}
    for case in cases:
        for row in case.rows:
            own = found[row.row] = own_standing(case, row, policy, today)
            if is_violation(case, row) and row.outcome is not None and row.decided_on is not None:
                violation = _Violation(case, row, row.outcome, row.decided_on, own)
                by_person.setdefault(who.of(row.row), []).append(violation)
    for violations in by_person.values():
        if len(violations) > 1:
            found.update(
                _restarted(violations, policy)
                if policy.extension is Extension.RESTART
                else _aligned(violations, policy)
            )
    return found


def _aligned(violations: Sequence[_Violation], policy: Policy) -> dict[RowId, Standing]:
    """Earlier records are kept until the new one's own date; from the newest to the oldest, so that moves add up."""
    settled: list[_Violation] = []
    for day in sorted({violation.decided_on for violation in violations}, reverse=True):
        same_day = [_moved(violation, settled, policy) for violation in violations if violation.decided_on == day]
        # Decided on one day, each is on or after the other: they end together.
        settled += [_moved(violation, same_day, policy) for violation in same_day]
    return {violation.row.row: violation.standing for violation in settled}


def stands_against(deviation: Deviation | None, decided_on: date) -> bool:
    """Whether the committee agreed on a date of its own on that day or later; then the decision does not move it."""
    return deviation is not None and deviation.agreed and decided_on <= deviation.decided_on


def _moves(new: _Violation, earlier: _Violation) -> bool:
    """Whether ``new`` may move ``earlier``: another row, still there, and no later agreement stands against it."""
    is_there = new.row.row != earlier.row.row and not earlier.row.expunged
    return is_there and not stands_against(earlier.row.deviation, new.decided_on)


def _moved(earlier: _Violation, later: Sequence[_Violation], policy: Policy) -> _Violation:
    candidates = [new for new in later if _moves(new, earlier)]
    if not candidates:
        return earlier
    last = latest(new.standing.rest for new in candidates)
    if not is_later(last, earlier.standing.rest):
        return earlier
    new = next(new for new in candidates if new.standing.rest is last)
    kind = StepKind.KEPT_WITH if last.on is None else StepKind.MOVED
    step = Step(kind, new.decided_on, last.on, new.row.outcome, case=new.case.code_name)
    return _extended(earlier, last.on, step, last.review, policy)


def _extended(earlier: _Violation, on: date | None, step: Step, review: date | None, policy: Policy) -> _Violation:
    standing = earlier.standing
    rest = Expiry(on, (*standing.rest.why, step), review)
    reporter = rest if policy.extends is Extends.RECORD else standing.reporter
    return dataclasses.replace(earlier, standing=Standing(reporter, rest))


def _restarted(violations: Sequence[_Violation], policy: Policy) -> dict[RowId, Standing]:
    """Each earlier record's own term starts again at the new violation, a ban's at its end if that is later."""
    found = {}
    for earlier in violations:
        later = [new for new in violations if new.decided_on >= earlier.decided_on and _moves(new, earlier)]
        new = max(later, key=lambda violation: violation.decided_on, default=None)
        found[earlier.row.row] = (_restart(earlier, new, policy) if new else earlier).standing
    return found


def _restart(earlier: _Violation, new: _Violation, policy: Policy) -> _Violation:
    to = term_again(earlier.row, new.decided_on, policy)
    if to is None or not is_later(Expiry(to, ()), earlier.standing.rest):
        return earlier
    months = policy.terms[earlier.outcome].rest or 0
    step = Step(StepKind.RESTARTED, new.decided_on, to, earlier.outcome, months, case=new.case.code_name)
    return _extended(earlier, to, step, None, policy)


def term_again(row: SubjectRow, decided_on: date, policy: Policy) -> date | None:
    """The row's own term counted again from a new decision, or from the end of its ban if that is later.

    None where the row's ban has no end.
    """
    if row.outcome is Outcome.BANNED and row.ban_end is None:
        return None
    start = max(decided_on, row.ban_end or date.min) if row.outcome is Outcome.BANNED else decided_on
    months = policy.terms[row.outcome].rest if row.outcome else None
    return None if months is None else months_after(start, months)
