from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.lint.hits import Searched, find, find_in_file_name, naming

ELENA = naming("Elena Márquez", ["elena.marquez@correo.example"], ["@emarq", "https://www.foro.example/u/elena/"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Elena Márquez wrote", "Elena Márquez"),
        ("MARQUEZ, Elena", "MARQUEZ, Elena"),
        ("Elena\n> Marquez", "Elena\n> Marquez"),
        ("Ele\u200bna Má\u00adrquez", "Ele\u200bna Má\u00adrquez"),
        ("ask Elena.", "Elena"),
        ("Márquez-Bericht", "Márquez"),
        ("ELENA.MARQUEZ+list@Correo.example", "ELENA.MARQUEZ+list@Correo.example"),
        ("by @emarq and", "@emarq"),
        ("see https://foro.example/u/elena for", "foro.example/u/elena"),
        ("Elena Marquezs Brief", "Elena Marquezs"),
        ("昨日Elena Márquezさんから", "Elena Márquez"),
        ("ユーザー@emarqさんの", "@emarq"),
        ("連絡はelena.marquez@correo.exampleまで", "elena.marquez@correo.example"),
        ("เราได้ยินจากElenaเมื่อวาน", "Elena"),
    ],
)
def test_names_in_every_spelling(text: str, found: str) -> None:
    assert [hit.text for hit in find(Searched(text), ELENA)] == [found]


@pytest.mark.parametrize(
    "text",
    [
        "Helenas",
        "elena",
        "Elena Petrova",
        "Márquez Hotel",
        "emarq2",
        "foro.example/u/elena2",
        "Magdalena",
        "emarq2さん",
    ],
)
def test_not_somebody_else(text: str) -> None:
    assert not find(Searched(text), ELENA)


@pytest.mark.parametrize(
    ("name", "text", "found", "sure"),
    [
        ("Jörg Öztürk", "Joerg Oeztuerk", "Joerg Oeztuerk", True),
        ("Joerg Oeztuerk", "Jörg Öztürk", "Jörg Öztürk", True),
        ("Ирина Соколова", "Ирине Соколовой", "Ирине Соколовой", False),
        ("Ewa Nowakowska", "o Nowakowskiej", "Nowakowskiej", False),
        ("佐藤 健一", "昨日佐藤健一さんが", "佐藤健一", True),
        ("李小龙", "小龙说", "小龙", False),
        ("Grace Hopeful", "Grace period", "", True),
        ("rainbird9", "it was rainbird9", "rainbird9", True),
    ],
)
def test_scripts_and_inflections(name: str, text: str, found: str, sure: bool) -> None:
    hits = find(Searched(text), naming(name))
    assert [(hit.text, hit.is_sure) for hit in hits] == ([(found, sure)] if found else [])


def test_file_names_part_words_at_signs() -> None:
    assert find_in_file_name("protokoll_elena-marquez.v2.pdf", ELENA)
    assert find_in_file_name("emarq_log.txt", ELENA)
    assert not find_in_file_name("magdalena.pdf", ELENA)


@given(st.text())
def test_any_text_can_be_searched(text: str) -> None:
    for hit in find(Searched(text), ELENA):
        assert text[hit.start : hit.end] == hit.text


@pytest.mark.parametrize("unit", ["Elena ", "e@", "elena....", "ä", "\u0308a", "Márquez-", "Elenaさん"])
def test_linear_in_the_text(unit: str) -> None:
    started = time.perf_counter()
    find(Searched(unit * (400_000 // len(unit))), ELENA)
    assert time.perf_counter() - started < 5
