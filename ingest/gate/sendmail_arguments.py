"""The command line of sendmail, as mail programs write it: which words are options, which take a value, which envelope.

Postfix's sendmail(1) and Sendmail's op.me name the options; those that have no meaning here are read and left.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Final

from policies.errors import WrongUsage

#: Options of one letter whose value is glued to them or is the next word.
_WITH_VALUE: Final = frozenset("bfrFBNRhopqALOVXC")
#: Only glued: "-oi", "-bm", "-q30m"; the next word is no value of theirs.
_GLUED: Final = frozenset("obqA")
_WITHOUT: Final = frozenset("tivnGUEmsx")
_OURS: Final = ("--home", "--identity", "--passphrase-file", "--again", "--discard")
_OUR_FLAGS: Final = ("--no-input", "--kept", "--help")


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Arguments:
    """What the words say.  ``sender`` is None where it is not given, empty for nobody.

    ``dots_are_text``: a line that is a dot does not end the mail.  ``ours`` are options that only conduct has.
    """

    recipients: tuple[str, ...] = ()
    sender: str | None = None
    reads_header: bool = False
    dots_are_text: bool = False
    ours: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        """How many recipients."""
        return f"Arguments({len(self.recipients)} recipients)"

    def our(self, name: str) -> str | None:
        """The value of an option of ours, empty for a flag; None where it is not given."""
        return next((value for option, value in self.ours if option == name), None)


def parse_arguments(words: Sequence[str]) -> Arguments:
    """Read the words after ``conduct sendmail``.  Raises WrongUsage: an option that cannot be, or lacks its value."""
    read = list(_options(words))
    options = [(name, value) for name, value in read if name]
    modes = [value for name, value in options if name == "-b"]
    if any(mode not in {"m", ""} for mode in modes) or any(name == "-q" for name, _ in options):
        raise WrongUsage("bad-option", "Only a mail can be handed over here.", "See: conduct sendmail --help")
    senders = [value for name, value in options if name in {"-f", "-r"}]
    flags = {name for name, _ in options}
    return Arguments(
        recipients=tuple(address for name, value in read if not name for address in _addresses(value)),
        sender=_bare(senders[-1]) if senders else None,
        reads_header="-t" in flags,
        dots_are_text="-i" in flags or ("-o", "i") in options,
        ours=tuple((name, value) for name, value in options if name in _OURS or name in _OUR_FLAGS),
    )


def _options(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each option with its value, and each recipient with no option's name."""
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            yield from (("", each) for each in waiting)
            return
        if not word.startswith("-") or word == "-":
            yield "", word
        elif word.startswith("--"):
            yield _ours(word, waiting)
        else:
            yield from _letters(word, waiting)


def _ours(word: str, waiting: list[str]) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    if name in _OUR_FLAGS and not equals:
        return name, ""
    if name not in _OURS:
        raise WrongUsage("bad-option", f"There is no option {name[:40]}.", "See: conduct sendmail --help")
    return name, value if equals else _next(name, waiting)


def _letters(word: str, waiting: list[str]) -> Iterator[tuple[str, str]]:
    rest = word[1:]
    while rest:
        letter, rest = rest[0], rest[1:]
        if letter in _WITHOUT:
            yield f"-{letter}", ""
        elif letter in _WITH_VALUE:
            yield f"-{letter}", rest if rest or letter in _GLUED else _next(f"-{letter}", waiting)
            return
        else:
            raise WrongUsage("bad-option", f"There is no option -{letter}.", "See: conduct sendmail --help")


def _next(name: str, waiting: list[str]) -> str:
    if not waiting:
        raise WrongUsage("bad-option", f"{name} needs a value.", "See: conduct sendmail --help")
    return waiting.pop(0)


def _addresses(word: str) -> Iterator[str]:
    """The addresses in a recipient's word, which may be written as in a header."""
    for piece in word.split(",") if '"' not in word else (word,):
        if piece.strip():
            yield _bare(piece)


def _bare(written: str) -> str:
    """``Lena <lena@example.com>`` and ``<lena@example.com>`` as ``lena@example.com``."""
    inner = written[written.rfind("<") + 1 :] if written.rstrip().endswith(">") and "<" in written else written
    return inner.strip().removesuffix(">").strip()
