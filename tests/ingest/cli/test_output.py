"""What is shown: text from outside made harmless, tables, and the one JSON object."""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cli.cleaning import MAX_MARKS, clean, width
from ingest.cli.context import Session
from ingest.cli.output import Table, emit, rfc3339, show
from policies.case import Outcome

OBEYED_OR_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}

CASES = [
    ("plain", "plain"),
    ("Müller grüßt 日本語 العربية ไทย", "Müller grüßt 日本語 العربية ไทย"),
    ("\x1b[2J\x1b]0;title\x07", "␛[2J␛]0;title␇"),
    ("a\rb\nc\td\0e\x7f", "a␍b␊c␉d␀e␡"),
    ("\x9b31m\x85", "‹U+009B›31m‹U+0085›"),
    ("a\u202eb\u2066c\u200fd\u061c", "a‹U+202E›b‹U+2066›c‹U+200F›d‹U+061C›"),
    ("in\u200bvis\u200dib\u2060le\ufeff\u00ad", "in‹U+200B›vis‹U+200D›ib‹U+2060›le‹U+FEFF›‹U+00AD›"),
    ("one\u2028two\u2029", "one‹U+2028›two‹U+2029›"),
    ("tag\U000e0041", "tag‹U+E0041›"),
    ("lone \ud800", "lone ‹U+D800›"),
    ("private \ue000", "private ‹U+E000›"),
    ("filler \u3164\u115f\u2800\u034f", "filler ‹U+3164›‹U+115F›‹U+2800›‹U+034F›"),
    ("selector a\ufe0f heart ❤\ufe0f", "selector a‹U+FE0F› heart ❤"),
    ("hidden \U000e0101", "hidden ‹U+E0101›"),
    ("no\u00a0break\u3000wide", "no break wide"),
    ("wider than wide \ufdfd", "wider than wide ‹U+FDFD›"),
    ("e\u0301 stays", "e\u0301 stays"),
    ("z" + "\u0335" * 50 + "o", "z" + "\u0335" * MAX_MARKS + "‹+44›o"),
]


@pytest.mark.parametrize(("text", "shown"), CASES)
def test_clean(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_several_lines_stay_lines() -> None:
    assert clean("a\r\nb\n\tc\rd\x1b", multiline=True) == "a\nb\n    c␍d␛"


@given(st.text(st.characters(codec=None)))
def test_nothing_that_a_terminal_obeys_remains(text: str) -> None:
    for shown in (clean(text), clean(text, multiline=True).replace("\n", "")):
        assert {unicodedata.category(letter) for letter in shown} & OBEYED_OR_HIDDEN == set()


@given(st.text())
def test_cleaning_what_is_clean_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize("piece", ["\x1b", "\u0301", "a\u0301", "日", "\u202e\n", "\t", "❤\ufe0f"])
def test_long_text_takes_no_long_time(piece: str) -> None:
    start = time.perf_counter()

    clean(piece * 300_000, multiline=True)

    assert time.perf_counter() - start < 3


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("", 0)])
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


# ------------------------------------------------------------ tables


def test_table_off_a_terminal_is_plain_columns(capsys: pytest.CaptureFixture[str]) -> None:
    show(Table(("CASE", "STATUS"), [("amber kettle", "open"), ("日本", "closed"), ("[red]\x1b[31m", "")]))

    assert capsys.readouterr().out == ("CASE          STATUS\namber kettle  open\n日本          closed\n[red]␛[31m\n")


def test_table_without_rows_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    show(Table(("CASE",), [], empty="No cases."))

    assert capsys.readouterr().out == "No cases.\n"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_table_on_a_terminal_shows_markup_and_escapes_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = _Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm")

    show(Table(("FROM",), [("[john] [/foo] [link=http://x]y[/link] :smile: \x1b[31m",)]))

    assert "[john] [/foo] [link=http://x]y[/link] :smile: ␛[31m" in screen.getvalue()
    assert "\x1b[31m" not in screen.getvalue()


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = _Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("NO_COLOR", "1")

    show(Table(("FROM",), [("x",)]))

    assert "\x1b[3" not in screen.getvalue()


# ------------------------------------------------------------ JSON


def _emit(answer: dict[str, object], capsys: pytest.CaptureFixture[str]) -> str:
    session = Session({})
    session.format = "json"
    emit(session, "not this", answer)
    return capsys.readouterr().out


def test_json_is_one_object_with_its_schema(capsys: pytest.CaptureFixture[str]) -> None:
    answer = {
        "on": dt.date(2026, 11, 21),
        "received": dt.datetime(2026, 11, 21, 11, 15, 2, 999, tzinfo=dt.timezone(dt.timedelta(hours=1))),
        "outcome": Outcome.FLAGGED,
        "file": Path("/x"),
        "ids": ("a", "b"),
        "flags": {"z", "y"},
        "none": None,
        "by": {Outcome.BANNED: 1},
    }

    assert json.loads(_emit(answer, capsys)) == {
        "schema": 1,
        "on": "2026-11-21",
        "received": "2026-11-21T10:15:02Z",
        "outcome": "flagged",
        "file": "/x",
        "ids": ["a", "b"],
        "flags": ["y", "z"],
        "none": None,
        "by": {"banned": 1},
    }


@given(text=st.text())
def test_json_gives_text_back_and_shows_no_control(text: str) -> None:
    out = io.StringIO()
    session = Session({})
    session.format = "json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        emit(session, "", {"from": text})

    assert json.loads(out.getvalue())["from"] == text
    assert all(letter == "\n" or " " <= letter <= "~" for letter in out.getvalue())


def test_naive_instant_is_a_fault() -> None:
    with pytest.raises(ValueError, match="zone"):
        rfc3339(dt.datetime(2026, 1, 1))


def test_text_is_cleaned(capsys: pytest.CaptureFixture[str]) -> None:
    emit(Session({}), ["Two\nlines\x1b", Table(("A",), [("b",)])], {})

    assert capsys.readouterr().out == "Two\nlines␛\nA\nb\n"
