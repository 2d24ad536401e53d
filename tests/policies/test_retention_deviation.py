"""Deviations: the committee's own date, once two members agree, and what a later violation does to it."""

from __future__ import annotations

import pytest

from policies.retention import Deviation, StepKind, expunge_on
from tests.policies.retention_builders import case, dates, day, item, planned, row, same

FIRST = case("amber kettle", row("a", "resolved", "2025-01-10"), reported="2024-12-20")
SECOND = case("stunned bulb", row("b", "flagged", "2026-04-20"), reported="2025-12-01")


def deviating(
    until: str | None, *, decided: str = "2025-06-01", agreed: bool = True, review: str | None = None
) -> Deviation:
    return Deviation(
        day(until) if until else None, until is None, day(decided), agreed, day(review) if review else None
    )


@pytest.mark.parametrize("until", ["2025-09-01", "2030-01-01", None])
def test_an_agreed_deviation_is_the_date_longer_shorter_or_never(until: str | None) -> None:
    a_plan = planned(
        [case("amber kettle", row("a", "resolved", "2025-01-10", deviation=deviating(until)))], "2026-01-01"
    )

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
    new = case(
        "stunned bulb",
        row("b", "banned", "2026-04-20", permanent=True, deviation=deviating("2030-01-01", decided="2026-05-01")),
    )
    a_plan = planned([FIRST, new], "2026-05-02", links=[same("a", "b")])

    assert set(dates(a_plan, "amber kettle").values()) == {"2030-01-01"}


def test_a_deviation_of_type_2_moves_what_has_a_date() -> None:
    cases = [case("amber kettle", row("a", "unidentified", "2026-01-31", n=0, deviation=deviating("2027-01-01")))]

    assert dates(planned(cases, "2026-02-01"), "amber kettle") == {"reporter": "2027-01-01", "account": None}


def test_the_review_day_of_a_deviation_is_shown_while_it_lies_ahead() -> None:
    cases = [case("amber kettle", row("a", "resolved", "2025-01-10", deviation=deviating(None, review="2026-03-03")))]

    assert {one.review for one in planned(cases, "2026-03-02").items} == {day("2026-03-03")}
    assert {one.review for one in planned(cases, "2026-03-03").items} == {day("2026-06-01")}
