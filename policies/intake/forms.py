"""The labelled lines of a web form, or of a person who writes like one: about whom, by whom, when, where."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Sequence
from typing import Final, Literal

from policies.blocks import LINE_LIMIT
from policies.text import Line
from policies.words import listed

Field = Literal["subject", "name", "email", "date", "place", "other"]
_FIELDS: Final[tuple[Field, ...]] = ("other", "place", "date", "email", "name", "subject")
_LABEL: Final = re.compile(r"\s{0,8}\*{0,2}([^\W\d_][^:：\n]{0,90})[:：]\*{0,2}(?:\s+(.*)|([^\x00-\u303f].*))?$")
_REMARK: Final = re.compile(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]|[?？*]")
_EMPTY: Final = re.compile(
    r"\W*(?:n/?a|none|no|unknown|anonymous|not given|prefer not to say|i don'?t know|unbekannt|anonym|keine angabe|"
    r"inconnu|anonyme|desconocido|anónimo|sconosciuto|onbekend|desconhecido|不明|なし|匿名)?\W*",
    re.IGNORECASE,
)
_LONGEST: Final = 300
_FORM: Final = 3


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """One labelled line with a value, or with the line below it as its value."""

    field: Field
    value: str
    evidence: str
    line: int

    def __repr__(self) -> str:
        """Which field, not what it says."""
        return f"Entry({self.field}, line {self.line})"


def entries(lines: Sequence[Line]) -> tuple[Entry, ...]:
    """The labelled lines that say something; empty and declined fields are left out."""
    found: list[Entry] = []
    for line, following in zip(lines, [*lines[1:], None], strict=False):
        labelled = _labelled(line.text)
        if labelled is None:
            continue
        field, value = labelled
        source = line
        if not value and following and following.number == line.number + 1 and _labelled(following.text) is None:
            value, source = following.text.strip(), following
        if not _EMPTY.fullmatch(value[:LINE_LIMIT]):
            found.append(Entry(field, " ".join(value.split())[:_LONGEST], _evidence(line, source), source.number))
    return tuple(found)


def is_form(lines: Sequence[Line]) -> bool:
    """Whether so many lines are labelled that a program wrote the mail, or a person filled in a list."""
    return sum(_labelled(line.text) is not None for line in lines) >= _FORM


def is_bare_label(text: str) -> bool:
    """Whether the line is a known label and nothing else, so that what it asks for stands below."""
    labelled = _labelled(text)
    return labelled is not None and not labelled[1]


def _evidence(line: Line, source: Line) -> str:
    text = line.text if source is line else f"{line.text} {source.text}"
    return " ".join(text[:LINE_LIMIT].split())[: 2 * _LONGEST]


@functools.cache
def _labels() -> dict[str, Field]:
    return {label: field for field in _FIELDS for label in listed(f"form_{field}")}


def has_colon(text: str) -> bool:
    """Whether a line can have a label at all; most have not."""
    return ":" in text or "：" in text


def _labelled(text: str) -> tuple[Field, str] | None:
    match = _LABEL.match(text[:LINE_LIMIT]) if has_colon(text) else None
    if not match:
        return None
    label = " ".join(_REMARK.sub(" ", match[1]).casefold().split())
    field = _labels().get(label)
    return (field, (match[2] or match[3] or "").strip()) if field else None
