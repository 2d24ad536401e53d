"""Folding: spellings of one name are equal, other names stay apart, hostile text takes no time."""

from __future__ import annotations

import doctest
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies import folding
from policies.folding import fold, forms, words

SAME = [
    ("Søren", "soren"),
    ("GROẞ", "gross"),
    ("Straße", "STRASSE"),
    ("Łukasz", "lukasz"),
    ("ＡＮＡ", "ana"),
    ("A\u200bna\u2060", "ana"),
    ("Ana\u0301", "Aná"),
    ("Ægir", "aegir"),
    ("İpek", "ipek"),
    ("Ipek", "ıpek"),
    ("ﬁona", "fiona"),
    ("カ\u3099ク", "ガク"),
    ("김민", "김민"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_name_are_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_voiced_kana_stay_another_letter() -> None:
    assert fold("ガク") != fold("カク")


@pytest.mark.parametrize(("one", "other"), [("Müller", "Mueller"), ("Bjørn", "Bjoern"), ("Mu\u0308ller", "MUELLER")])
def test_spelled_out_letters_share_a_form(one: str, other: str) -> None:
    assert set(forms(one)) & set(forms(other))


def test_words_lose_signs_at_their_ends_only() -> None:
    assert words("«Ana-Maria», ana_b@example.org!") == ("ana-maria", "ana_b@example.org")


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_long_run_of_marks_is_quick() -> None:
    """Marks of two classes in turn are the worst case of canonical ordering."""
    started = time.monotonic()
    fold("a" + "\u0301\u0323" * 100_000)
    forms("u" + "\u0308\u0323" * 100_000)

    assert time.monotonic() - started < 5


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(folding).failed == 0
