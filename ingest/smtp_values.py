"""What is said over SMTP: the envelope, the server's answer as an error of ours, and line ends that nobody misreads."""

from __future__ import annotations

import contextlib
import dataclasses
import re
from typing import Final, Literal

from policies.errors import ConductError, Refused, Unavailable, UnreadableInput, WrongUsage

_BARE_LF: Final = re.compile(rb"(?<!\r)\n")
_BARE_CR: Final = re.compile(rb"\r(?!\n)")
_UNSAFE: Final = re.compile(r"[\x00-\x20\x7f<>\ud800-\udfff]")
_STATUS: Final = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?=\s|$)")  # RFC 2034 section 4
# RFC 5321 section 4.2.1: what the first digit of a reply says.
_POSITIVE: Final = 2
_TRANSIENT: Final = 4
_PERMANENT: Final = 5

Stage = Literal["sender", "recipient", "content"]


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Envelope:
    """Whom a mail is from, empty for nobody, and whom it is for."""

    sender: str
    recipients: tuple[str, ...]

    def __repr__(self) -> str:
        """How many."""
        return f"Envelope({len(self.recipients)} recipients)"


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What the server said in the end.  ``stage`` is what it said it to, ``number`` (from 1) to which recipient."""

    code: int
    lines: tuple[str, ...]
    stage: Stage
    number: int = 0

    def __repr__(self) -> str:
        """The figures; the words may quote an address."""
        return f"Answer({self.code}, {self.stage})"

    @property
    def is_accepted(self) -> bool:
        """Whether the mail is the server's now."""
        return self.stage == "content" and self.is_positive

    @property
    def is_positive(self) -> bool:
        """Whether the server goes along."""
        return self.code // 100 == _POSITIVE

    @property
    def is_refusal(self) -> bool:
        """Whether the server says no, for now or for good."""
        return self.code // 100 in {_TRANSIENT, _PERMANENT}

    @property
    def is_permanent(self) -> bool:
        """Whether sending the same again is of no use."""
        return self.code // 100 == _PERMANENT

    @property
    def figures(self) -> str:
        """The reply code and, where there is one, the enhanced status code."""
        found = _STATUS.match(self.lines[0]) if self.lines else None
        return f"{self.code} {found[0]}" if found else str(self.code)

    def as_error(self, recipients: int) -> ConductError:
        """The refusal as an error; ``recipients`` is how many there were, since a sentence of ours names nobody."""
        meant = {
            "sender": "the sender",
            "recipient": f"recipient {self.number} of {recipients}",
            "content": "the mail",
        }[self.stage]
        sentence = f"The smarthost refused {meant} ({self.figures}); nothing was sent."
        if self.is_permanent:
            return Refused("smtp-refused", sentence, "Sending the same again will not help.")
        return Unavailable("smtp-deferred", sentence, "Try again later.")


def with_line_ends(raw: bytes) -> bytes:
    """The mail with every line ended by CR LF.

    Raises UnreadableInput: a CR stands alone, which RFC 5321 section 2.3.8 forbids and servers read in different ways.
    """
    if _BARE_CR.search(raw):
        raise UnreadableInput(
            "bare-cr", "The mail has a carriage return that ends no line.", "Write it anew in a mail program."
        )
    content = _BARE_LF.sub(b"\r\n", raw)
    return content if content.endswith(b"\r\n") else content + b"\r\n"


def stuffed(content: bytes) -> bytes:
    """A dot more where a line begins with one (RFC 5321 section 4.5.2)."""
    stuffed = content.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed


def has_utf8_header(content: bytes) -> bool:
    """Whether the header has letters beyond ASCII that are UTF-8."""
    header = content.partition(b"\r\n\r\n")[0]
    if header.isascii():
        return False
    with contextlib.suppress(UnicodeDecodeError):
        header.decode()
        return True
    return False


def refuse_unsafe(address: str) -> None:
    """Refuse an address that would end its command and begin another.  Raises WrongUsage."""
    if _UNSAFE.search(address):
        raise WrongUsage(
            "unsafe-address", "An address has what no address can have; nothing was sent.", "Write it anew."
        )
