"""The addresses of a header field: RFC 5322 with groups, comments and quotes, and what cannot be read as one."""

from __future__ import annotations

import re
from typing import Final

from policies.lint.fields import decoded
from policies.patterns import late
from policies.values import value

_TOKEN: Final = late(r'"(?:[^"\\]|\\.)*"?|<[^<>]*>?|[,;:()]|\\.|[^",;:()<>\\]+', re.DOTALL)
_ADDRESS: Final = late(r"(?:\"(?:[^\"\\]|\\.)+\"|[^\s@<>()\[\],;:\"\\]+)@(?:[^\s@<>()\[\],;:\"\\]+|\[[^\s\[\]]+\])")
_ROUTE: Final = late(r"@[^:<>]*:")
_BLANKS: Final = late(r"(\"(?:[^\"\\]|\\.)*\")|\s+")
MAX_ADDRESSES: Final = 20_000


@value
class Mailbox:
    """An address and the display name beside it, both as the field says them, decoded."""

    name: str
    address: str

    def __repr__(self) -> str:
        """Nothing of the person."""
        return "Mailbox(…)"


@value
class AddressList:
    """The mailboxes of a field in their order, groups opened, and what could not be read as a mailbox."""

    mailboxes: tuple[Mailbox, ...]
    unreadable: tuple[str, ...]

    def __repr__(self) -> str:
        """How many."""
        return f"AddressList({len(self.mailboxes)}, {len(self.unreadable)} unreadable)"


class _Reader:
    """Collects one mailbox after the other."""

    def __init__(self) -> None:
        self.found: list[Mailbox] = []
        self.unreadable: list[str] = []
        self.words: list[str] = []
        self.comments: list[str] = []
        self.angled: str | None = None
        self.is_quoted = False

    def take(self, piece: str) -> None:
        """Take in the next piece outside comments."""
        if piece in {",", ";"}:
            self.end()
        elif piece == ":":
            self.words = []  # the name of a group
        elif piece[0] == "<":
            if self.angled is not None:
                self.end()
            self.angled = _ROUTE.sub("", _without_blanks(piece.strip("<>")), count=1)
        elif piece != ")":
            self.is_quoted = self.is_quoted or piece[0] == '"'
            self.words.append(piece)

    def end(self) -> None:
        phrase = " ".join("".join(self.words).split())
        address = self.angled
        if address is None and _ADDRESS.fullmatch(phrase):
            address, phrase = phrase, " ".join(self.comments)
        if address is not None and _ADDRESS.fullmatch(address):
            self._refuse_second_address(phrase, address)
            self.found.append(Mailbox(_name(phrase), address))
        elif phrase or address is not None:
            self.unreadable.append(f"{phrase} <{address}>".strip() if address is not None else phrase)
        self.words, self.comments, self.angled, self.is_quoted = [], [], None, False

    def _refuse_second_address(self, phrase: str, address: str) -> None:
        # An address where the name should be, unquoted: mail programs disagree on who gets such a mail.
        other = _ADDRESS.search(phrase) if not self.is_quoted else None
        if other and self.angled is not None and other[0].casefold() != address.casefold():
            self.unreadable.append(f"{phrase} <{address}>")


def read_addresses(value: str) -> AddressList:
    """The mailboxes of an unfolded value whose encoded words are still encoded.

    >>> [each.address for each in read_addresses('Board: "Moss, Eric" <eric@x.org>, b@x.org (Bo);').mailboxes]
    ['eric@x.org', 'b@x.org']
    """
    reader, depth = _Reader(), 0
    for match in _TOKEN.finditer(value):
        piece = match[0]
        if depth or piece == "(":
            depth = max(0, depth + (piece == "(") - (piece == ")"))
            reader.comments += [piece.strip()] if piece not in {"(", ")"} else []
        else:
            reader.take(piece)
        if len(reader.found) > MAX_ADDRESSES:
            reader.unreadable.append("…")
            break
    reader.end()
    if depth:
        # Whether an address that a comment has swallowed gets the mail, programs disagree on.
        reader.unreadable.append("(…")
    return AddressList(tuple(reader.found), tuple(reader.unreadable))


def _without_blanks(address: str) -> str:
    """The address without blanks, but for those that are part of a quoted local part."""
    return _BLANKS.sub(lambda match: match[1] or "", address)


def _name(phrase: str) -> str:
    plain = re.sub(r'"((?:[^"\\]|\\.)*)"?', lambda match: re.sub(r"\\(.)", r"\1", match[1]), phrase)
    return " ".join(decoded(plain).split())
