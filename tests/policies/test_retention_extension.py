"""A new violation: what it does to earlier records of the same person, what waits for it, and what it leaves alone."""

from __future__ import annotations

from datetime import date

from policies.retention import Link, StepKind, case_items, expunge_on
from tests.policies.retention_builders import by_calendar, case, dates, day, item, mail, planned, possible, row, same

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
        "2026-03-10"
    }


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

    assert (
        set(dates(planned([FIRST, ban], "2026-11-21", links=[same("a", "b")]), "amber kettle").values())
        == {by_calendar("2026-10-01", 26)}
        == {"2028-12-01"}
    )


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


def test_links_in_a_circle_or_stated_twice_are_followed_once() -> None:
    """Found by Hypothesis: joining a person with herself never came to an end."""
    links = [same("a", "b"), same("b", "a"), same("a", "a"), same("a", "b")]

    assert set(dates(planned([FIRST, SECOND], "2026-04-21", links=links), "amber kettle").values()) == {"2028-06-20"}


def test_an_earlier_violation_does_not_extend_a_later_one() -> None:
    old = case("amber kettle", row("a", "banned", "2025-01-10", ban_until="2035-01-10"))
    new = case("quiet harbour", row("b", "resolved", "2026-01-10"))

    assert set(dates(planned([old, new], "2026-04-21", links=[same("a", "b")]), "quiet harbour").values()) == {
        "2027-03-10"
    }


def test_decided_on_one_day_both_end_together() -> None:
    one = case("amber kettle", row("a", "resolved", "2026-01-10"))
    other = case("quiet harbour", row("b", "flagged", "2026-01-10"))

    assert set(dates(planned([one, other], "2026-04-21", links=[same("a", "b")]), "amber kettle").values()) == {
        "2028-03-10"
    }


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
        "reporter": "2026-03-10",
        "mail": "2026-03-10",
        "mailbox": "2026-03-10",
        "subject1": "2028-06-20",
        "account": "2028-06-20",
    }


def test_in_a_case_of_several_only_that_persons_row_moves() -> None:
    first = case("amber kettle", row("a", "resolved", "2025-01-10", 1), row("x", "resolved", "2025-01-10", 2))
    a_plan = planned([first, SECOND], "2026-02-01", [mail("m", "amber kettle")], [same("a", "b")])

    assert dates(a_plan, "amber kettle") == {
        "subject1": "2028-06-20",
        "subject2": "2026-03-10",
        "reporter": "2028-06-20",
        "account": "2028-06-20",
        "mail": "2028-06-20",
        "mailbox": "2028-06-20",
    }


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
