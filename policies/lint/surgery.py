"""A displayed text changed in its own charset and transfer encoding, so that every other byte of the mail stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from policies.errors import Refused
from policies.lint.fields import WIDER, codec_of
from policies.lint.mime import Part
from policies.lint.transfer import Splice, applied, is_too_long, spliced
from policies.values import value

_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SEVEN_BIT: Final = frozenset({"", "7bit"})


@value
class Rewrite:
    """``exact[start:end]`` of a part's text becomes ``new``."""

    start: int
    end: int
    new: str

    def __repr__(self) -> str:
        """Where."""
        return f"Rewrite({self.start}, {self.end})"


@value
class Written:
    """A part's text as it is written, line ends and all; ``mark`` is its byte order mark.

    ``codec`` reads it; ``narrow`` is the charset that it declares, which new words have to fit.
    """

    part: Part
    exact: str
    mark: bytes
    codec: str
    narrow: str
    line_end: str

    def __repr__(self) -> str:
        """Which part."""
        return f"Written({self.part.type})"

    def can_hold(self, words: str) -> bool:
        """Whether these words fit the charset, and the transfer encoding (RFC 2045 2.7: seven bits)."""
        try:
            encoded = words.encode(self.narrow)
        except UnicodeEncodeError:
            return False
        is_whole = self.part.encoding not in _SEVEN_BIT or max(encoded, default=0) < 0x80  # noqa: PLR2004
        return is_whole and not is_too_long(encoded)


def written(part: Part, line_end: str) -> Written:
    """The part's text.  Raises Refused where its bytes do not say for certain what it is.

    ``line_end`` is the mail's, for a part that has none of its own.
    """
    content = part.content
    mark, codec = next(((mark, codec) for mark, codec in _MARKS if content.startswith(mark)), (b"", ""))
    declared = part.parameter("charset")
    try:
        narrow = codec or codec_of(declared)
        codec = codec or WIDER.get(narrow, narrow if declared else "utf-8")
        exact = content[len(mark) :].decode(codec)
        is_same = exact.encode(codec) == content[len(mark) :]
    except (LookupError, ValueError) as error:
        raise _unclear() from error
    if not is_same or part.text[1]:
        raise _unclear()
    own_end = "\r\n" if "\r\n" in exact else "\n" if "\n" in exact else line_end
    return Written(part, exact, mark, codec, narrow, own_end)


def _unclear() -> Refused:
    return Refused("charset-unclear", "The text does not fit the charset that it declares.")


def changed_content(text: Written, rewrites: Iterable[Rewrite]) -> tuple[bytes, list[Splice]]:
    """The part's content with these changes, and the bytes that change in it."""
    made = (_as_splice(text, each) for each in _by_lines(text, rewrites))
    splices = [splice for splice in made if splice is not None]
    return applied(text.part.content, splices), splices


def changed_body(text: Written, splices: Sequence[Splice]) -> bytes:
    """The part's body with these changes of its content."""
    return spliced(text.part, splices, text.line_end.encode("ascii"))


def _by_lines(text: Written, rewrites: Iterable[Rewrite]) -> list[Rewrite]:
    """The changes widened to whole lines, joined where they meet: some charsets (RFC 1468) begin anew only there."""
    merged: list[tuple[int, int, list[Rewrite]]] = []
    for each in sorted(rewrites, key=lambda one: (one.start, one.end)):
        start = text.exact.rfind("\n", 0, each.start) + 1
        stop = text.exact.find("\n", each.end)
        end = stop + 1 if stop >= 0 else len(text.exact)
        if merged and start < merged[-1][1]:
            first, last, held = merged.pop()
            merged.append((first, max(last, end), [*held, each]))
        else:
            merged.append((start, end, [each]))
    return [Rewrite(start, end, _rewritten(text.exact, start, end, held)) for start, end, held in merged]


def _rewritten(exact: str, start: int, end: int, rewrites: Sequence[Rewrite]) -> str:
    pieces, at = [], start
    for each in rewrites:
        if each.start < at:
            raise Refused("changes-meet", "Two changes meet at one place of the text.")
        pieces += [exact[at : each.start], each.new]
        at = each.end
    return "".join([*pieces, exact[at:end]])


def _as_splice(text: Written, rewrite: Rewrite) -> Splice | None:
    start = len(text.mark) + len(text.exact[: rewrite.start].encode(text.codec))
    old = text.exact[rewrite.start : rewrite.end].encode(text.codec)
    new = _encoded(text, rewrite.new)
    ahead = _common(old, new)
    behind = _common(old[ahead:][::-1], new[ahead:][::-1])
    if old == new:
        return None
    return Splice(start + ahead, start + len(old) - behind, new[ahead : len(new) - behind])


def _encoded(text: Written, words: str) -> bytes:
    try:
        return words.encode(text.codec)
    except UnicodeEncodeError as error:
        raise Refused("charset-too-narrow", "The part's charset has no room for the note.") from error


def _common(one: bytes, other: bytes) -> int:
    """How many bytes both begin with."""
    length = min(len(one), len(other))
    if one[:length] == other[:length]:
        return length
    low, high = 0, length
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low
