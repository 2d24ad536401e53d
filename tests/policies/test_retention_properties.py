"""Retention over stores that nobody thought of: invariants, and a second computation of every row's date."""

from __future__ import annotations

import calendar
import dataclasses
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from policies.case import CaseId, Outcome, RowId, Status
from policies.community import Policy
from policies.mail import MailId
from policies.retention import CaseRow, Deviation, Hold, Link, MailRow, Plan, PlanItem, SubjectRow
from policies.retention.terms import months_after
from policies.roster import MemberId
from tests.policies.retention_builders import Store, applied, case, mail, planned, policy, row, same

DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
TODAY = st.dates(date(2024, 1, 1), date(2032, 12, 31))
VIOLATION = {Outcome.RESOLVED: 14, Outcome.FLAGGED: 26, Outcome.BANNED: 26}
NAMES = ("amber kettle", "quiet harbour", "stunned bulb", "far shore", "new leaf")


deviations = st.builds(
    lambda until, decided, agreed: Deviation(until, until is None, decided, agreed),
    st.none() | DAYS,
    DAYS,
    st.booleans(),
)
holds = st.builds(Hold, DAYS, st.none() | DAYS, st.booleans(), st.none() | DAYS)


@st.composite
def subject_rows(draw: st.DrawFn, name: str, n: int, *, deviating: bool) -> SubjectRow:
    decided = draw(DAYS)
    outcome = draw(st.sampled_from([*Outcome, Outcome.RESOLVED, Outcome.FLAGGED, Outcome.BANNED]))
    banned = outcome is Outcome.BANNED
    return SubjectRow(
        RowId(name),
        n,
        outcome,
        decided,
        closed_on=decided,
        closed_by=MemberId("priya"),
        ban_from=decided if banned else None,
        permanent=banned and draw(st.booleans()),
        ban_until=decided + timedelta(draw(st.integers(0, 900))) if banned else None,
        lifted_on=draw(st.none() | DAYS) if banned else None,
        deviation=draw(st.none() | deviations) if deviating else None,
    )


@st.composite
def stores(
    draw: st.DrawFn, *, deviating: bool = True, statuses: Sequence[str] = ("closed", "closed", "open", "draft")
) -> Store:
    cases = []
    for name in NAMES[: draw(st.integers(1, 5))]:
        rows = tuple(
            draw(subject_rows(f"{name[0]}{n}", n, deviating=deviating)) for n in range(1, draw(st.integers(1, 2)) + 1)
        )
        cases.append(
            CaseRow(
                CaseId(name),
                name,
                Status(draw(st.sampled_from(statuses))),
                draw(DAYS),
                rows,
                tuple(draw(st.lists(holds, max_size=1))),
            )
        )
    ids = [row.row for one in cases for row in one.rows]
    links = draw(
        st.lists(
            st.builds(
                Link,
                st.sampled_from(ids),
                st.sampled_from(ids),
                st.sampled_from(["same", "same", "possible", "different"]),
            ),
            max_size=4,
        )
    )
    of_mail = st.lists(st.sampled_from([one.case for one in cases]), max_size=2, unique=True).map(tuple)
    mails = [
        MailRow(MailId(str(n)), draw(of_mail), draw(DAYS), draw(st.none() | DAYS))
        for n in range(draw(st.integers(0, 4)))
    ]
    options: dict[str, Any] = {
        "clock": draw(st.sampled_from(["decided", "reported"])),
        "extension": draw(st.sampled_from(["align", "restart"])),
        "extends": draw(st.sampled_from(["record", "subject"])),
        "grace_days": draw(st.sampled_from([0, 30])),
    }
    return Store(tuple(cases), tuple(mails), tuple(links), policy(**options))


def keys(items: Sequence[PlanItem]) -> set[tuple[object, ...]]:
    """Which parts and mails these items are."""
    return {(one.case, one.part, one.person) for one in items if not one.mails} | {
        (one.part, name) for one in items for name in one.mails
    }


def dated(items: Sequence[PlanItem]) -> dict[tuple[object, ...], date | None]:
    """The date of each part and each mail."""
    return {key: one.date for one in items for key in keys([one])}


def subjects(a_plan: Plan) -> dict[tuple[object, int | None], PlanItem]:
    return {(one.case, one.person): one for one in a_plan.items if one.part == "subject"}


NEVER = date.max


@given(stores(), TODAY)
def test_due_means_dated_come_and_not_held(store: Store, today: date) -> None:
    for one in store.plan(today).items:
        assert one.due == (one.date is not None and one.date <= today and not one.held)
        assert one.why


@given(stores(), TODAY)
def test_the_same_store_gives_the_same_plan(store: Store, today: date) -> None:
    assert store.plan(today) == store.plan(today)


@given(stores(), TODAY)
@settings(max_examples=300)
def test_after_applying_what_is_due_nothing_more_is_due(store: Store, today: date) -> None:
    first = store.plan(today)
    second = applied(store, first.due).plan(today)

    assert not second.due
    assert keys(second.items) == keys(first.items) - keys(first.due)


