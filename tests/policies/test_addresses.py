"""Two ways to write one mailbox are the same, and two mailboxes are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.addresses import canonical

SAME = [
    ("Bo@Mail.Example", "bo@mail.example"),
    (" bo@mail.example ", "bo@mail.example"),
    ("bo+lists@mail.example", "bo@mail.example"),
    ("b.o@gmail.com", "bo@googlemail.com"),
    ("b.o+x@GMAIL.com", "bo@gmail.com"),
    ("bo@müller.example", "bo@xn--mller-kva.example"),
    ("bo@mail.example.", "bo@mail.example"),
]
OTHER = [
    ("b.o@mail.example", "bo@mail.example"),
    ("bo@mail.example", "bo@other.example"),
    ("bo@gmail.com.evil.example", "bo@gmail.com"),
    ("+x@mail.example", "@mail.example"),
    ("bo", "bo@mail.example"),
    ("a@b@mail.example", "b@mail.example"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_of_one_mailbox(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_two_mailboxes(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@given(st.text(max_size=40))
def test_the_one_form_is_its_own(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)
