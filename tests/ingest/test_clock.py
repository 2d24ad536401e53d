"""The clock: the machine's, and in a trial home alone the day that CONDUCT_TODAY says."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from ingest.clock import Clock, Uptime, clock_for, uptime
from policies.errors import WrongUsage

NOON = dt.datetime(2026, 11, 21, 12, 30, tzinfo=dt.UTC)


@time_machine.travel(NOON, tick=False)
def test_clock_is_the_machines_in_utc() -> None:
    clock = clock_for({}, trial=False)

    assert clock.now() == NOON
    assert clock.now().utcoffset() == dt.timedelta(0)
    assert clock.today() == dt.date(2026, 11, 21)


@pytest.mark.parametrize("day", ["2024-02-29", "2026-11-21", "2028-06-20"])
@time_machine.travel(NOON, tick=False)
def test_trial_home_moves_the_day_and_keeps_the_time(day: str) -> None:
    clock = clock_for({"CONDUCT_TODAY": day}, trial=True)

    assert clock.today().isoformat() == day
    assert clock.now().time() == NOON.time()


def test_moved_clock_runs_on() -> None:
    with time_machine.travel(NOON, tick=False) as machine:
        clock = clock_for({"CONDUCT_TODAY": "2030-01-01"}, trial=True)
        machine.shift(dt.timedelta(days=1))

        assert clock.today() == dt.date(2030, 1, 2)


def test_day_outside_a_trial_home_is_refused() -> None:
    with pytest.raises(WrongUsage) as caught:
        clock_for({"CONDUCT_TODAY": "2030-01-01"}, trial=False)

    assert caught.value.code == "today-outside-trial"


@pytest.mark.parametrize("text", ["tomorrow", "2026-02-30", "2026-1-1x", "20260101", "0000-00-00"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(WrongUsage) as caught:
        clock_for({"CONDUCT_TODAY": text}, trial=True)

    assert caught.value.code == "bad-date"


def test_empty_variable_is_none() -> None:
    assert clock_for({"CONDUCT_TODAY": ""}, trial=False) == Clock()


def test_the_time_since_the_start_goes_on_whatever_the_clock_says() -> None:
    with time_machine.travel(NOON, tick=False):
        first = uptime({})
    second = uptime({})

    assert first.boot
    assert first.boot == second.boot
    assert 0 < first.seconds <= second.seconds < first.seconds + 60


def test_nothing_is_known_of_the_start_where_the_day_is_moved() -> None:
    assert uptime({"CONDUCT_TODAY": "2026-11-21"}) == Uptime("", 0.0)
