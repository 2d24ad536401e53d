"""What must wait: members' holds, unreviewed drafts, new mail in a due case."""

from __future__ import annotations

import pytest

from policies.retention import Hold, case_items
from tests.policies.retention_builders import case, day, item, mail, planned, row

RESOLVED = row("a", "resolved", "2025-01-10", closed_on="2025-01-10")


def held(placed: str, until: str | None = None, *, agreed: bool = True, released: str | None = None) -> Hold:
    return Hold(day(placed), day(until) if until else None, agreed, day(released) if released else None)


@pytest.mark.parametrize(
    ("hold", "today", "binds"),
    [
        (held("2026-03-01"), "2026-03-10", True),
        (held("2026-03-01"), "2036-03-10", True),
        (held("2026-03-11"), "2026-03-10", False),
        (held("2026-03-01", "2026-04-01"), "2026-03-31", True),
        (held("2026-03-01", "2026-04-01"), "2026-04-01", False),
        (held("2026-03-01", released="2026-03-20"), "2026-03-19", True),
        (held("2026-03-01", released="2026-03-20"), "2026-03-20", False),
        (held("2026-03-01", agreed=False), "2026-03-30", True),
        (held("2026-03-01", agreed=False), "2026-03-31", False),
        (held("2026-03-01", "2026-03-15", agreed=False), "2026-03-15", False),
        (held("2026-03-01", "2027-03-15", agreed=False), "2026-03-31", False),
    ],
)
def test_a_hold_binds_the_whole_case_while_it_is_in_force(hold: Hold, today: str, binds: bool) -> None:
    items = planned([case("amber kettle", RESOLVED, holds=(hold,))], today, [mail("m", "amber kettle")]).items

    assert {one.is_held for one in items} == {binds}
    assert {one.due for one in items} == {not binds}
    assert {one.date for one in items} == {day("2026-03-10")}


def test_a_hold_holds_no_other_case() -> None:
    cases = [
        case("amber kettle", RESOLVED, holds=(held("2026-03-01"),)),
        case("quiet harbour", row("b", "resolved", "2025-01-10")),
    ]

    assert {one.code_name for one in planned(cases, "2026-03-10").due} == {"quiet harbour"}


@pytest.mark.parametrize(
    ("arrived", "today", "binds"),
    [
        ("2026-03-09", "2026-03-10", True),
        ("2026-03-10", "2026-03-10", False),
        ("2026-03-09", "2026-04-08", True),
        ("2026-03-09", "2026-04-09", False),
        ("2020-01-01", "2026-03-10", True),
    ],
)
def test_an_unreviewed_draft_pauses_violations_for_a_month_at_most(arrived: str, today: str, binds: bool) -> None:
    cases = [case("amber kettle", RESOLVED), case("new leaf", reported=arrived, status="draft")]
    a_plan = planned(cases, today, [mail("m", "amber kettle")])
    items = case_items(a_plan, cases[0].case)

    assert {one.is_held for one in items} == {binds}
    assert {one.due for one in items} == {not binds}
    assert not binds or {one.held[0].until for one in items} == {day("2026-04-09")}


def test_a_draft_pauses_nothing_but_violations() -> None:
    cases = [
        case("amber kettle", row("a", "no-violation", "2026-03-01")),
        case("quiet harbour", row("b", "unidentified", "2025-09-01")),
        case("new leaf", reported="2025-01-01", status="draft"),
    ]
    a_plan = planned(cases, "2026-03-01")

    assert item(a_plan, "amber kettle", "reporter").due
    assert item(a_plan, "quiet harbour", "reporter").due


def test_a_draft_shows_nothing_before_the_day() -> None:
    cases = [case("amber kettle", RESOLVED), case("new leaf", reported="2025-01-01", status="draft")]

    assert not any(one.held for one in planned(cases, "2026-03-09").items)


def test_in_a_mixed_case_no_violation_does_not_wait_for_a_draft() -> None:
    mixed = case("amber kettle", row("a", "resolved", "2025-01-10", 1), row("b", "no-violation", "2025-01-10", 2))
    a_plan = planned([mixed, case("new leaf", reported="2025-01-01", status="draft")], "2026-03-10")

    assert [one.person for one in a_plan.due] == [2]


@pytest.mark.parametrize(
    ("arrived", "triaged", "today", "binds"),
    [
        ("2026-03-12", None, "2026-03-12", True),
        ("2026-03-12", None, "2026-04-10", True),
        ("2026-03-12", None, "2026-04-11", False),
        ("2026-05-02", None, "2026-05-02", True),
        ("2026-03-12", "2026-03-12", "2026-03-12", False),
        ("2026-03-10", None, "2026-03-12", False),
        ("2026-03-13", None, "2026-03-12", False),
    ],
)
def test_unread_mail_in_a_due_case_pauses_it(arrived: str, triaged: str | None, today: str, binds: bool) -> None:
    cases = [case("amber kettle", RESOLVED)]
    a_plan = planned(cases, today, [mail("m", "amber kettle", arrived=arrived, triaged=triaged)])

    assert {one.is_held for one in a_plan.items} == {binds}


def test_mail_from_before_the_closing_pauses_nothing() -> None:
    """The members who closed the case had it before them, though nobody triaged it."""
    late = case("amber kettle", row("a", "resolved", "2025-01-10", closed_on="2026-06-01"))

    assert planned([late], "2026-06-01", [mail("m", "amber kettle", arrived="2026-05-20", triaged=None)]).due
