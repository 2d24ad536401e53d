"""Rendering: values stay values, overrides come first, and a broken one is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import UndefinedError
from jinja2.exceptions import TemplateNotFound

from policies.errors import WrongUsage
from templates import counted, day, listed, render


@pytest.fixture
def overrides(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    (folder / "letter").mkdir(parents=True)
    return folder


def write(overrides: Path, text: str) -> None:
    (overrides / "letter" / "body.txt").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("text", ["{{7*7}}", "{% for x in y %}", "{# gone #}", "<b>&amp;</b>", "{{ config }}"])
def test_text_from_a_mail_comes_out_as_it_is(overrides: Path, text: str) -> None:
    write(overrides, "[{{ said }}]")

    assert render("letter", overrides, said=text) == f"[{text}]"


BROKEN = [
    ("{{ said }} {{ nope", "unexpected end of template"),
    ("{{ sayd }}", "sayd is not defined here"),
    ("{{ said.nothing }}", "not defined here"),
    ("{{ ''.__class__.__mro__ }}", "__class__ is not defined here, or not allowed"),
    ("{% for i in range(10**9) %}{% endfor %}", "cannot be worked out"),
    ("{{ said + 1 }}", "cannot be worked out"),
    ("{{ 1 / 0 }}", "cannot be worked out"),
    ("{{ {}[said] }}", "something is not defined here"),
    ("{{ said|shout }}", "No filter named 'shout'."),
    ("{% include 'gone.txt' %}", "a template it includes does not exist"),
    ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "cannot be worked out"),
]


@pytest.mark.parametrize(("text", "sentence"), BROKEN)
def test_a_broken_override_is_named_and_its_values_are_not(overrides: Path, text: str, sentence: str) -> None:
    write(overrides, text)

    with pytest.raises(WrongUsage) as refused:
        render("letter", overrides, said="Marker Markerson")

    assert refused.value.sentence.startswith("letter/body.txt, line 1: ")
    assert sentence in refused.value.sentence
    assert "Marker" not in str(refused.value)


def test_an_override_that_is_not_utf_8_is_named(overrides: Path) -> None:
    (overrides / "letter" / "body.txt").write_bytes(b"gr\xfc\xdfe")

    with pytest.raises(WrongUsage, match=r"letter/body\.txt: it is not UTF-8\."):
        render("letter", overrides)


def test_an_override_takes_the_place_of_one_file_only(overrides: Path) -> None:
    (overrides / "expunge-report").mkdir()
    (overrides / "expunge-report" / "body.txt").write_text("Done on {{ on|day }}.", encoding="utf-8")

    assert render("expunge-report", overrides, on=None, done=(), failed=(), residue=()) == "Done on never."
    assert render("expunge-report", None, on=None, done=(), failed=(), residue=()).startswith("Nothing was expunged")


def test_our_own_text_without_a_value_is_a_fault_of_ours(overrides: Path) -> None:
    for folder in (None, overrides):
        with pytest.raises(UndefinedError):
            render("expunge-report", folder, on=None)


def test_a_text_that_does_not_exist_is_a_fault_of_ours(overrides: Path) -> None:
    for name in ("nothing", "../conftest", "/etc/passwd"):
        with pytest.raises(TemplateNotFound):
            render(name, overrides)


def test_filters() -> None:
    assert (counted(1, "month"), counted(14, "month"), counted(2, "copy", "copies")) == (
        "1 month",
        "14 months",
        "2 copies",
    )
    assert (day(None), day(None, "no date")) == ("never", "no date")
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
