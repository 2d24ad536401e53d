"""The recovery secret as it is printed and typed in again: four lines of sixteen letters, each with its own check.

Each line holds eight bytes of the secret and two of a digest over all bytes so far, so that a slip is reported with
the number of its line, and what one check lets through the next ones do not.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

from policies.errors import Unavailable, UnreadableInput

_TITLE: Final = "CONDUCT-RECOVERY-1"
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: read as 1, 1, 0, or as a word
_MISREAD: Final = str.maketrans("ILO", "110")
_LINES: Final = 4
_LINE_LETTERS: Final = 16
_LINE_BYTES: Final = 8
_MAX_TYPED: Final = 1000


def print_recovery(secret: bytes) -> str:
    """The 32 bytes as a title and four lines of four groups."""
    lines = [_letters(_line(secret, number)) for number in range(_LINES)]
    return "\n".join((_TITLE, *("-".join(re.findall("....", line)) for line in lines), ""))


def parse_recovery(text: str) -> bytes:
    """The 32 bytes; capitals, blanks, hyphens, the title and O for 0 or I for 1 make no difference.

    Raises UnreadableInput ``mistyped-recovery``, or Unavailable ``newer-format``.
    """
    letters = _untitled(re.sub(r"[\s\-_.\u2010-\u2015]+", "", text[:_MAX_TYPED]).upper()).translate(_MISREAD)
    if len(text) > _MAX_TYPED or len(letters) != _LINES * _LINE_LETTERS:
        raise _mistyped(f"{len(letters)} letters were given where the recovery secret has {_LINES * _LINE_LETTERS}")
    secret = b""
    for number in range(_LINES):
        line = _bytes(letters[number * _LINE_LETTERS :][:_LINE_LETTERS])
        secret += line[:_LINE_BYTES]
        if line != _line(secret, number):
            raise _mistyped(f"Line {number + 1} of the recovery secret holds a slip")
    return secret


def _line(secret: bytes, number: int) -> bytes:
    end = (number + 1) * _LINE_BYTES
    check = hashlib.sha256(b"conduct/1/recovery|" + secret[:end]).digest()[:2]
    return secret[end - _LINE_BYTES : end] + check


def _letters(line: bytes) -> str:
    bits = int.from_bytes(line, "big")
    return "".join(_LETTERS[bits >> shift & 31] for shift in range(5 * (_LINE_LETTERS - 1), -1, -5))


def _bytes(letters: str) -> bytes:
    """Ten bytes; a letter that is none of ours makes a line that no check fits."""
    bits = 0
    for letter in letters:
        place = _LETTERS.find(letter)
        if place < 0:
            return b""
        bits = bits << 5 | place
    return bits.to_bytes(_LINE_BYTES + 2, "big")


def _untitled(typed: str) -> str:
    title = _TITLE.replace("-", "")
    if typed.startswith(title[:-1]) and not typed.startswith(title):
        raise Unavailable("newer-format", "This recovery secret is of a newer version of conduct.", "Install it first.")
    return typed.removeprefix(title)


def _mistyped(what: str) -> UnreadableInput:
    return UnreadableInput("mistyped-recovery", f"{what}.", "Compare it with the paper, letter by letter.")
