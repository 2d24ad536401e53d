"""Who may read a mail: present members whose term covers its arrival (A4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from policies.access import readers
from policies.roster import Member, MemberId, Period, Roster

DAY = datetime(2026, 5, 1, tzinfo=UTC)


def member(name: str, *periods: tuple[datetime | None, datetime | None]) -> Member:
    return Member(MemberId(name), name, (), periods=tuple(Period(start, end) for start, end in periods))


def roster(*members: Member) -> Roster:
    return Roster(("conduct@example.org",), members)


FOUNDER = member("founder", (None, None))
NEWCOMER = member("newcomer", (DAY, None))
FORMER = member("former", (None, DAY))
RETURNED = member("returned", (None, DAY), (DAY + timedelta(days=30), None))
ALL = roster(FOUNDER, NEWCOMER, FORMER, RETURNED)


def test_older_mail_is_for_those_who_were_there_and_still_are() -> None:
    assert readers(ALL, DAY - timedelta(seconds=1), ()) == ("founder", "returned")


def test_the_first_instant_of_a_term_counts_and_its_end_does_not() -> None:
    assert readers(ALL, DAY, ()) == ("founder", "newcomer")


def test_what_came_between_two_terms_is_not_for_her() -> None:
    assert "returned" not in readers(ALL, DAY + timedelta(days=29), ())
    assert "returned" in readers(ALL, DAY + timedelta(days=30), ())


def test_the_excluded_are_left_out() -> None:
    assert readers(ALL, DAY, {MemberId("founder")}) == ("newcomer",)


def test_nobody_may_remain() -> None:
    assert readers(ALL, DAY, {MemberId("founder"), MemberId("newcomer")}) == ()
    assert readers(roster(), DAY, ()) == ()


@given(st.datetimes(timezones=st.just(UTC)))
def test_former_members_never_read(arrived: datetime) -> None:
    assert "former" not in readers(ALL, arrived, ())
