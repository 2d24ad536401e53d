"""Whatever a mail holds: reading it raises nothing, invents nothing, and takes no longer than its length."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.case import FIELDS
from policies.intake import Intake
from policies.mail import Address, Message
from tests.policies.intake_builders import INES, ROSTER, mail, taken

ALLOWED = {*FIELDS, "reporter_kind", "incident_date", "incident_place"}
PIECES = [
    "Rolf Emmerich ", "Nina Sato ", "insulted me", "was insulted by ", "user rex_31 ", "@rex ", "\n", "\n\n", ". ",
    ", ",
    "(", ")", '"', "Who is this about: ", "When: ", "Where: ", "Your e-mail: a@b.example\n", "5 May", " 2026 ",
    "in March ",
    "in Recife ", "yesterday ", "https://x.example/u/rex ", "r.emmerich@example.com ", "> ", "-- \n",
    "From: a@b.example\n",
    "To: c\n", "Date: 1 May 2026 10:00 GMT\n", "Subject: s\n", "Hi Ines,\n", "Taro Kuroda ", "さん", "佐々木健",
    "から侮辱され", "。",
    "Herr ", "hat ", "beleidigt", "von ", "ß", "İ", "\u0301", "\x00", "９月５日", "12:00 ", "[12:00]\n",
]  # fmt: skip
TEXTS = st.one_of(st.text(max_size=400), st.lists(st.sampled_from(PIECES), max_size=60).map("".join))


def squeezed(text: str) -> str:
    return "".join(text.split())


def check(intake: Intake, shown: str) -> None:
    lines = len(shown.split("\n"))
    # A forwarded text stands behind quote signs where the mail is shown.
    bare = squeezed(re.sub(r"(?m)^[ \t]*[>＞] ?", "", shown))
    for each in intake.suggestions:
        assert each.field in ALLOWED
        assert 0 <= each.line <= lines
        if each.field not in {"incident_date", "reporter_kind"}:
            assert squeezed(each.value) in squeezed(shown) + bare
    counts = [each.field for each in intake.suggestions]
    assert max((counts.count(field) for field in counts), default=0) <= 12


@given(TEXTS, st.text(max_size=20), st.booleans())
def test_any_mail_is_read_and_nothing_is_invented(text: str, name: str, is_members: bool) -> None:
    sender = INES if is_members else Address(name, "ada.quell@example.net")
    intake = taken(text, from_=(sender,))

    check(intake, f"{text}\n{name} ada.quell@example.net Ines Brandvold ines@example.org")
    assert set(intake.names_members) <= {each.id for each in ROSTER.present}
    assert not set(intake.names_members) & set(intake.mentions_nickname)


@given(TEXTS)
def test_any_attached_mail_is_read(text: str) -> None:
    inner = Message(text=text, from_=(Address("", text[:20]),))

    check(taken("x", from_=(INES,), inner=(inner,)), f"{text}\n{text[:20]}")


@given(TEXTS)
def test_the_same_mail_is_read_the_same(text: str) -> None:
    assert taken(text) == taken(text)


HOSTILE = [
    "a", "A", "@", "(", ")", "[", ">", '"', " ", "\n", ".", ",", "-", "_", "=", "*", "/", ":", "Aa ", "A. ", "a@",
    "@a ", "a.",
    "1.", "1/", "> ", "> > ", "Hi ", "Hi, ", "Thanks\n", "-- \n", "From: a\n", "To: a\n", "http://", "user ",
    'user "', "über ",
    "さん", "田中さんが", "が", "で", "On 2 wrote:\n", "a_", "1 May ", "in May ", "Ann Bell ", "by Ann Bell ",
    "Ann Bell said ",
    "x (", "\u0301", "\u200d", "! a", "a [12:00]\n\n", "Name: x\n", "x:\n", "a@b.c ", "#a ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hundred_thousand_hostile_characters_take_no_time(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    begun = time.perf_counter()
    taken(text)

    assert time.perf_counter() - begun < 5


def test_a_very_long_mail_is_read_in_bounded_time() -> None:
    begun = time.perf_counter()
    taken("Rolf Emmerich insulted Taro. " * 100_000)

    assert time.perf_counter() - begun < 10


def test_an_ordinary_mail_is_read_in_milliseconds() -> None:
    taken()
    text = "Hello,\n\nRolf Emmerich insulted me in Recife on 5 May.\n\nRegards,\nAda\n\n" + "> They shouted.\n" * 200
    begun = time.perf_counter()
    for _ in range(20):
        taken(text)

    assert (time.perf_counter() - begun) / 20 < 0.05


def test_a_mail_without_anything_is_read() -> None:
    assert taken("", from_=(), to=(), subject="", date=None).suggestions == ()
    assert mail().text
