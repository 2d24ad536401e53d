"""Notes read and printed: that both agree, and that what is none is read as none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.notes import Sign, print_note, read_bare_note, read_notes

_NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp")), min_size=1, max_size=40)
_REAL = _NAMES.filter(lambda name: any(letter.isalpha() for letter in name))


def _plain(name: str) -> str:
    return " ".join(name.split())


@given(st.sampled_from(Sign), st.lists(_REAL, min_size=1, max_size=4), st.sampled_from(["", "to", "cc", "bcc"]))
def test_what_is_printed_reads_as_what_was_meant(sign: Sign, names: list[str], field: str) -> None:
    (bracket,) = read_notes(print_note(sign, names, field)).notes

    assert [entry.sign for entry in bracket.entries] == [sign] * len(names)
    assert [_key(entry.name) for entry in bracket.entries] == [_key(_plain(name)) for name in names]
    assert bracket.entries[0].field == field


def _key(name: str) -> str:
    from policies.folding import fold

    return fold(name)


@given(st.text(max_size=200))
def test_no_line_is_too_odd_to_be_read(line: str) -> None:
    read = read_notes(line)

    assert all(0 <= note.start < note.end <= len(line) for note in read.notes)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("[+ Ada]", [("+", "Ada")]),
        ("[+Ada] [- bo]", [("+", "Ada"), ("-", "bo")]),
        ("[-Cc: a@x.org, +Cc: b@x.org]", [("-", "a@x.org"), ("+", "b@x.org")]),
        ("［＋ Ada］", [("+", "Ada")]),
        ("[– Bo]", [("-", "Bo")]),
        ("[− Bo]", [("-", "Bo")]),
        ("**[+ Ada]** and hello", [("+", "Ada")]),
        ("\u200f[\u200b+ Ada]", [("+", "Ada")]),
        ('[+ "Birk, Ada" <ada@x.org>]', [("+", "Birk, Ada")]),
        ("[+ Ada, Bo & Cy]", [("+", "Ada"), ("+", "Bo"), ("+", "Cy")]),
        ("[+ Ada und Bo]", [("+", "Ada"), ("+", "Bo")]),
        ("[+ Ada (new organiser)]", [("+", "Ada")]),
        ("[+ Ada, - Bo]", [("+", "Ada"), ("-", "Bo")]),
        ("[1]", []),
        ("[sic]", []),
        ("[+1]", []),
        ("[->]", []),
        ("[-]", []),
        ("[+]", []),
        ("see [+ Ada]", []),
        ("[+ Ada", []),
    ],
)
def test_notes_as_people_write_them(line: str, expected: list[tuple[str, str]]) -> None:
    notes = read_notes(line).notes

    assert [(entry.sign.value, entry.name) for note in notes for entry in note.entries] == expected


@pytest.mark.parametrize(
    ("line", "is_note"), [("+Ada", True), ("+ Ada Birk", True), ("+1 for this", False), ("+49 30 12", False)]
)
def test_bare_notes(line: str, is_note: bool) -> None:
    assert (read_bare_note(line) is not None) is is_note