@given(stores(), TODAY, st.data())
def test_a_hold_makes_nothing_due_and_stops_its_case(store: Store, today: date, data: st.DataObject) -> None:
    before = store.plan(today)
    held = data.draw(st.sampled_from(store.cases))
    cases = tuple(
        dataclasses.replace(one, holds=(*one.holds, Hold(today, None, True))) if one is held else one
        for one in store.cases
    )
    after = dataclasses.replace(store, cases=cases).plan(today)

    assert keys(after.due) <= keys(before.due)
    assert not [one for one in after.due if one.case == held.case]
    assert dated(before.items) == dated(after.items)


@given(stores(), TODAY, st.data())
@settings(max_examples=200)
def test_one_more_violation_of_a_person_never_makes_a_date_earlier(
    store: Store, today: date, data: st.DataObject
) -> None:
    known = [row for one in store.cases for row in one.rows]
    new = data.draw(subject_rows("z1", 1, deviating=False))
    linked = Link(new.row, data.draw(st.sampled_from(known)).row, "same")
    one_more = CaseRow(CaseId("one more"), "one more", Status.CLOSED, data.draw(DAYS), (new,))
    before = subjects(store.plan(today))
    after = subjects(
        dataclasses.replace(store, cases=(*store.cases, one_more), links=(*store.links, linked)).plan(today)
    )

    assert all((after[key].date or NEVER) >= (item.date or NEVER) for key, item in before.items())


# --------------------------------------------------------------------------- a second computation


def plus(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def own(one: CaseRow, row: SubjectRow, rules: Policy) -> date:
    """The row's date read straight from the policy's five sentences; NEVER for none."""
    assert row.decided_on
    start = one.reported_on if rules.clock == "reported" else row.decided_on
    if row.outcome is Outcome.NO_VIOLATION:
        return row.decided_on + timedelta(rules.grace_days)
    if row.outcome is Outcome.UNIDENTIFIED:
        return NEVER
    if row.outcome is not Outcome.BANNED:
        return plus(start, 14 if row.outcome is Outcome.RESOLVED else 26)
    ends = ([row.lifted_on] if row.lifted_on else []) + ([row.ban_until] if row.ban_until and not row.permanent else [])
    return plus(min(ends), 26) if ends else NEVER


def reachable(store: Store) -> dict[RowId, set[RowId]]:
    """Who is the same person, by walking the confirmed links until nothing is new."""
    near: dict[RowId, set[RowId]] = {row.row: {row.row} for one in store.cases for row in one.rows}
    while True:
        grown = {
            row: set().union(
                others,
                *(near[other] for other in others),
                *({link.a, link.b} for link in store.links if link.state == "same" and {link.a, link.b} & others),
            )
            for row, others in near.items()
        }
        if grown == near:
            return near
        near = grown


def second_computation(store: Store) -> dict[RowId, date]:
    """Every closed row's date, moved again and again until nothing moves."""
    closed = {row.row: (one, row) for one in store.cases for row in one.rows if one.status is Status.CLOSED}
    dates = {name: own(one, row, store.policy) for name, (one, row) in closed.items()}
    who = reachable(store)
    while True:
        moved = dict(dates)
        for (_, old), (_, new) in pairs(closed, who):
            reach = dates[new.row]
            if store.policy.extension == "restart":
                reach = again(old, new)
            moved[old.row] = max(moved[old.row], reach)
        if moved == dates:
            return dates
        dates = moved


def pairs(
    closed: Mapping[RowId, tuple[CaseRow, SubjectRow]], who: Mapping[RowId, set[RowId]]
) -> Iterator[tuple[tuple[CaseRow, SubjectRow], tuple[CaseRow, SubjectRow]]]:
    """Earlier and later violations of one person."""
    for old in closed.values():
        for new in closed.values():
            decided = (old[1].decided_on, new[1].decided_on)
            if (
                new[1].row in who[old[1].row]
                and old is not new
                and decided[0]
                and decided[1]
                and decided[0] <= decided[1]
                and old[1].outcome in VIOLATION
                and new[1].outcome in VIOLATION
            ):
                yield old, new


def again(old: SubjectRow, new: SubjectRow) -> date:
    assert new.decided_on
    assert old.outcome
    start = new.decided_on
    if old.outcome is Outcome.BANNED:
        if old.permanent and not old.lifted_on:
            return NEVER
        ends = [one for one in (old.lifted_on, None if old.permanent else old.ban_until) if one]
        start = max(start, min(ends))
    return plus(start, VIOLATION[old.outcome])


@given(stores(deviating=False), TODAY)
@settings(max_examples=300)
def test_a_second_computation_of_every_date_agrees(store: Store, today: date) -> None:
    expected = second_computation(store)
    found = subjects(store.plan(today))

    for one in store.cases:
        for decided in one.rows:
            if one.status is Status.CLOSED:
                assert (found[one.case, decided.n].date or NEVER) == expected[decided.row]


@given(DAYS, st.integers(0, 1200))
def test_months_clip_and_never_spill_into_the_next(start: date, months: int) -> None:
    ends = months_after(start, months)

    assert ends == plus(start, months)
    assert (ends.year * 12 + ends.month) - (start.year * 12 + start.month) == months


def test_a_large_store_is_planned_in_no_time() -> None:
    cases = [case(f"case {n}", row(str(n), "resolved", "2025-01-10")) for n in range(2000)]
    links = [same("0", str(n)) for n in range(1, 500)]
    started = time.monotonic()
    planned(cases, "2026-01-01", [mail(str(n), f"case {n}") for n in range(2000)], links)

    assert time.monotonic() - started < 10
