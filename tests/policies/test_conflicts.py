"""Whether a named subject is a member: by address, by account, by the full name, and by nothing less."""

from __future__ import annotations

import pytest

from policies.case import Subject
from policies.conflicts import is_named
from policies.roster import Member, MemberId

NOOR = Member(MemberId("p1"), "Noor Haddad", ("noor@committee.example.org",), handles=("@noorh",))


@pytest.mark.parametrize(
    "subject",
    [
        Subject(addresses=("NOOR@Committee.example.org",)),
        Subject(handles=("NoorH",)),
        Subject(handles=(" @noorh ",)),
        Subject(names=("noor haddad",)),
        Subject(names=("Haddad, Noor",)),
        Subject(names=("HADDAD Noor",)),
        Subject(names=("Bo Rook", "Noor Haddad")),
        Subject(names=("Noor Haddad",), addresses=("elsewhere@mail.example",)),
    ],
)
def test_a_member_is_known_by_address_account_or_full_name(subject: Subject) -> None:
    assert is_named(NOOR, subject)


@pytest.mark.parametrize(
    "subject",
    [
        Subject(),
        Subject(names=("Noor",)),
        Subject(names=("Haddad",)),
        Subject(names=("Noor Rook",)),
        Subject(names=("Eleanor Haddad",)),
        Subject(handles=("", "@", "noorh2")),
        Subject(addresses=("haddad@committee.example.org",)),
    ],
)
def test_less_than_that_may_be_anybody(subject: Subject) -> None:
    assert not is_named(NOOR, subject)


def test_a_single_word_for_a_name_is_nobody_in_particular() -> None:
    assert not is_named(Member(MemberId("p1"), "Noor", ("n@example.org",)), Subject(names=("Noor",)))
