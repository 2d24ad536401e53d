"""The worked examples of the policy's terms, each a row, played from the mail to the plan on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.scenes import Post, Scene
from tests.story import EVERY_PART, REPORTER, SUBJECT, Story, part

# The day on which everything is typed in; what was decided when, --decided says.
TYPED = "2027-01-05"
Founding = Callable[..., Story]


@pytest.fixture
def founded(tmp_path: Path, pymap_account: Post) -> Founding:
    """Found a committee with options of [retention]."""
    return lambda **options: Story(
        Scene.found(tmp_path, pymap_account, values={"retention": options} if options else {})
    )


ALONE = [
    pytest.param("2025-01-08", "resolved --decided 2025-01-10", "2026-03-10", id="resolved"),
    pytest.param("2026-04-01", "flagged --decided 2026-04-20", "2028-06-20", id="flagged"),
    pytest.param("2025-12-01", "resolved --decided 2025-12-31", "2027-02-28", id="clipped to February"),
    pytest.param("2026-12-20", "resolved --decided 2026-12-29", "2028-02-29", id="a leap day is a day"),
    pytest.param(
        "2026-01-10",
        "banned --decided 2026-02-01 --ban-from 2026-02-01 --ban-until 2027-02-01",
        "2029-04-01",
        id="banned",
    ),
    pytest.param("2026-01-10", "banned --decided 2026-02-01 --permanent", None, id="banned for good"),
]


@pytest.mark.parametrize(("reported", "closed", "goes"), ALONE)
def test_a_case_by_itself_goes_after_its_term(founded: Founding, reported: str, closed: str, goes: str | None) -> None:
    story = founded()
    case = story.record(reported)

    answer = story.close(case, *closed.split(" ", 1)[:1], TYPED, *closed.split()[1:])

    assert answer["expunge_on"] == goes
    assert story.goes(case, TYPED) == dict.fromkeys(EVERY_PART, goes)
    assert story.last_day(case, TYPED) == goes


def test_what_is_closed_is_due_on_its_day_and_not_the_day_before(founded: Founding) -> None:
    story = founded()
    case = story.record("2025-01-08")
    story.close(case, "resolved", "2025-01-10")

    assert story.due("2026-03-09") == set()
    assert story.due("2026-03-10") == EVERY_PART


def test_a_lifted_ban_counts_from_the_lifting(founded: Founding) -> None:
    story = founded()
    case = story.record("2026-01-10")
    story.close(case, "banned", "2026-02-01", "--ban-from", "2026-02-01", "--ban-until", "2027-02-01")

    lifted = story.do("case", "lift", case, "--on", "2026-08-01", "--json", on="2026-08-03").json

    assert lifted["expunge_on"] == "2028-10-01"
    assert story.goes(case, TYPED) == dict.fromkeys(EVERY_PART, "2028-10-01")


def test_a_permanent_ban_is_reviewed_every_year_until_it_is_lifted(founded: Founding) -> None:
    story = founded()
    case = story.record("2026-01-10")
    story.close(case, "banned", "2026-02-01", "--permanent")

    assert {item["review"] for item in story.plan("2026-02-02", case)} == {"2027-02-01"}
    assert {item["review"] for item in story.plan("2027-02-01", case)} == {"2028-02-01"}
    shown = story.do("case", "show", case, "--json", on="2026-02-02").json
    assert shown["fields"]["banned_or_flagged"]["value"] == "banned from 2026-02-01 permanently"

    story.do("case", "lift", case, on="2026-08-01")

    assert story.last_day(case, "2026-08-01") == "2028-10-01"


def test_where_nobody_is_identified_the_reporter_goes_and_the_rest_never(founded: Founding) -> None:
    story = founded()
    case = story.record("2026-01-10", "")
    story.close(case, "unidentified", "2026-01-31")

    assert story.goes(case) == {
        "reporter": "2026-07-31",
        "mail": "2026-07-31",
        "mailbox": "2026-07-31",
        "account": None,
    }
    assert story.last_day(case, "2026-02-01") == "2026-07-31"
    assert story.due("2026-07-31") == {"reporter", "mail", "mailbox"}


def test_no_violation_is_due_at_once_by_another_member(founded: Founding) -> None:
    story = founded()
    case = story.record("2026-01-10")
    story.close(case, "no-violation", "2026-02-01")

    assert story.due("2026-02-01") == EVERY_PART
    assert {item["second_member_needed"] for item in story.plan("2026-02-01", case)} == {True}


def test_the_clock_can_run_from_the_report(founded: Founding) -> None:
    story = founded(clock="reported")
    case = story.record("2025-06-06")

    answer = story.close(case, "resolved", "2025-12-01")

    assert answer["expunge_on"] == "2026-08-06"
    assert "2025-06-06" in answer["retention"][0]["why"]


# --- the same person again


def _two(story: Story, *same: str) -> tuple[str, str]:
    """The first record, decided on 2025-01-10, and an open case about the same person, reported on 2025-12-01."""
    first = story.record("2025-01-08")
    story.close(first, "resolved", "2025-01-10")
    return first, story.record("2025-12-01", words=same)


MOVED = [({}, "2028-06-20"), ({"extension": "restart"}, "2027-06-20")]


@pytest.mark.parametrize(("options", "goes"), MOVED, ids=["align", "restart"])
def test_a_new_violation_moves_the_older_record_which_waits_while_the_case_is_open(
    founded: Founding, options: dict[str, Any], goes: str
) -> None:
    story = founded(**options)
    first, second = _two(story, "--same-person")

    assert story.due("2026-03-10") == set()
    assert story.held("2026-03-10", first) == EVERY_PART
    assert story.cases("2026-03-10")[first]["held"] is True

    story.close(second, "flagged", "2026-04-20")

    assert story.goes(first, "2026-04-20") == dict.fromkeys(EVERY_PART, goes)
    assert story.last_day(second, "2026-04-20") == "2028-06-20"
    assert story.held("2026-04-20") == set()
    moved = story.plan("2026-04-20", first)
    assert all(second in item["why"] for item in moved)


def test_with_extends_subject_reporter_and_mail_stay_at_their_own_date(founded: Founding) -> None:
    story = founded(extends="subject")
    first, second = _two(story, "--same-person")
    story.close(second, "flagged", "2026-04-20")

    own = dict.fromkeys(("reporter", "mail", "mailbox"), "2026-03-10")
    assert story.goes(first) == {**own, "subject 1": "2028-06-20", "account": "2028-06-20"}


@pytest.mark.parametrize("outcome", ["no-violation", "unidentified"])
def test_a_second_report_without_a_violation_of_hers_releases_and_moves_nothing(
    founded: Founding, outcome: str
) -> None:
    story = founded()
    first, second = _two(story, "--same-person")

    story.close(second, outcome, "2026-04-20")

    assert story.goes(first) == dict.fromkeys(EVERY_PART, "2026-03-10")
    assert story.due("2026-04-20", first) == EVERY_PART


def test_who_only_reports_in_a_later_case_is_not_extended(founded: Founding) -> None:
    story = founded()
    first = story.record("2025-01-08", "Bo Rook <bo@mail.example>")
    story.close(first, "resolved", "2025-01-10")
    second = story.record(
        "2025-12-01", "Cyd Ferrer <@cyd>", words=["--same-person"], sender="Bo Rook <bo@mail.example>"
    )

    assert story.held("2026-03-10") == set()
    story.close(second, "flagged", "2026-04-20")

    assert story.goes(first) == dict.fromkeys(EVERY_PART, "2026-03-10")


def test_a_permanent_ban_keeps_older_records_without_a_date_and_reviews_them(founded: Founding) -> None:
    story = founded()
    first, second = _two(story, "--same-person")
    story.close(second, "banned", "2026-02-20", "--permanent")

    assert story.goes(first) == dict.fromkeys(EVERY_PART)
    assert story.last_day(first, "2026-03-10") is None
    assert {item["review"] for item in story.plan("2026-03-10", first)} == {"2027-02-20"}
    assert story.due("2040-01-01") == set()

    story.do("case", "lift", second, on="2026-08-01")

    assert story.goes(first) == dict.fromkeys(EVERY_PART, "2028-10-01")


# --- whether it is the same person


def test_a_possible_link_holds_and_extends_nothing_until_it_is_settled(founded: Founding) -> None:
    story = founded()
    first, second = _two(story)
    assert story.held("2026-03-10", first) == EVERY_PART

    story.close(second, "flagged", "2026-04-20")

    assert story.goes(first) == dict.fromkeys(EVERY_PART, "2026-03-10")
    assert story.held("2026-04-21", first) == EVERY_PART
    story.do("case", "same", second, 1, first, 1, on="2026-04-22")
    assert story.goes(first) == dict.fromkeys(EVERY_PART, "2028-06-20")
    assert story.held("2026-04-22") == set()


def test_other_people_with_one_handle_do_not_move_one_another(founded: Founding) -> None:
    story = founded()
    first, second = _two(story)
    story.close(second, "flagged", "2026-04-20")

    story.do("case", "other", first, 1, second, 1, on="2026-04-22")

    assert story.due("2026-04-22") == EVERY_PART
    assert story.goes(second) == dict.fromkeys(EVERY_PART, "2028-06-20")


def test_the_same_name_alone_links_nobody(founded: Founding) -> None:
    story = founded()
    first = story.record("2025-01-08", "Bo Rook")
    story.close(first, "resolved", "2025-01-10")
    story.record("2025-12-01", "Bo Rook")

    assert story.due("2026-03-10") == EVERY_PART


def test_two_people_of_one_case_end_on_days_of_their_own(founded: Founding) -> None:
    story = founded()
    case = story.record("2026-01-10", SUBJECT, "Cyd Ferrer <@cyd>")

    first = story.close(case, "no-violation", "2026-02-01", "--subject", "1")
    assert (first["status"], first["still_open"]) == ("open", [2])
    assert story.due("2026-02-01") == set()
    second = story.close(case, "resolved", "2026-02-01", "--subject", "2")

    assert second["status"] == "closed"
    later = "2027-04-01"
    expected = {"reporter": later, "subject 1": "2026-02-01", "subject 2": later, "account": later}
    assert story.goes(case) == {**expected, "mail": later, "mailbox": later}
    assert story.due("2026-02-01") == {"subject 1"}


def test_closing_for_everybody_leaves_what_was_decided_about_one_alone(founded: Founding) -> None:
    story = founded()
    case = story.record("2026-01-10", SUBJECT, "Cyd Ferrer <@cyd>")
    story.close(case, "banned", "2026-02-01", "--subject", "2", "--permanent")

    story.close(case, "resolved", "2026-02-01")

    shown = story.do("case", "show", case, "--json", on="2026-02-01").json
    assert [each["outcome"] for each in shown["subjects"]] == ["resolved", "banned"]


def test_an_unreviewed_draft_and_unread_mail_pause_what_is_due_for_a_month(founded: Founding) -> None:
    story = founded()
    first = story.record("2025-01-08")
    story.close(first, "resolved", "2025-01-10")
    draft = story.report("2026-03-01", sender=REPORTER)

    assert story.held("2026-03-10", first) == EVERY_PART
    assert {item["held_until"] for item in story.plan("2026-03-10", first)} == {"2026-04-09"}
    assert story.due("2026-04-09", first) == EVERY_PART

    story.do("case", "dismiss", draft, "--reason", "no report", on="2026-03-11")
    assert {part(item) for item in story.plan("2026-03-11", first) if item["due"]} == EVERY_PART
