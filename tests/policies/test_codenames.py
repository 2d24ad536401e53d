"""Code names: two full lists of harmless words, each pair spelt and read back."""

from __future__ import annotations

import contextlib
import doctest
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies import codenames
from policies.codenames import ADJECTIVES, NOUNS, code_name, parse, possible
from policies.errors import WrongUsage


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What must be in no code name, as a word or within one: it could mock, frighten or point at a person.
DENIED = _words("""
    angry arse ass awful bad bastard belly bitch black blind blood blow bomb bone boob brown bum butt cheap chick chubby
    clumsy cock corpse crap crazy creep crip cross cruel crude cunt cute dad damn dark dead deaf death demon devil
    dick dirty doll dope drug drunk dumb dwarf evil fag fat fear feeble fist foul freak frigid ghost girl
    gun gay gender ghetto god gross guilt gypsy hag hate hell hooker horny hot hurt hysteric idiot ill insane jerk
    jewish kill king knife knob lad lady lame lazy leper liar loony mad maid man mental mess moron mum muslim nag
    naked nasty needy negro nude nun nut nutter old pagan pain pansy pervert pig pimp poison poor porn pray priest
    prick prison prostitute psycho pussy queen queer rape rat rotten rude savage sad scum sex shame shit shrew sick
    sissy slag slave slut slow smelly snake snowflake spastic spinster stool stupid sweetie temper thick thin thug
    tit tool toxic tramp trash trauma ugly victim vicious virgin weak weapon weird whip white whore wicked witch woman
    worthless wrath yellow
""")
# These hold a denied word by accident of spelling, and nobody hears it.
HARMLESS = _words("""
    almanac bassoon brass buttercup button chestnut classic compass folded golden grassy hillside hourglass
    ladder ladle mandolin paintbrush painted rattan stitched temperate titanium toolbox trampoline walnut
    windmill
""")
GIVEN_NAMES = _words("""
    basil clay daisy dale dawn fern flint forest ginger hazel heather holly iris ivy jade jasmine jasper jay laurel
    lily linden martin mason misty olive opal pearl poppy reed river robin rose rowan ruby sage sandy scarlet skye
    summer sunny violet viola willow wren
""")
WORDS = ADJECTIVES + NOUNS


def test_both_lists_have_256_distinct_words_and_share_none() -> None:
    assert len(ADJECTIVES) == len(NOUNS) == 256
    assert len(set(WORDS)) == 512
    assert possible() == 65536


def test_every_word_is_short_plain_ascii() -> None:
    assert all(word.isascii() and word.isalpha() and word.islower() and 3 <= len(word) <= 11 for word in WORDS)


def test_no_word_begins_another_or_is_one_letter_away() -> None:
    confusable = [(one, two) for one, two in combinations(sorted(WORDS), 2) if two.startswith(one) or _near(one, two)]

    assert confusable == []


def _near(one: str, two: str) -> bool:
    short, long = sorted((one, two), key=len)
    if len(short) == len(long):
        return sum(a != b for a, b in zip(short, long, strict=True)) == 1
    return len(long) - len(short) == 1 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def test_no_word_mocks_or_names_anybody() -> None:
    hits = [(word, denied) for word in WORDS for denied in DENIED if denied in word and word not in HARMLESS]

    assert hits == []
    assert not GIVEN_NAMES & set(WORDS)
    assert not DENIED & set(WORDS)


@given(st.integers(0, possible() - 1), st.sampled_from([" ", "-", "_", "  ", "\u2011", "\u2013", "\t"]), st.booleans())
def test_every_name_is_read_back_however_it_is_typed(index: int, between: str, shout: bool) -> None:
    name = code_name(index)
    typed = f" {name.replace(' ', between)}\n"

    assert parse(typed.upper() if shout else typed) == name


def test_all_names_are_different() -> None:
    assert len({code_name(index) for index in range(possible())}) == possible()


@pytest.mark.parametrize("index", [-1, possible()])
def test_a_number_outside_the_lists_has_no_name(index: int) -> None:
    with pytest.raises(ValueError, match=str(index)):
        code_name(index)


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("", "amber kettle"),
        ("amber", "amber kettle"),
        ("amber kettle two", "amber kettle"),
        ("kettle amber", "case list"),
        ("ambre ketle", "Did you mean amber kettle?"),
        ("zzzzzz qqqqqq", "case list"),
        ("amber kettle" * 100_000, "amber kettle"),
    ],
)
def test_what_is_no_code_name_is_refused_with_a_hint(typed: str, hint: str) -> None:
    with pytest.raises(WrongUsage) as refused:
        parse(typed)

    assert refused.value.code == "bad-code-name"
    assert hint in refused.value.hint


@given(st.text(max_size=80))
def test_any_text_is_a_name_or_refused(text: str) -> None:
    with contextlib.suppress(WrongUsage):
        assert parse(text).split()[0] in ADJECTIVES


def test_the_examples_run() -> None:
    assert doctest.testmod(codenames).failed == 0
