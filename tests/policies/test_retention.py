"""Terms: every worked example of the policy's readings, each date also computed a second way."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from policies.retention import StepKind, case_items, expunge_on
from policies.retention.terms import months_after, next_review
from tests.policies.retention_builders import by_calendar, case, dates, day, item, mail, planned, row

# outcome, start of the term, months, what the row says besides, the day that must come out
TERMS: list[tuple[str, str, int, dict[str, Any], str]] = [
    ("resolved", "2025-01-10", 14, {}, "2026-03-10"),
    ("flagged", "2026-04-20", 26, {}, "2028-06-20"),
    ("resolved", "2025-12-31", 14, {}, "2027-02-28"),
    ("resolved", "2026-12-29", 14, {}, "2028-02-29"),
    ("resolved", "2026-12-31", 14, {}, "2028-02-29"),
    ("resolved", "2024-02-29", 14, {}, "2025-04-29"),
    ("flagged", "2024-08-31", 26, {}, "2026-10-31"),
    ("banned", "2027-02-01", 26, {"ban_from": "2026-02-01", "ban_until": "2027-02-01"}, "2029-04-01"),
    (
        "banned",
        "2026-08-01",
        26,
        {"ban_from": "2026-02-01", "ban_until": "2027-02-01", "lifted_on": "2026-08-01"},
        "2028-10-01",
    ),
    (
        "banned",
        "2027-02-01",
        26,
        {"ban_from": "2026-02-01", "ban_until": "2027-02-01", "lifted_on": "2027-05-01"},
        "2029-04-01",
    ),
    (
        "banned",
        "2030-05-31",
        26,
        {"ban_from": "2026-02-01", "permanent": True, "lifted_on": "2030-05-31"},
        "2032-07-31",
    ),
]


@pytest.mark.parametrize(("outcome", "start", "months", "more", "expected"), TERMS)
def test_a_term_ends_on_the_day_that_the_policy_means(
    outcome: str, start: str, months: int, more: dict[str, Any], expected: str
) -> None:
    decided = more.get("ban_from", start)
    a_plan = planned(
        [case("amber kettle", row("r", outcome, decided, **more))], "2026-02-02", [mail("m", "amber kettle")]
    )

    assert by_calendar(start, months) == expected
    assert dates(a_plan, "amber kettle") == dict.fromkeys(
        ("reporter", "subject1", "account", "mail", "mailbox"), expected
    )
    assert expunge_on(a_plan.items) == day(expected)


def test_the_date_is_the_day_of_the_act() -> None:
    cases = [case("amber kettle", row("r", "resolved", "2025-01-10"))]

    assert not planned(cases, "2026-03-09").due
    assert len(planned(cases, "2026-03-10").due) == 3


def test_a_permanent_ban_has_no_date_and_a_yearly_review() -> None:
    cases = [case("amber kettle", row("r", "banned", "2026-02-01", permanent=True), reported="2026-01-01")]
    items = planned(cases, "2026-11-21").items

    assert {(one.date, one.due, one.review) for one in items} == {(None, False, day("2027-02-01"))}
    assert expunge_on(items) is None
    assert {one.review for one in planned(cases, "2027-02-01").items} == {day("2028-02-01")}
    assert {one.review for one in planned(cases, "2026-02-01").items} == {day("2027-02-01")}


def test_a_ban_without_an_end_is_treated_as_permanent() -> None:
    a_plan = planned([case("amber kettle", row("r", "banned", "2026-02-01"))], "2026-11-21")

    assert item(a_plan, "amber kettle", "subject", 1).date is None


@pytest.mark.parametrize(
    ("start", "today", "months", "expected"),
    [
        ("2024-02-29", "2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", "2027-02-28", 12, "2028-02-29"),
        ("2024-11-30", "2026-11-21", 12, "2026-11-30"),
        ("2024-11-20", "2026-11-21", 12, "2027-11-20"),
        ("2026-01-31", "2026-01-31", 6, "2026-07-31"),
        ("2026-01-31", "2026-08-01", 6, "2027-01-31"),
        ("2030-01-01", "2026-01-01", 12, "2031-01-01"),
    ],
)
def test_the_next_review_is_the_first_anniversary_after_today(
    start: str, today: str, months: int, expected: str
) -> None:
    assert next_review(day(start), day(today), months) == day(expected)


@pytest.mark.parametrize("n", [0, 1])
def test_unidentified_loses_reporter_and_mail_and_keeps_the_rest(n: int) -> None:
    cases = [case("amber kettle", row("r", "unidentified", "2026-01-31", n=n))]
    a_plan = planned(cases, "2026-07-31", [mail("m", "amber kettle")])
    expected = {"reporter": "2026-07-31", "mail": "2026-07-31", "mailbox": "2026-07-31", "account": None}

    assert by_calendar("2026-01-31", 6) == "2026-07-31"
    assert dates(a_plan, "amber kettle") == expected | ({"subject1": None} if n else {})
    assert {one.part for one in a_plan.due} == {"reporter", "mail", "mailbox"}
    assert expunge_on(a_plan.items) == day("2026-07-31")
    assert item(a_plan, "amber kettle", "account").review is None


def test_no_violation_is_due_at_once_and_another_member_applies_it() -> None:
    cases = [case("amber kettle", row("r", "no-violation", "2026-11-21", closed_by="priya", closed_on="2026-11-21"))]
    a_plan = planned(cases, "2026-11-21", [mail("m", "amber kettle")])

    assert {one.part for one in a_plan.due} == {"reporter", "subject", "account", "mail", "mailbox"}
    assert {one.needs_other_than for one in a_plan.items} == {"priya"}
    assert expunge_on(a_plan.items) == day("2026-11-21")


def test_a_committee_of_one_applies_no_violation_itself() -> None:
    cases = [case("amber kettle", row("r", "no-violation", "2026-11-21", closed_by="priya", closed_on="2026-11-21"))]

    assert {one.needs_other_than for one in planned(cases, "2026-11-21", members=1).items} == {None}


def test_days_of_grace_are_added_to_no_violation_alone() -> None:
    cases = [
        case("amber kettle", row("r", "no-violation", "2026-11-21")),
        case("quiet harbour", row("s", "resolved", "2025-01-10")),
    ]
    a_plan = planned(cases, "2026-11-21", grace_days=30)

    assert item(a_plan, "amber kettle", "account").date == day("2026-12-21")
    assert item(a_plan, "quiet harbour", "account").date == day("2026-03-10")


def test_the_clock_may_start_with_the_report() -> None:
    cases = [case("amber kettle", row("r", "resolved", "2025-12-01"), reported="2025-06-06")]

    assert by_calendar("2025-06-06", 14) == "2026-08-06"
    assert by_calendar("2025-12-01", 14) == "2027-02-01"
    assert expunge_on(planned(cases, "2026-01-01", clock="reported").items) == day("2026-08-06")
    assert expunge_on(planned(cases, "2026-01-01").items) == day("2027-02-01")


def test_the_clock_does_not_move_bans_and_no_violation() -> None:
    cases = [
        case("amber kettle", row("r", "banned", "2026-02-01", ban_until="2027-02-01"), reported="2020-01-01"),
        case("quiet harbour", row("s", "no-violation", "2026-02-01"), reported="2020-01-01"),
    ]

    assert planned(cases, "2026-03-01", clock="reported").items == planned(cases, "2026-03-01").items


# --------------------------------------------------------------------------- several subjects in one case


def test_each_subject_has_its_own_date_and_the_rest_goes_with_the_latest() -> None:
    cases = [
        case(
            "amber kettle",
            row("a", "resolved", "2025-01-10", 1),
            row("b", "flagged", "2025-01-10", 2),
            row("c", "no-violation", "2025-01-10", 3, closed_by="priya"),
        )
    ]
    a_plan = planned(cases, "2025-02-01", [mail("m", "amber kettle")])

    assert dates(a_plan, "amber kettle") == {
        "subject1": "2026-03-10",
        "subject2": "2027-03-10",
        "subject3": "2025-01-10",
        "reporter": "2027-03-10",
        "account": "2027-03-10",
        "mail": "2027-03-10",
        "mailbox": "2027-03-10",
    }
    assert [one.person for one in a_plan.due] == [3]
    assert item(a_plan, "amber kettle", "subject", 3).needs_other_than == "priya"
    assert item(a_plan, "amber kettle", "reporter").needs_other_than is None


def test_a_type_2_row_keeps_the_account_and_gives_its_six_months_to_the_reporter() -> None:
    later = case("amber kettle", row("a", "resolved", "2026-01-31", 1), row("b", "unidentified", "2026-01-31", 2))
    sooner = case("quiet harbour", row("c", "no-violation", "2026-01-31", 1), row("d", "unidentified", "2026-01-31", 2))
    a_plan = planned([later, sooner], "2026-02-01")

    assert dates(a_plan, "amber kettle") == {
        "reporter": "2027-03-31",
        "subject1": "2027-03-31",
        "subject2": None,
        "account": None,
    }
    assert dates(a_plan, "quiet harbour") == {
        "reporter": "2026-07-31",
        "subject1": "2026-01-31",
        "subject2": None,
        "account": None,
    }


def test_a_permanent_ban_of_one_keeps_reporter_account_and_mail() -> None:
    cases = [
        case("amber kettle", row("a", "resolved", "2025-01-10", 1), row("b", "banned", "2025-01-10", 2, permanent=True))
    ]
    a_plan = planned(cases, "2026-11-21", [mail("m", "amber kettle")])

    assert dates(a_plan, "amber kettle") == {
        "reporter": None,
        "subject1": "2026-03-10",
        "subject2": None,
        "account": None,
        "mail": None,
        "mailbox": None,
    }
    assert item(a_plan, "amber kettle", "mail").review == day("2027-01-10")
    assert expunge_on(a_plan.items) is None


def test_open_cases_and_drafts_are_listed_without_a_date() -> None:
    cases = [case("amber kettle", row("a", None, None), status="open"), case("quiet harbour", status="draft")]
    a_plan = planned(cases, "2026-11-21", [mail("m", "amber kettle"), mail("n", "quiet harbour")])

    assert {one.date for one in a_plan.items} == {None}
    assert {one.why[0].kind for one in case_items(a_plan, cases[0].case)} == {StepKind.OPEN}
    assert {one.why[0].kind for one in case_items(a_plan, cases[1].case)} == {StepKind.DRAFT}


def test_what_is_expunged_is_not_listed() -> None:
    cases = [
        case(
            "amber kettle",
            row("a", "resolved", "2025-01-10", 1, expunged=True),
            row("b", "flagged", "2025-01-10", 2),
            reporter_expunged=True,
            account_expunged=True,
        )
    ]

    assert dates(planned(cases, "2026-04-01"), "amber kettle") == {"subject2": "2027-03-10"}


def test_days_beyond_the_calendar_stop_at_its_end() -> None:
    far = case("amber kettle", row("a", "banned", "2026-01-01", ban_until="9999-12-31"))

    assert months_after(date(9999, 12, 31), 26) == date.max
    assert item(planned([far], "2026-11-21", grace_days=3660), "amber kettle", "account").date == date.max
