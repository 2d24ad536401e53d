"""What stays names nobody: names in any spelling, their parts, handles and contacts are found, common words pass."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.traces import gives_away, traces_of

KNOWN = [
    "Jörg Ångström-Łęcki",
    "Bo Li",
    "Søren van der Meer (he/him)",
    "mira.okonkwo+coc@mail.example",
    "@quietfox_77",
    "https://social.example/@tamsin",
    "https://code.example/ravindra",
    "https://forum.example/users/petronella/talks",
    "王小明",
    "田中 太郎",
    "info@club.example",
    "Иван Петренко",
]

GIVEN_AWAY = [
    "Jörg was there",
    "JOERG",
    "jorg's talk",
    "the Angstrom case",
    "lecki",
    "Ａｎｇｓｔｒｏｍ",
    "J\u200börg",
    "Jo\u0308rg",
    "Bo Li again",
    "li, bo",
    "BoLi",
    "soeren",
    "Meer",
    "mira and others",
    "Okonkwo",
    "quietfox",
    "quietfox_77",
    "quiet_fox-77",
    "tamsin",
    "Ravindra's library",
    "petronella",
    "王小明",
    "昨日小明在场",
    "田中さん",
    "иван",
    "ПЕТРЕНКО",
    "write to somebody@example.org",
    "somebody＠example",
    "ask @anybody",
    "see https://example.net/x",
    "WWW.example",
    "mailto:x",
    "any (at) example",
    "on example.org",
    "somebody@localhost",
]
HARMLESS = [
    "",
    "Talk at a regional conference; a remark in the question time.",
    "social media",
    "online",
    "forum, users, talks",
    "code review",
    "van, der, the, him, info",
    "Li",
    "bo",
    "e.g. at 10.30 a.m.",
    "Node.js",
    "club",
    "mail",
    "morning 会議",
    "jorgensen",
    "meeting",
    "a.b",
    "50% of 7 reports @ two events",
]


@pytest.mark.parametrize("text", GIVEN_AWAY)
def test_what_gives_somebody_away_is_found(text: str) -> None:
    assert gives_away(text, traces_of(KNOWN))


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_words_pass(text: str) -> None:
    assert not gives_away(text, traces_of(KNOWN))


@given(st.text(min_size=3, alphabet=st.characters(categories=["Ll", "Lu"])))
def test_a_name_is_found_in_any_sentence(name: str) -> None:
    traces = traces_of([name])
    if traces.words or traces.runs:
        assert gives_away(f"It was {name} again.", traces)


@given(st.text(), st.lists(st.text()))
def test_any_text_is_answered(text: str, known: list[str]) -> None:
    assert gives_away(text, traces_of(known)) in {True, False}


@pytest.mark.parametrize(
    "text", ["a" * 200_000, "a." * 100_000, " " * 200_000, "(" * 200_000, "a (" * 60_000, "\u0301\u0323" * 50_000]
)
def test_long_texts_take_no_time(text: str) -> None:
    started = time.monotonic()
    gives_away(text, traces_of(KNOWN))
    traces_of([text])

    assert time.monotonic() - started < 5


def test_traces_show_nothing() -> None:
    assert "fox" not in repr(traces_of(KNOWN))
