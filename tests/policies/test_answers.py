"""Which of our mails nobody has answered."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from policies.answers import Heard, Ours, unanswered
from policies.mail import Address, MailId

OURS = ("conduct@example.org", "priya@example.org")
ADA, BO, PRIYA = (
    Address("", f"{name}@example.{top}") for name, top in (("ada", "net"), ("bo", "net"), ("priya", "org"))
)


def at(day: int) -> datetime:
    return datetime(2026, 3, day, 12, tzinfo=UTC)


def sent(*to: Address, failed: tuple[str, ...] = ()) -> Ours:
    return Ours(MailId("m1"), at(3), to, failed)


@pytest.mark.parametrize(
    ("to", "heard", "is_waiting"),
    [
        ((ADA,), [], True),
        ((ADA,), [Heard(at(4), "ada@example.net")], False),
        ((ADA,), [Heard(at(4), "Ada+mail@EXAMPLE.net")], False),
        ((ADA,), [Heard(at(2), "ada@example.net")], True),
        ((ADA,), [Heard(at(3), "ada@example.net")], True),
        ((ADA,), [Heard(at(4), "bo@example.net")], True),
        ((ADA, BO), [Heard(at(4), "bo@example.net")], False),
        ((ADA, PRIYA), [Heard(at(4), "priya@example.org")], True),
        ((PRIYA, Address("", "Conduct@example.org")), [], False),
        ((), [], False),
        ((Address("undisclosed", ""),), [], False),
    ],
)
def test_a_mail_waits_until_one_of_its_outsiders_writes(
    to: tuple[Address, ...], heard: list[Heard], is_waiting: bool
) -> None:
    assert bool(unanswered([sent(*to)], heard, OURS)) is is_waiting


def test_recipients_are_listed_once_in_their_order_and_lost_ones_by_themselves() -> None:
    found = unanswered(
        [sent(ADA, PRIYA, BO, Address("Ada", "ADA@example.net"), failed=("bo@example.net", "x@y"))], [], OURS
    )

    assert [one.address for one in found[0].to] == ["ada@example.net", "bo@example.net"]
    assert found[0].failed == (BO,)
    assert "ada" not in repr(found)
