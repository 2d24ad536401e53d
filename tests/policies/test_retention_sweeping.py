"""The unattended sweep, day by day and through simulated years: none early, none over the cap, nothing for ever."""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from policies.case import Outcome
from policies.retention.clockwatch import SLACK, Doubt, Memory, Reading
from policies.retention.sweeping import (
    CAP_PERCENT,
    DAYS_SEEN,
    LEAST_CAP,
    NOTICE,
    SHORT_NOTICE,
    Known,
    Piece,
    Wait,
    notice_of,
    pieces,
    prospects,
    turn,
)
from tests.policies.retention_builders import case, mail, planned, row
from tests.policies.sweep_world import POLICY, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def world(seed: int = 1) -> World:
    return World(random.Random(seed))


def live(one: World, days: int, hours: int = 6) -> World:
    """So many days, the sweep running every few hours."""
    end = one.truly + days * DAY
    while one.truly < end:
        one.sweep()
        one.wait(hours * HOUR)
    return one


def test_the_numbers_are_those_that_the_committee_was_told() -> None:
    assert (NOTICE, SHORT_NOTICE) == (14 * DAY, 3 * DAY)
    assert (DAYS_SEEN, LEAST_CAP, CAP_PERCENT) == (3, 3, 10)


def test_no_violation_goes_after_three_days_and_the_rest_of_the_list_after_fourteen() -> None:
    one = world()
    one.close_case(Outcome.NO_VIOLATION)
    one.close_case(Outcome.RESOLVED, date(2022, 6, 1))
    began = one.truly

    live(one, 20)

    waited = {each.item.code_name: each.truly - began for each in one.taken}
    assert waited == {"case 1": SHORT_NOTICE, "case 2": NOTICE}


def test_what_has_a_term_is_announced_ahead_and_goes_on_its_day() -> None:
    one = world()
    one.close_case(Outcome.RESOLVED)

    live(one, 440)

    assert {each.truly.date() for each in one.taken} == {date(2025, 3, 1)}
    assert {each.item.date for each in one.taken} == {date(2025, 3, 1)}


def test_fourteen_days_are_not_enough_without_three_days_seen_running() -> None:
    one = world()
    one.close_case(Outcome.RESOLVED, date(2022, 6, 1))
    one.sweep()
    for _ in range(2):  # it runs on the sixth and on the twelfth day
        one.wait(6 * DAY)
        one.sweep()
    one.wait(6 * DAY - 2 * HOUR)
    assert not one.taken

    one.sweep()

    assert len(one.taken) == 5
    assert {each.days_since_notice for each in one.taken} == {3}


def test_runs_of_one_day_count_once() -> None:
    one = world()
    one.close_case(Outcome.NO_VIOLATION)
    one.sweep()
    one.wait(4 * DAY)
    for _ in range(10):
        one.sweep()
        one.wait(HOUR)

    assert not one.taken


@pytest.mark.parametrize("change", ["hold", "deviate", "reopened"])
def test_what_changes_is_announced_anew(change: str) -> None:
    one = world()
    name = one.close_case(Outcome.RESOLVED, date(2022, 6, 1))
    live(one, 12)
    if change == "hold":
        one.hold(name, 1)
    elif change == "deviate":
        one.deviate(name, date(2024, 1, 2))
    else:
        closed = one.store.cases[name]
        rows = (dataclasses.replace(closed.rows[0], outcome=Outcome.FLAGGED, decided_on=date(2021, 6, 1)),)
        one.store.cases[name] = dataclasses.replace(closed, rows=rows)
    changed = one.truly

    live(one, 40)

    assert one.taken
    assert all(each.truly >= changed + NOTICE for each in one.taken)


def test_a_day_takes_three_cases_and_a_tenth_of_many() -> None:
    few, many = world(), world()
    for _ in range(8):
        few.close_case(Outcome.NO_VIOLATION)
    for _ in range(80):
        many.close_case(Outcome.NO_VIOLATION)

    live(few, 8)
    live(many, 25)

    a_day = [Counter(unit for unit, _ in {(each.truly.date(), each.unit) for each in one.taken}) for one in (few, many)]
    assert sorted(a_day[0].values()) == [2, 3, 3]
    assert max(a_day[1].values()) == 8
    assert few.left() == many.left() == []


def test_a_thousand_advertisements_do_not_let_more_cases_go() -> None:
    one = world()
    for _ in range(200):
        one.dismiss_mail()
    for _ in range(10):
        one.close_case(Outcome.RESOLVED, date(2022, 6, 1))

    live(one, 60)

    cases_a_day = Counter(day for day, unit in {(each.truly.date(), each.unit) for each in one.taken} if "case" in unit)
    mails_a_day = Counter(day for day, unit in {(each.truly.date(), each.unit) for each in one.taken} if "mail" in unit)
    assert max(cases_a_day.values()) == 3
    assert max(mails_a_day.values()) == 20
    assert not one.left()


