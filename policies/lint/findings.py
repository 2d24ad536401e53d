"""Making findings: the severity from the rule's entry, the place from the line that it is about."""

from __future__ import annotations

from typing import Final

from policies.lint.displayed import Line, Text
from policies.lint.rules import severity_of
from policies.lint.verdict import Finding

_SHOWN: Final = 80


def found(rule: str, about: str, place: str, message: str, *, fixable: bool = False) -> Finding:
    """A finding that stands in a header, or nowhere in particular."""
    return Finding(rule, severity_of(rule), about, place, message, fixable=fixable)


def found_at(  # noqa: PLR0913 - a place in a text is four things
    rule: str, about: str, message: str, text: Text, line: Line, *, start: int = 0, length: int = 0,
    fixable: bool = False,
) -> Finding:  # fmt: skip
    """A finding at ``length`` characters of a displayed line from ``start`` on; its place is body, or quote."""
    return Finding(
        rule,
        severity_of(rule),
        about,
        "quote" if line.is_quoted else "body",
        message,
        line=line.number,
        column=start + 1,
        text=text.index,
        excerpt=line.text,
        length=length,
        fixable=fixable,
    )


def cut(words: str) -> str:
    """The words in a length that fits a message."""
    plain = " ".join(words.split())
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"
