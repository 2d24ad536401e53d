"""The texts that a recipient sees when the mail is opened, line by line, each line told apart: own, quoted, signature.

Which parts are shown follows RFC 2046 5.1 and what mail programs do: of alternatives each may be the one shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Final, NamedTuple

from policies.blocks import attribution_length, header_block, is_quoted, stands_above_quote
from policies.lint.flowed import read_flowed
from policies.lint.mime import Part
from policies.values import value

_SHOWN_TYPES: Final = frozenset({"text/plain", "text/html", "text/enriched", "text/markdown"})
_ENCRYPTED_TYPES: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_STRIPPED_SIGNATURE: Final = 12
# Some two thousand pages: whoever has more to say attaches a file.
MOST_LINES: Final = 100_000
_ARMOUR: Final = "-----BEGIN PGP "


class Kind(Enum):
    """What a line is.  Everything below a header block is ``QUOTE``; ``ARMOUR`` is what inline PGP puts around."""

    OWN = "own"
    SIGNATURE = "signature"
    QUOTE = "quote"
    ATTRIBUTION = "attribution"
    HEADERS = "headers"
    ARMOUR = "armour"


class Line(NamedTuple):
    """A shown line; ``number`` counts from 1 in its text.  A tuple, since they are made by the thousand.

    ``is_stuffed``: typed as it stands, though format=flowed had to protect its first character.  ``is_bare_quote``:
    in HTML, inside a first blockquote that no mail program has marked as its own.
    """

    number: int
    text: str
    kind: Kind
    is_stuffed: bool = False
    is_bare_quote: bool = False

    def __repr__(self) -> str:
        """What and where it is, not what it says."""
        return f"Line({self.number}, {self.kind.value})"

    @property
    def is_quoted(self) -> bool:
        """Whether the words are, or stand about, those of an earlier mail."""
        return self.kind in {Kind.QUOTE, Kind.ATTRIBUTION, Kind.HEADERS}

    @property
    def is_own(self) -> bool:
        """Whether the words are the writer's, her signature aside."""
        return self.kind is Kind.OWN


@value
class Hidden:
    """What an HTML attribute carries beside the text: a link's target, a picture's name or description."""

    attribute: str
    value: str
    line: int
    is_quoted: bool

    def __repr__(self) -> str:
        """Which attribute."""
        return f"Hidden({self.attribute})"


@value
class Text:
    """One displayed text part.  ``index`` counts them from 0; ``is_damaged`` as in ``Part.text``.

    ``is_cut``: it goes on for longer than any mail, and what is behind MOST_LINES was not read.
    """

    index: int
    part: Part
    lines: tuple[Line, ...]
    hidden: tuple[Hidden, ...]
    is_damaged: bool
    is_cut: bool = False

    def __repr__(self) -> str:
        """Which part."""
        return f"Text({self.index}, {self.part.type})"

    @property
    def is_html(self) -> bool:
        """Whether it is HTML."""
        return self.part.type == "text/html"

    @property
    def own(self) -> tuple[Line, ...]:
        """The writer's own lines that are not empty, greeting and closing among them."""
        return tuple(line for line in self.lines if line.is_own and line.text.strip())


def displayed_parts(root: Part) -> tuple[tuple[Part, ...], bool]:
    """The text parts that are shown, and whether the shown part is encrypted or packed so that nothing can be read."""
    if root.disposition == "attachment" and root.path:
        return (), False
    if root.type == "multipart/encrypted":
        return (), True
    if root.type in _ENCRYPTED_TYPES:
        return (), root.parameter("smime-type").casefold() != "certs-only"
    if root.type in _SHOWN_TYPES:
        return (root,), False
    if root.type == "multipart/related" and root.children:
        return displayed_parts(_root_of_related(root))
    return _displayed_children(root)


def _displayed_children(root: Part) -> tuple[tuple[Part, ...], bool]:
    found = [displayed_parts(child) for child in root.children]
    if root.type == "multipart/alternative":
        return tuple(part for parts, _ in found for part in parts), any(is_opaque for _, is_opaque in found)
    return next(((parts, is_opaque) for parts, is_opaque in found if parts or is_opaque), ((), False))


def _root_of_related(part: Part) -> Part:
    wanted = part.parameter("start").strip("<> ")
    named = (child for child in part.children if wanted and child.header.text("Content-ID").strip("<> ") == wanted)
    return next(named, part.children[0])


