"""Making text from outside safe to show: what a terminal would obey or hide becomes visible."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from policies.patterns import late

MAX_MARKS: Final = 6
# Cc control, Cf format (bidi, zero-width, tags), Cn unassigned, Co private, Cs surrogate, Zl and Zp separators.
_VISIBLE_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
# Letters and marks by category that show nothing, or far more than one letter's width.
_VISIBLE_TOO: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ua9c5\ufdfd\u102a\U0001242b"
    + "".join(chr(code) for code in (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)
_HARMLESS: Final = late(r"[\x20-\x7e\n\xa1-\xac\xae-\u02ff]*")
# An emoji may ask for its coloured form (U+FE0F); anywhere else the selector only hides something.
_EMOJI_FORM: Final = late("(?<=[\u2190-\u2bff\U0001f000-\U0001faff])\ufe0f")


def clean(text: str, *, multiline: bool = False) -> str:
    """``text`` with everything that a terminal obeys, hides or reorders by shown as ``␛`` or ``‹U+202E›``.

    Without ``multiline`` line ends are shown as well, so that a value cannot pretend to be two lines; with it,
    CR LF counts as one line end and tabs become spaces.  More than MAX_MARKS accents on one letter are counted
    instead of stacked.

    >>> clean("Priya\\x1b[2K\\u202egro")
    'Priya␛[2K‹U+202E›gro'
    """
    if multiline:
        text = text.replace("\r\n", "\n").expandtabs(4)
        return "\n".join(_clean_line(line) for line in text.split("\n"))
    return _clean_line(text)


def _clean_line(line: str) -> str:
    if (line.isascii() and line.isprintable()) or (_HARMLESS.fullmatch(line) and "\n" not in line):
        return line
    line = _EMOJI_FORM.sub("", line)
    distinct = set(line)
    shown = line.translate({ord(letter): _shown(letter) for letter in distinct})
    marks = [letter for letter in distinct if unicodedata.combining(letter) or unicodedata.category(letter) == "Me"]
    return _without_towers(shown, marks) if marks else shown


@lru_cache(maxsize=4096)
def _shown(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Zs":
        return " "
    if category not in _VISIBLE_CATEGORIES and letter not in _VISIBLE_TOO:
        return letter
    if letter < " ":
        return chr(ord("␀") + ord(letter))  # the Control Pictures block has them in the same order
    return "␡" if letter == "\x7f" else f"‹U+{ord(letter):04X}›"


def _without_towers(line: str, marks: Iterable[str]) -> str:
    of_marks = "[" + "".join(re.escape(mark) for mark in marks) + "]"
    tower = re.compile(f"({of_marks}{{{MAX_MARKS}}})({of_marks}+)")
    return tower.sub(lambda found: f"{found[1]}‹+{len(found[2])}›", line)


def width(text: str) -> int:
    """How many columns a cleaned text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_columns(letter) for letter in text)


@lru_cache(maxsize=4096)
def _columns(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def make_streams_tolerant() -> None:
    """Have letters that a terminal's encoding lacks escaped instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
