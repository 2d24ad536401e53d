"""What parent and reading child say to each other over a pipe: four bytes of length, then the content."""

from __future__ import annotations

import struct
from typing import NamedTuple, Self

MAX_CONTENT = 8 * 1024 * 1024
LENGTH = struct.Struct(">I")
_CUT = b" cut"


class Letter(NamedTuple):
    """One mail on its way to the child: an id without blanks, the trimmed copy, whether something readable was cut."""

    mail_id: str
    trimmed: bytes
    is_cut: bool = False

    def __repr__(self) -> str:
        """Which mail, and nothing of it."""
        return f"Letter({self.mail_id}, {len(self.trimmed)} bytes)"

    def packed(self) -> bytes:
        """The content of its frame."""
        return self.mail_id.encode("ascii") + (_CUT if self.is_cut else b"") + b"\n" + self.trimmed

    @classmethod
    def unpacked(cls, content: bytes) -> Self:
        """The letter in a frame's content."""
        head, _, trimmed = content.partition(b"\n")
        return cls(head.removesuffix(_CUT).decode("ascii"), trimmed, head.endswith(_CUT))


def frame(content: bytes) -> bytes:
    """The content with its length before it."""
    return LENGTH.pack(len(content)) + content
