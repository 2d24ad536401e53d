"""Terms and extension: every worked example of the policy's readings, each date also computed a second way."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any

import pytest

from policies.retention import Deviation, Link, StepKind, case_items, expunge_on
from policies.retention.terms import months_after, next_review
from tests.policies.retention_builders import case, dates, day, item, mail, planned, possible, row, same


def by_calendar(start: str, months: int) -> str:
    """Months counted by hand, without dateutil."""
    began = day(start)
    year, month = divmod(began.year * 12 + began.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(began.day, last)).isoformat()


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
    ("banned", "2026-08-01", 26,
     {"ban_from": "2026-02-01", "ban_until": "2027-02-01", "lifted_on": "2026-08-01"}, "2028-10-01"),
    ("banned", "2027-02-01", 26,
     {"ban_from": "2026-02-01", "ban_until": "2027-02-01", "lifted_on": "2027-05-01"}, "2029-04-01"),
    ("banned", "2030-05-31", 26, {"ban_from": "2026-02-01", "permanent": True, "lifted_on": "2030-05-31"},
     "2032-07-31"),
]


@pytest.mark.parametrize(("outcome", "start", "months", "more", "expected"), TERMS)
def test_a_term_ends_on_the_day_that_the_policy_means(
    outcome: str, start: str, months: int, more: dict[str, Any], expected: str
) -> None:
    decided = more.get("ban_from", start)
    a_plan = planned([case("amber kettle", row("r", outcome, decided, **more))], "2026-02-02", [mail("m", "amber kettle")])

    assert by_calendar(start, months) == expected
    assert dates(a_plan, "amber kettle") == dict.fromkeys(
        ("reporter", "subject1", "account", "mail", "mailbox"), expected)
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


@pytest.mark.parametrize(("start", "today", "months", "expected"), [
    ("2024-02-29", "2024-02-29", 12, "2025-02-28"),
    ("2024-02-29", "2027-02-28", 12, "2028-02-29"),
    ("2024-11-30", "2026-11-21", 12, "2026-11-30"),
    ("2024-11-20", "2026-11-21", 12, "2027-11-20"),
    ("2026-01-31", "2026-01-31", 6, "2026-07-31"),
    ("2026-01-31", "2026-08-01", 6, "2027-01-31"),
    ("2030-01-01", "2026-01-01", 12, "2031-01-01"),
])
def test_the_next_review_is_the_first_anniversary_after_today(start: str, today: str, months: int, expected: str) -> None:
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
    cases = [case("amber kettle", row("r", "no-violation", "2026-11-21")),
             case("quiet harbour", row("s", "resolved", "2025-01-10"))]
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
    cases = [case("amber kettle", row("r", "banned", "2026-02-01", ban_until="2027-02-01"), reported="2020-01-01"),
             case("quiet harbour", row("s", "no-violation", "2026-02-01"), reported="2020-01-01")]

    assert planned(cases, "2026-03-01", clock="reported").items == planned(cases, "2026-03-01").items


# --------------------------------------------------------------------------- several subjects in one case


def test_each_subject_has_its_own_date_and_the_rest_goes_with_the_latest() -> None:
    cases = [case("amber kettle", row("a", "resolved", "2025-01-10", 1), row("b", "flagged", "2025-01-10", 2),
                  row("c", "no-violation", "2025-01-10", 3, closed_by="priya"))]
    a_plan = planned(cases, "2025-02-01", [mail("m", "amber kettle")])

    assert dates(a_plan, "amber kettle") == {
        "subject1": "2026-03-10", "subject2": "2027-03-10", "subject3": "2025-01-10",
        "reporter": "2027-03-10", "account": "2027-03-10", "mail": "2027-03-10", "mailbox": "2027-03-10"}
    assert [one.person for one in a_plan.due] == [3]
    assert item(a_plan, "amber kettle", "subject", 3).needs_other_than == "priya"
    assert item(a_plan, "amber kettle", "reporter").needs_other_than is None


def test_a_type_2_row_keeps_the_account_and_gives_its_six_months_to_the_reporter() -> None:
    later = case("amber kettle", row("a", "resolved", "2026-01-31", 1), row("b", "unidentified", "2026-01-31", 2))
    sooner = case("quiet harbour", row("c", "no-violation", "2026-01-31", 1), row("d", "unidentified", "2026-01-31", 2))
    a_plan = planned([later, sooner], "2026-02-01")

    assert dates(a_plan, "amber kettle") == {
        "reporter": "2027-03-31", "subject1": "2027-03-31", "subject2": None, "account": None}
    assert dates(a_plan, "quiet harbour") == {
        "reporter": "2026-07-31", "subject1": "2026-01-31", "subject2": None, "account": None}


def test_a_permanent_ban_of_one_keeps_reporter_account_and_mail() -> None:
    cases = [case("amber kettle", row("a", "resolved", "2025-01-10", 1), row("b", "banned", "2025-01-10", 2, permanent=True))]
    a_plan = planned(cases, "2026-11-21", [mail("m", "amber kettle")])

    assert dates(a_plan, "amber kettle") == {
        "reporter": None, "subject1": "2026-03-10", "subject2": None, "account": None, "mail": None, "mailbox": None}
    assert item(a_plan, "amber kettle", "mail").review == day("2027-01-10")
    assert expunge_on(a_plan.items) is None


def test_open_cases_and_drafts_are_listed_without_a_date() -> None:
    cases = [case("amber kettle", row("a", None, None), status="open"), case("quiet harbour", status="draft")]
    a_plan = planned(cases, "2026-11-21", [mail("m", "amber kettle"), mail("n", "quiet harbour")])

    assert {one.date for one in a_plan.items} == {None}
    assert {one.why[0].kind for one in case_items(a_plan, cases[0].case)} == {StepKind.OPEN}
    assert {one.why[0].kind for one in case_items(a_plan, cases[1].case)} == {StepKind.DRAFT}


def test_what_is_expunged_is_not_listed() -> None:
    cases = [case("amber kettle", row("a", "resolved", "2025-01-10", 1, expunged=True), row("b", "flagged", "2025-01-10", 2),
                  reporter_expunged=True, account_expunged=True)]

    assert dates(planned(cases, "2026-04-01"), "amber kettle") == {"subject2": "2027-03-10"}


# --------------------------------------------------------------------------- extension

FIRST = case("amber kettle", row("a", "resolved", "2025-01-10"), reported="2024-12-20")
SECOND = case("stunned bulb", row("b", "flagged", "2026-04-20"), reported="2025-12-01")
SECOND_OPEN = case("stunned bulb", row("b", None, None), reported="2025-12-01", status="open")


def test_a_new_violation_keeps_the_earlier_record_until_its_own_date() -> None:
    a_plan = planned([FIRST, SECOND], "2026-04-21", [mail("m", "amber kettle")], [same("a", "b")])

    assert by_calendar("2026-04-20", 26) == "2028-06-20"
    assert set(dates(a_plan, "amber kettle").values()) == {"2028-06-20"}
    moved = item(a_plan, "amber kettle", "subject", 1).why[-1]
    assert (moved.kind, moved.to, moved.case) == (StepKind.MOVED, day("2028-06-20"), "stunned bulb")


def test_with_restart_the_earlier_records_own_term_begins_again() -> None:
    a_plan = planned([FIRST, SECOND], "2026-04-21", [mail("m", "amber kettle")], [same("a", "b")], extension="restart")

    assert by_calendar("2026-04-20", 14) == "2027-06-20"
    assert set(dates(a_plan, "amber kettle").values()) == {"2027-06-20"}
    assert set(dates(a_plan, "stunned bulb").values()) == {"2028-06-20"}


def test_while_the_second_case_is_open_the_first_is_on_pending_hold() -> None:
    a_plan = planned([FIRST, SECOND_OPEN], "2026-03-10", [mail("m", "amber kettle")], [same("a", "b")])

    assert set(dates(a_plan, "amber kettle").values()) == {"2026-03-10"}
    assert not a_plan.due
    assert {one.held[0].kind for one in case_items(a_plan, FIRST.case)} == {"open-case"}
    assert {one.held[0].case for one in case_items(a_plan, FIRST.case)} == {"stunned bulb"}


def test_without_the_second_case_the_first_would_have_gone() -> None:
    assert len(planned([FIRST, SECOND_OPEN], "2026-03-10").due) == 3


def test_a_second_report_without_violation_releases_the_hold_and_moves_nothing() -> None:
    second = case("stunned bulb", row("b", "no-violation", "2026-04-20"), reported="2025-12-01")
    a_plan = planned([FIRST, second], "2026-04-21", links=[same("a", "b")])

    assert set(dates(a_plan, "amber kettle").values()) == {"2026-03-10"}
    assert {one.due for one in case_items(a_plan, FIRST.case)} == {True}


def test_type_2_extends_nothing_either() -> None:
    second = case("stunned bulb", row("b", "unidentified", "2026-04-20"))

    assert set(dates(planned([FIRST, second], "2026-04-21", links=[same("a", "b")]), "amber kettle").values()) == {
        "2026-03-10"}


def test_whoever_only_reported_is_not_extended() -> None:
    """A reporter has no row, so the later case, open or closed, is linked to nothing."""
    for later in (SECOND_OPEN, SECOND):
        a_plan = planned([FIRST, later], "2026-05-01")
        assert {one.due for one in case_items(a_plan, FIRST.case)} == {True}


def test_a_permanent_ban_keeps_older_records_without_a_date() -> None:
    ban = case("stunned bulb", row("b", "banned", "2026-02-15", permanent=True))
    a_plan = planned([FIRST, ban], "2026-11-21", [mail("m", "amber kettle")], [same("a", "b")])

    assert set(dates(a_plan, "amber kettle").values()) == {None}
    assert {one.review for one in case_items(a_plan, FIRST.case)} == {day("2027-02-15")}
    assert item(a_plan, "amber kettle", "subject", 1).why[-1].kind is StepKind.KEPT_WITH
    assert expunge_on(case_items(a_plan, FIRST.case)) is None


def test_lifting_the_ban_gives_the_older_record_a_date_again() -> None:
    ban = case("stunned bulb", row("b", "banned", "2026-02-15", permanent=True, lifted_on="2026-10-01"))

    assert set(dates(planned([FIRST, ban], "2026-11-21", links=[same("a", "b")]), "amber kettle").values()) == {
        by_calendar("2026-10-01", 26)} == {"2028-12-01"}


def test_with_restart_a_ban_begins_again_from_the_later_of_its_end_and_the_decision() -> None:
    running = case("amber kettle", row("a", "banned", "2026-01-01", ban_until="2027-02-01"))
    over = case("quiet harbour", row("c", "banned", "2024-12-01", ban_until="2025-02-01"))
    a_plan = planned([running, over, SECOND], "2026-05-01", links=[same("a", "b"), same("b", "c")], extension="restart")

    assert item(a_plan, "amber kettle", "subject", 1).date == day("2029-04-01")
    assert item(a_plan, "quiet harbour", "subject", 1).date == day("2028-06-20")


def test_extension_is_carried_over_confirmed_links() -> None:
    middle = case("quiet harbour", row("m", "resolved", "2025-06-01"))
    a_plan = planned([FIRST, middle, SECOND], "2026-04-21", links=[same("a", "m"), same("m", "b")])

    assert set(dates(a_plan, "amber kettle").values()) == {"2028-06-20"}
    assert set(dates(a_plan, "quiet harbour").values()) == {"2028-06-20"}


def test_an_earlier_violation_does_not_extend_a_later_one() -> None:
    old = case("amber kettle", row("a", "banned", "2025-01-10", ban_until="2035-01-10"))
    new = case("quiet harbour", row("b", "resolved", "2026-01-10"))

    assert set(dates(planned([old, new], "2026-04-21", links=[same("a", "b")]), "quiet harbour").values()) == {
        "2027-03-10"}


def test_decided_on_one_day_both_end_together() -> None:
    one = case("amber kettle", row("a", "resolved", "2026-01-10"))
    other = case("quiet harbour", row("b", "flagged", "2026-01-10"))

    assert set(dates(planned([one, other], "2026-04-21", links=[same("a", "b")]), "amber kettle").values()) == {
        "2028-03-10"}


def test_extension_never_makes_a_date_earlier() -> None:
    flagged = case("amber kettle", row("a", "flagged", "2026-01-10"))
    resolved = case("quiet harbour", row("b", "resolved", "2026-02-10"))
    for option in ("align", "restart"):
        a_plan = planned([flagged, resolved], "2026-04-21", links=[same("a", "b")], extension=option)
        assert (item(a_plan, "amber kettle", "account").date or date.max) >= day("2028-03-10")


def test_a_possible_link_holds_the_earlier_record_and_moves_nothing() -> None:
    a_plan = planned([FIRST, SECOND], "2026-05-01", [mail("m", "amber kettle")], [possible("a", "b")])

    assert set(dates(a_plan, "amber kettle").values()) == {"2026-03-10"}
    assert {one.held[0].kind for one in case_items(a_plan, FIRST.case)} == {"possible-link"}
    assert not any(one.held for one in case_items(a_plan, SECOND.case))


def test_a_possible_link_to_an_open_case_holds_too() -> None:
    a_plan = planned([FIRST, SECOND_OPEN], "2026-05-01", links=[possible("a", "b")])

    assert {one.held[0].kind for one in case_items(a_plan, FIRST.case)} == {"open-case"}


def test_an_open_question_reaches_all_records_of_both_persons() -> None:
    middle = case("quiet harbour", row("m", "resolved", "2025-02-01"))
    a_plan = planned([FIRST, middle, SECOND_OPEN], "2026-05-01", links=[same("a", "m"), possible("m", "b")])

    assert {one.is_held for one in case_items(a_plan, FIRST.case)} == {True}


def test_a_denied_link_holds_nothing() -> None:
    different = Link(row("a", None, None).row, row("b", None, None).row, "different")
    for second in (SECOND, SECOND_OPEN):
        a_plan = planned([FIRST, second], "2026-05-01", links=[different])
        assert {one.due for one in case_items(a_plan, FIRST.case)} == {True}


def test_one_denied_link_settles_the_question_for_all_records_of_the_two() -> None:
    middle = case("quiet harbour", row("m", "resolved", "2025-02-01"))
    links = [same("a", "m"), possible("m", "b"), Link(row("a", None, None).row, row("b", None, None).row, "different")]

    assert not any(one.held for one in planned([FIRST, middle, SECOND_OPEN], "2026-03-01", links=links).items)


def test_a_question_holds_no_longer_than_its_answer_could() -> None:
    for option, last in (("align", "2028-06-20"), ("restart", "2027-06-20")):
        links = [possible("a", "b")]
        before = planned([FIRST, SECOND], (day(last).replace(day=19)).isoformat(), links=links, extension=option)
        after = planned([FIRST, SECOND], last, links=links, extension=option)
        assert {one.is_held for one in case_items(before, FIRST.case)} == {True}
        assert {one.due for one in case_items(after, FIRST.case)} == {True}


def test_no_violation_and_unidentified_wait_for_no_open_case() -> None:
    """Extension cannot move them, so there is nothing to wait for."""
    first = case("amber kettle", row("a", "no-violation", "2026-03-01"))

    assert len(planned([first, SECOND_OPEN], "2026-03-10", links=[same("a", "b")]).due) == 3


def test_extends_subject_leaves_reporter_and_mail_at_their_own_date() -> None:
    a_plan = planned([FIRST, SECOND], "2026-04-21", [mail("m", "amber kettle")], [same("a", "b")], extends="subject")

    assert dates(a_plan, "amber kettle") == {
        "reporter": "2026-03-10", "mail": "2026-03-10", "mailbox": "2026-03-10",
        "subject1": "2028-06-20", "account": "2028-06-20"}


def test_in_a_case_of_several_only_that_persons_row_moves() -> None:
    first = case("amber kettle", row("a", "resolved", "2025-01-10", 1), row("x", "resolved", "2025-01-10", 2))
    a_plan = planned([first, SECOND], "2026-02-01", [mail("m", "amber kettle")], [same("a", "b")])

    assert dates(a_plan, "amber kettle") == {
        "subject1": "2028-06-20", "subject2": "2026-03-10", "reporter": "2028-06-20", "account": "2028-06-20",
        "mail": "2028-06-20", "mailbox": "2028-06-20"}


def test_an_expunged_row_is_not_extended_and_still_extends() -> None:
    """With restart a record may outlive the one that moved it, and must not shrink when that is gone."""
    flagged = case("amber kettle", row("a", "flagged", "2025-01-10"))
    resolved = row("b", "resolved", "2026-04-20")
    gone = case("stunned bulb", row("b", "resolved", "2026-04-20", expunged=True), status="expunged")
    links = [same("a", "b")]
    before = planned([flagged, case("stunned bulb", resolved)], "2027-06-20", links=links, extension="restart")
    after = planned([flagged, gone], "2027-06-20", links=links, extension="restart")

    assert dates(before, "amber kettle") == dates(after, "amber kettle")
    assert set(dates(after, "amber kettle").values()) == {by_calendar("2026-04-20", 26)}


def test_a_reopened_case_extends_nothing_and_holds() -> None:
    reopened = case("stunned bulb", row("b", "flagged", "2026-04-20"), status="open")
    a_plan = planned([FIRST, reopened], "2026-05-01", links=[same("a", "b")])

    assert set(dates(a_plan, "amber kettle").values()) == {"2026-03-10"}
    assert {one.is_held for one in case_items(a_plan, FIRST.case)} == {True}


# --------------------------------------------------------------------------- deviations


def deviating(until: str | None, *, decided: str = "2025-06-01", agreed: bool = True, review: str | None = None) -> Deviation:
    return Deviation(day(until) if until else None, until is None, day(decided), agreed, day(review) if review else None)


@pytest.mark.parametrize("until", ["2025-09-01", "2030-01-01", None])
def test_an_agreed_deviation_is_the_date_longer_shorter_or_never(until: str | None) -> None:
    a_plan = planned([case("amber kettle", row("a", "resolved", "2025-01-10", deviation=deviating(until)))], "2026-01-01")

    assert set(dates(a_plan, "amber kettle").values()) == {until}
    assert expunge_on(a_plan.items) == (day(until) if until else None)
    assert {one.review for one in a_plan.items} == ({None} if until else {day("2026-06-01")})


def test_a_deviation_that_nobody_agreed_to_has_no_effect_and_is_shown() -> None:
    alone = deviating("2030-01-01", agreed=False)
    a_plan = planned([case("amber kettle", row("a", "resolved", "2025-01-10", deviation=alone))], "2026-01-01")

    assert set(dates(a_plan, "amber kettle").values()) == {"2026-03-10"}
    assert item(a_plan, "amber kettle", "account").why[-1].kind is StepKind.DEVIATION_WAITS


def test_a_violation_decided_after_the_deviation_still_extends() -> None:
    shorter = case("amber kettle", row("a", "resolved", "2025-01-10", deviation=deviating("2025-09-01")))
    a_plan = planned([shorter, SECOND], "2026-05-01", links=[same("a", "b")])

    assert set(dates(a_plan, "amber kettle").values()) == {"2028-06-20"}


def test_a_violation_decided_before_the_deviation_does_not() -> None:
    agreed_later = deviating("2026-08-01", decided="2026-05-01")
    shorter = case("amber kettle", row("a", "resolved", "2025-01-10", deviation=agreed_later))
    a_plan = planned([shorter, SECOND], "2026-05-02", links=[same("a", "b")])

    assert set(dates(a_plan, "amber kettle").values()) == {"2026-08-01"}


def test_a_deviation_of_the_new_record_counts_for_what_it_keeps() -> None:
    new = case("stunned bulb", row("b", "banned", "2026-04-20", permanent=True,
                                   deviation=deviating("2030-01-01", decided="2026-05-01")))
    a_plan = planned([FIRST, new], "2026-05-02", links=[same("a", "b")])

    assert set(dates(a_plan, "amber kettle").values()) == {"2030-01-01"}


def test_a_deviation_of_type_2_moves_what_has_a_date() -> None:
    cases = [case("amber kettle", row("a", "unidentified", "2026-01-31", n=0, deviation=deviating("2027-01-01")))]

    assert dates(planned(cases, "2026-02-01"), "amber kettle") == {"reporter": "2027-01-01", "account": None}


def test_the_review_day_of_a_deviation_is_shown_while_it_lies_ahead() -> None:
    cases = [case("amber kettle", row("a", "resolved", "2025-01-10", deviation=deviating(None, review="2026-03-03")))]

    assert {one.review for one in planned(cases, "2026-03-02").items} == {day("2026-03-03")}
    assert {one.review for one in planned(cases, "2026-03-03").items} == {day("2026-06-01")}


def test_days_beyond_the_calendar_stop_at_its_end() -> None:
    far = case("amber kettle", row("a", "banned", "2026-01-01", ban_until="9999-12-31"))

    assert months_after(date(9999, 12, 31), 26) == date.max
    assert item(planned([far], "2026-11-21", grace_days=3660), "amber kettle", "account").date == date.max