@pytest.mark.parametrize(
    ("jump", "told"),
    [
        (timedelta(hours=2), Doubt.FORWARD),
        (timedelta(days=400), Doubt.FORWARD),
        (timedelta(days=80 * 365), Doubt.FAR_FUTURE),
        (-timedelta(hours=8), Doubt.BACKWARD),
        (-timedelta(days=3000), Doubt.BACKWARD),
    ],
)
def test_a_clock_that_jumps_stops_it_until_a_member_resumes(jump: timedelta, told: Doubt) -> None:
    one = world()
    one.close_case(Outcome.RESOLVED, date(2022, 6, 1))
    live(one, 13)
    one.offset = jump

    live(one, 30)

    assert one.doubts == [told]
    assert not one.taken
    one.resume()
    resumed = one.truly
    live(one, 20)
    assert {each.truly - resumed for each in one.taken} == {NOTICE}


def test_small_steps_of_the_clock_add_up() -> None:
    one = world()
    live(one, 2)
    for _ in range(10):
        one.offset += timedelta(minutes=10)
        one.sweep()
        one.wait(HOUR)

    assert one.doubts == [Doubt.FORWARD]


def test_a_clock_put_forward_while_the_machine_is_off_is_believed_for_a_week_at_most() -> None:
    short, long = world(), world()
    for one, jump in ((short, 5 * DAY), (long, 8 * DAY)):
        live(one, 3)
        one.restart(off=HOUR)
        one.offset = jump
        one.sweep()

    assert short.doubts == []
    assert long.doubts == [Doubt.AWAY]


def test_months_asleep_are_no_jump_but_all_is_announced_anew() -> None:
    one = world()
    one.close_case(Outcome.RESOLVED, date(2022, 6, 1))
    live(one, 13)
    one.wait(90 * DAY)  # the machine sleeps: the seconds since its start go on
    woke = one.truly

    live(one, 20)

    assert not one.doubts
    assert {each.truly - woke for each in one.taken} == {NOTICE}


def test_a_backup_that_is_put_back_announces_anew_what_is_too_old_to_be_news() -> None:
    one = world()
    one.close_case(Outcome.RESOLVED, date(2022, 6, 1))
    live(one, 13)
    old = one.backup()
    live(one, 30)
    assert not one.left()
    one.taken.clear()
    one.store, put_back = old, one.truly

    live(one, 30)

    assert not one.doubts
    assert {each.truly - put_back for each in one.taken} == {NOTICE}


@pytest.mark.parametrize("seed", range(4))
def test_through_years_of_mishaps_none_goes_early_none_over_the_cap_and_nothing_stays(seed: int) -> None:
    one = _years(seed)

    assert len(one.taken) > 50
    for each in one.taken:
        assert each.item.date is not None
        assert each.truly.date() >= each.item.date, "before its day"
        assert each.truly - each.noticed_truly >= notice_of(each.item) - SLACK, "on notice for too short a time"
        assert each.days_since_notice >= 3
        assert not each.item.held
    assert one.over_cap == []
    for day in {each.truly.date() for each in one.taken}:
        units = {each.unit for each in one.taken if each.truly.date() == day and each.unit.startswith("case|")}
        assert len(units) <= 2 * max(3, len(one.store.cases) // 10)
    assert one.left() == []


def _years(seed: int) -> World:
    """Two years of mishaps, then quiet ones in which the sweep runs every third day."""
    one = World(random.Random(seed))
    end = one.truly + 800 * DAY
    while one.truly < end:
        one.mishap()
        if one.store.stop is not None and one.chance.random() < 0.1:
            one.resume()
        one.sweep()
        one.wait(one.chance.choice([HOUR, 6 * HOUR, 13 * HOUR]))
    one.resume()
    for _ in range(300):
        one.sweep()
        one.wait(3 * DAY)
    return one


def test_a_person_can_be_told_when_each_piece_goes() -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    made = planned(
        [case("amber kettle", row("a", "resolved", "2025-01-10"))], "2026-03-01", [mail("m1", "amber kettle")]
    )
    every = pieces(made)
    first = turn(every, Known(), Memory(), Reading(now), POLICY).known

    told = prospects(every, first, now)

    assert {(one.wait, one.earliest) for one in told} == {(Wait.NOT_DUE, date(2026, 3, 15))}
    assert {one.piece.key for one in told} == _keys(every)


def _keys(every: tuple[Piece, ...]) -> set[str]:
    return {piece.key for piece in every}
