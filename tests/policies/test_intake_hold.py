"""The conflict hold: whom a mail's own words name, in any order, script and spelling, and what does not count."""

from __future__ import annotations

import pytest

from policies.mail import Address
from tests.policies.intake_builders import INES, OUTSIDER, mail, taken

HOLDS = [
    ("Taro Kuroda shouted at me.", "taro"),
    ("It was TARO KURODA.", "taro"),
    ("It was Kuroda, Taro.", "taro"),
    ("It was Kuroda Taro who shouted", "taro"),
    ("It was Taro K. Kuroda.", "taro"),
    ("I mean Taro\nKuroda.", "taro"),
    ("Taro Kuroda's joke was vile.", "taro"),
    ("Taro Kurodas Witz war übel.", "taro"),
    ("(Taro Kuroda)", "taro"),
    ("Ｔａｒｏ　Ｋｕｒｏｄａ shouted.", "taro"),
    ("Ta\u200bro Kuroda shouted.", "taro"),
    ("mailed from taro@example.org", "taro"),
    ("mailed from T.Kuroda+x@googlemail.com.", "taro"),
    ("<mailto:tkuroda@gmail.com>", "taro"),
    ("the account kuro_t on the forum", "taro"),
    ("@kuro_t wrote this", "taro"),
    ("https://forum.example.com/u/kuro_t/posts", "taro"),
    ("user inesb", "ines"),
    ("Zoe de la Fuente did it", "zoe"),
    ("ZOË DE LA FUENTE did it", "zoe"),
    ("Fuente, Zoë de la", "zoe"),
    ("Zoë Fuente", "zoe"),
    ("@zoe did it", "zoe"),
    ("林美玲さんに怒鳴られました。", "mei"),
    ("林 美玲さんに怒鳴られました。", "mei"),
    ("昨日、林美玲が怒鳴りました。", "mei"),
]


@pytest.mark.parametrize(("text", "member"), HOLDS)
def test_a_member_named_in_the_writers_own_words_is_kept_out(text: str, member: str) -> None:
    assert taken(f"Hello,\n\n{text}").names_members == (member,)


NO_HOLDS = [
    "Dear Taro Kuroda,\n\nthey shouted.",
    "Sehr geehrter Herr Kuroda,\nLieber Taro Kuroda,\nsie haben geschrien.",
    "They shouted.\n\n> Taro Kuroda was there",
    "They shouted.\n\nOn 3 March 2026 at 10:31, Taro Kuroda <taro@example.org> wrote:\n> What happened?",
    "They shouted.\n\nFrom: Taro Kuroda <taro@example.org>\nSent: Monday\nTo: me\nSubject: Help\n\nTaro Kuroda here.",
    "They shouted.\n\n-- \nTaro Kuroda",
    "They shouted.\n\nRegards,\nTaro Kuroda",
    "Tar O Kuroda. Kuroda is a town. Taro is a root.",
    "Mataro Kuroda shouted",
    "Taro Kurodason shouted",
    "kuro_ta and xkuro_t and kuro_t2 shouted",
    "xtaro@example.org and taro@example.org.example.net",
    "zoe is a girl's name",
    "Viggo Stern, who left the committee, shouted.",
    "conduct@example.org",
]


@pytest.mark.parametrize("text", NO_HOLDS)
def test_what_is_not_the_writers_own_or_not_the_member_holds_nothing(text: str) -> None:
    assert taken(text).names_members == ()


def test_who_writes_of_herself_is_not_kept_out() -> None:
    inner = mail("I, Ines Brandvold, was shouted at by Taro Kuroda.", from_=(INES,))

    assert taken("x", from_=(INES,), inner=(inner,)).names_members == ("taro",)


def test_a_display_name_alone_makes_nobody_a_member() -> None:
    assert taken("Ines Brandvold shouted.", from_=(Address("Ines Brandvold", "x@example.com"),)).names_members == (
        "ines",
    )


def test_with_two_from_headers_nobody_is_excused() -> None:
    assert taken("Ines Brandvold shouted.", from_=(INES,), from_headers=2).names_members == ("ines",)


def test_of_a_forward_the_words_inside_count() -> None:
    inner = mail("Taro Kuroda shouted.", from_=(OUTSIDER,))

    assert taken("Ines Brandvold sends this.", from_=(INES,), inner=(inner,)).names_members == ("taro",)


@pytest.mark.parametrize(
    "text", ["Nessie was there.", "I told Ines about it.", "Thanks Ines, that is good.", "Brandvold"]
)
def test_a_nickname_or_a_single_name_only_flags(text: str) -> None:
    intake = taken(text)

    assert (intake.names_members, intake.mentions_nickname) == ((), ("ines",))


def test_a_full_name_in_a_signature_flags() -> None:
    assert taken("They shouted.\n\n-- \nTaro Kuroda").mentions_nickname == ("taro",)


def test_several_members_are_held_in_the_order_of_the_roster() -> None:
    assert taken("Taro Kuroda and Ines Brandvold shouted.").names_members == ("ines", "taro")