def read_text(index: int, part: Part) -> Text:
    """One displayed part in lines."""
    text, is_damaged = part.text
    is_cut = text.count("\n") >= MOST_LINES
    if is_cut:
        text = "\n".join(text.split("\n", MOST_LINES)[:MOST_LINES])
    if part.type == "text/html":
        # Read only here: half of the drafts have no HTML, and a hook's time is a person's time.
        from policies.lint.html import read_html  # noqa: PLC0415

        shown, targets, is_whole = read_html(text, MOST_LINES)
        kinds = _kinds([line.text for line in shown], [line.is_quote for line in shown])
        lines = tuple(
            Line(number, line.text, kind, is_bare_quote=line.is_bare_quote)
            for number, (line, kind) in enumerate(zip(shown, kinds, strict=True), start=1)
        )
        hidden = tuple(Hidden(each.attribute, each.value, each.line + 1, each.is_quote) for each in targets)
        return Text(index, part, lines, hidden, is_damaged, is_cut or not is_whole)
    return Text(index, part, _plain_lines(part, text), (), is_damaged, is_cut)


def _plain_lines(part: Part, text: str) -> tuple[Line, ...]:
    if part.parameter("format").casefold() != "flowed":
        shown = text.split("\n")
        kinds = _kinds(shown, [False] * len(shown))
        return tuple(
            Line(number, line, kind) for number, (line, kind) in enumerate(zip(shown, kinds, strict=True), start=1)
        )
    flowed = read_flowed(text, deletes_space=part.parameter("delsp").casefold() == "yes")
    shown = [f"{'>' * line.depth} {line.text}" if line.depth else line.text for line in flowed]
    kinds = _kinds(shown, [bool(line.depth) for line in flowed])
    return tuple(
        Line(line.first, words, kind, is_stuffed=line.is_stuffed and not line.depth)
        for line, words, kind in zip(flowed, shown, kinds, strict=True)
    )


def read_kinds(text: str) -> tuple[Line, ...]:
    """Plain text that is no part of the draft itself (a stored mail's, an attachment's) in lines told apart."""
    shown = text.split("\n")
    kinds = _kinds(shown, [False] * len(shown))
    return tuple(
        Line(number, line, kind) for number, (line, kind) in enumerate(zip(shown, kinds, strict=True), start=1)
    )


def _kinds(lines: Sequence[str], marked: Sequence[bool]) -> list[Kind]:
    """What each line is; ``marked`` are those that the part itself says are quoted."""
    kinds = [Kind.OWN] * len(lines)
    signed = [f">{line}" if mark else line for line, mark in zip(lines, marked, strict=True)] if any(marked) else lines
    index, in_signature = 0, False
    while index < len(lines):
        line = lines[index]
        length = 1
        if line.startswith(_ARMOUR):
            length = _armour(lines, index, kinds)
        elif is_quoted(line):
            kinds[index], in_signature = Kind.QUOTE, False
        elif block := header_block(lines, index):
            kinds[index : block.end] = [Kind.HEADERS] * (block.end - index)
            kinds[block.end :] = [Kind.QUOTE] * (len(lines) - block.end)
            return kinds
        elif wrote := attribution_length(lines if marked[index] else signed, index):
            length, in_signature = wrote, False
            kinds[index : index + wrote] = [Kind.ATTRIBUTION] * wrote
            if not _goes_on(lines, marked, index + wrote):
                kinds[index + wrote :] = [Kind.QUOTE] * (len(lines) - index - wrote)
                return kinds
        elif marked[index]:
            kinds[index], in_signature = Kind.QUOTE, False
        elif in_signature or _is_delimiter(lines, index):
            kinds[index], in_signature = Kind.SIGNATURE, True
        index += length
    return kinds


def _goes_on(lines: Sequence[str], marked: Sequence[bool], at: int) -> bool:
    """Whether what follows an attribution is marked line by line, so that own lines may come after it."""
    return stands_above_quote(lines, at) or any(marked[at : at + 3])


def _is_delimiter(lines: Sequence[str], index: int) -> bool:
    """``-- `` (RFC 3676 4.3); without the blank, which many programs strip, only above a few last lines."""
    if lines[index] == "-- ":
        return True
    return lines[index].rstrip() == "--" and len(lines) - index <= _STRIPPED_SIGNATURE


def _armour(lines: Sequence[str], at: int, kinds: list[Kind]) -> int:
    """Mark the armour that begins here (RFC 9580 6 and 7); of a signed text only its head, up to the empty line."""
    is_signed_text = lines[at].startswith(_ARMOUR + "SIGNED MESSAGE")
    end = at + 1
    while end < len(lines):
        if is_signed_text and not lines[end].strip():
            break
        end += 1
        if not is_signed_text and lines[end - 1].startswith("-----END PGP "):
            break
    kinds[at:end] = [Kind.ARMOUR] * (end - at)
    return end - at


def is_encrypted_inline(text: Text) -> bool:
    """Whether the text is, or begins with, a message encrypted by inline PGP."""
    return any(line.kind is Kind.ARMOUR and line.text.startswith(_ARMOUR + "MESSAGE-----") for line in text.lines)
