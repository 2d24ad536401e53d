"""A named subject is read from what a person types, and printed so that it reads back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.case import Subject
from policies.errors import WrongUsage
from policies.naming import parse_subject, print_subject

READ = [
    ("Bo Rook", Subject(("Bo Rook",))),
    ("Bo Rook <bo@mail.example>", Subject(("Bo Rook",), ("bo@mail.example",))),
    ("Bo Rook <bo@mail.example, @bo>", Subject(("Bo Rook",), ("bo@mail.example",), ("@bo",))),
    ("Bo <@bo;https://x.example/@bo>", Subject(("Bo",), (), ("@bo",), ("https://x.example/@bo",))),
    ("<bo_rook>", Subject((), (), ("bo_rook",))),
    ("bo@mail.example", Subject((), ("bo@mail.example",))),
    ("@bo", Subject((), (), ("@bo",))),
    ("https://x.example/u/bo", Subject((), (), (), ("https://x.example/u/bo",))),
    ("Bo @ home", Subject(("Bo @ home",))),
    ("  Bo   <  @bo  >  ", Subject(("Bo",), (), ("@bo",))),
    ("李小明 <li@例え.jp>", Subject(("李小明",), ("li@例え.jp",))),
    ("bo@localhost", Subject(("bo@localhost",))),
    ("@bo@social.example", Subject((), (), ("@bo@social.example",))),
]


@pytest.mark.parametrize(("text", "subject"), READ, ids=[text for text, _ in READ])
def test_a_subject_is_read(text: str, subject: Subject) -> None:
    assert parse_subject(text) == subject


@pytest.mark.parametrize("text", ["", " ", "<>", "< , ; >", "a <b> <c>", "a <b", "a> b", "Bo <@bo> Rook"])
def test_what_names_nobody_clearly_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(WrongUsage) as told:
        parse_subject(text)

    assert told.value.code == "bad-subject"
    assert text.strip() == "" or text not in str(told.value)


@pytest.mark.parametrize(("text", "subject"), READ, ids=[text for text, _ in READ])
def test_what_is_printed_reads_back(text: str, subject: Subject) -> None:
    assert parse_subject(print_subject(subject)) == subject


words = st.text(st.characters(categories=("L", "N"), max_codepoint=0x24F), min_size=1, max_size=8)


@given(
    st.tuples(words, words).map(" ".join),
    st.lists(words.map(lambda word: f"{word}@mail.example"), max_size=2),
    st.lists(words.map(lambda word: f"@{word}"), max_size=2),
)
def test_whatever_was_typed_reads_back(name: str, addresses: list[str], handles: list[str]) -> None:
    subject = Subject((name,), tuple(addresses), tuple(handles))

    assert parse_subject(print_subject(subject)) == subject


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = parse_subject(text)
    except WrongUsage:
        return
    assert found != Subject()
    assert "…" in repr(found)
