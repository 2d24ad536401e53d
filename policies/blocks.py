"""What mail programs put around the mails they quote and forward: attribution lines and header blocks.

Known for Gmail, Outlook, Apple Mail, Thunderbird, Yahoo and mutt in the languages of ``policies.words``.  Only the
first ``LINE_LIMIT`` characters of a line are looked at, and an attribution or a header block has a bounded number
of lines, so that everything here is linear in the text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Final

from policies.patterns import late
from policies.values import value
from policies.words import among, listed

LINE_LIMIT: Final = 2000
_MARK_LINE: Final = 100
_BLOCK_LINES: Final = 40
_ATTRIBUTION_LINES: Final = 3
_QUOTE_SIGNS: Final = late(r"(?:[ \t\u3000\ufeff]{0,3}[>＞])+ ?")
_LABEL: Final = late(r"[ \t]{0,4}\*{0,2}([^\W\d_][^:：*<>@\n]{0,24})\*{0,2}[:：]\*{0,2}[ \t]*(.*)")
_RULE: Final = late(r"[ \t]*_{10,}[ \t]*$")
_DASHES: Final = late(r"[ \t]*[-–—=_*]{2,}")
_ADDRESS: Final = late(r"[^\s<>@\[\]()]{1,64}@[^\s<>@\[\]()]{1,255}")
_WRAPPED: Final = late(r"[ \t]{0,8}[^:：\n]{0,100}<[^\s<>@]{1,64}@[^\s<>@]{1,255}>[ \t]*$")
_OPENING: Final = 4
_SENDER_LINE: Final = 300
_DATED: Final = late(r"\d{4}|\d[:.h]\d\d")
_AROUND: Final = " \t\r\n\f\v\u00a0\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_LABELLED: Final = ("from", "date", "to", "cc", "subject")


@value
class HeaderBlock:
    """The lines ``start`` to ``end`` (not included) in which a mail program repeats another mail's header.

    ``says_forward`` is whether a line above it calls the mail forwarded; the values are as printed.
    """

    start: int
    end: int
    says_forward: bool
    values: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        """Where it stands."""
        return f"HeaderBlock({self.start}:{self.end})"

    def value(self, field: str) -> str:
        """The value of ``from``, ``date``, ``to``, ``cc`` or ``subject``, empty where missing."""
        return next((value for key, value in self.values if key == field), "")


def is_surely_text(line: str) -> bool:
    """Whether a line begins like words and holds no colon or address, so that it is surely no mail program's."""
    if not line or line.isspace():
        return True
    begin = line[:_MARK_LINE].lstrip(" \t")
    if any(sign in line for sign in ":：@<") or not begin[:1].isalpha():
        return False
    folded = begin.casefold()
    return folded[:_OPENING] not in _openings() and folded.split(" ", 1)[0] not in among("on")


@functools.cache
def _openings() -> frozenset[str]:
    return frozenset(
        entry[:_OPENING] for field in ("forward_marks", "reply_marks", "sent_from") for entry in listed(field)
    )


def is_quoted(line: str) -> bool:
    """Whether the line's first visible character is a quote sign."""
    return line.lstrip(" \t\u3000\ufeff").startswith((">", "＞"))


def unquoted(line: str) -> str:
    """The line without its leading quote signs, however many."""
    match = _QUOTE_SIGNS.match(line) if is_quoted(line) else None
    return line[match.end() :] if match else line


def quote_depth(line: str) -> int:
    """How many quote signs a line begins with."""
    match = _QUOTE_SIGNS.match(line)
    return match[0].count(">") + match[0].count("＞") if match else 0


def without_quotes(line: str, depth: int) -> str:
    """The line without its first ``depth`` quote signs."""
    for _ in range(depth):
        stripped = line.lstrip(" \t\u3000\ufeff")
        if stripped[:1] not in {">", "＞"}:
            break
        line = stripped[1:].removeprefix(" ")
    return line


def header_block(lines: Sequence[str], at: int) -> HeaderBlock | None:
    """The header block that begins with line ``at``, with or without a line above it that announces one.

    After an announcement two labels will do, without it there must be three, and From among them.  The dashed
    "Original Message" is enough by itself, since some programs print no header at all below it.
    """
    mark = _mark(lines[at])
    if not mark and _label(lines[at]) is None:
        return None
    start = _next_filled(lines, at + 1) if mark else at
    end, values = _labelled_lines(lines, start)
    found = dict(values)
    if "from" in found and len(found) >= (2 if mark else 3):
        return HeaderBlock(at, end, mark == "forward", values)
    if mark == "reply" and _DASHES.match(lines[at][:_MARK_LINE]):
        return HeaderBlock(at, at + 1, says_forward=False, values=())
    return None


def quoted_header_block(lines: Sequence[str], at: int) -> HeaderBlock | None:
    """The header block, all of it in quote signs, below a line that calls the mail forwarded: so Apple Mail does it."""
    if _mark(lines[at]) != "forward" or not stands_above_quote(lines, at + 1):
        return None
    return header_block([lines[at], *map(unquoted, lines[at + 1 : at + 1 + _BLOCK_LINES])], 0)


def attribution_length(lines: Sequence[str], at: int) -> int:
    """How many lines from ``at`` on say who wrote what follows, 0 when they do not.

    An attribution ends in a colon, says "wrote" in some language, bears an address or a number, and stands above
    quoted lines; where nothing quoted follows only one with an address is believed.
    """
    first = lines[at][:LINE_LIMIT].strip()
    if not first:
        return 0
    opens = _opens_attribution(first)
    longest = _ATTRIBUTION_LINES if opens or _is_dated_sender(lines, at) else 1
    for length in range(1, longest + 1):
        if at + length > len(lines):
            return 0
        last = _bare(lines[at + length - 1])
        if not last or is_quoted(last):
            return 0
        if last.endswith((":", "：")):
            joined = " ".join(_bare(line) for line in lines[at : at + length])
            is_one = _is_attribution(joined, lines, at + length)
            # Wrapped, and with no word at its beginning by which it is known, only the quote below makes it one.
            return length if is_one and (opens or length == 1 or stands_above_quote(lines, at + length)) else 0
    return 0


def stands_above_quote(lines: Sequence[str], at: int) -> bool:
    """Whether the next line that is not empty, from ``at`` on, is quoted."""
    following = _next_filled(lines, at)
    return following < len(lines) and is_quoted(lines[following])


def _opens_attribution(line: str) -> bool:
    word = line[:20].casefold().split(" ", 1)[0]
    return (word in among("on") or word[:1].isdigit()) and any(sign.isdigit() for sign in line[:80])


def _is_dated_sender(lines: Sequence[str], at: int) -> bool:
    """Whether a line and the next have a year or an hour, and an address before the second's words, as in Polish."""
    first, following = lines[at][:_SENDER_LINE], lines[at + 1][:_SENDER_LINE] if at + 1 < len(lines) else ""
    has_address = "<" in first or "@" in first or following.startswith(("<", "(<"))
    return has_address and _DATED.search(f"{first}\n{following}") is not None


def _bare(line: str) -> str:
    """The line without what stands around it, marks of writing direction too, which Gmail puts about names."""
    return line[:LINE_LIMIT].strip(_AROUND)


def _is_attribution(joined: str, lines: Sequence[str], following: int) -> bool:
    if len(joined) > 600:  # noqa: PLR2004 a name, an address and a date are shorter
        return False
    has_address = _ADDRESS.search(joined) is not None
    has_number = any(sign.isdigit() for sign in joined)
    quoted_follows = stands_above_quote(lines, following)
    if not _says_wrote(joined.casefold()):
        # Gmail in Japanese, Chinese and Russian prints the date, the name and the address, and no verb.
        ends_in_address = joined.rstrip(":： ").endswith(">") and has_number
        return quoted_follows and has_address and (joined[:1].isdigit() or ends_in_address)
    return (quoted_follows and (has_address or has_number)) or (has_address and has_number)


def _says_wrote(folded: str) -> bool:
    return _wrote_pattern().search(folded) is not None or folded.startswith("quoting ")


@functools.cache
def _wrote_pattern() -> re.Pattern[str]:
    words = [rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word) for word in listed("wrote")]
    return re.compile("|".join(words))


def _mark(line: str) -> str:
    """``forward``, ``reply``, ``rule`` (Outlook's line of underscores), or nothing."""
    if len(line) > _MARK_LINE:
        return ""
    if _RULE.match(line):
        return "rule"
    core = line.strip(" \t-–—=_*:：").casefold()
    if not core:
        return ""
    if core.startswith(listed("forward_marks")):
        return "forward"
    return "reply" if core.startswith(listed("reply_marks")) else ""


def _next_filled(lines: Sequence[str], at: int) -> int:
    """The first line from ``at`` on that is not empty, at most three lines further."""
    for index in range(at, min(at + 3, len(lines))):
        if lines[index].strip():
            return index
    return min(at + 3, len(lines))


def _labelled_lines(lines: Sequence[str], start: int) -> tuple[int, tuple[tuple[str, str], ...]]:
    """Where the labelled lines end, and what they say; lists of addresses may run over several lines."""
    values: list[tuple[str, str]] = []
    index = start
    while index < min(start + _BLOCK_LINES, len(lines)) and lines[index].strip():
        labelled = _label(lines[index])
        if labelled:
            values.append(labelled)
        elif values and (values[-1][0] in {"to", "cc"} or not values[-1][1] or _is_senders_rest(lines[index], values)):
            values[-1] = (values[-1][0], f"{values[-1][1]} {lines[index][:LINE_LIMIT].strip()}".strip())
        elif not values or not _is_subjects_rest(lines, index, values[-1][0]):
            break
        index += 1
    return index, tuple(values)


def _is_senders_rest(line: str, values: Sequence[tuple[str, str]]) -> bool:
    """A long sender, whose address stands on a line of its own: whatever looked like one before it was a name."""
    return values[-1][0] == "from" and _WRAPPED.match(line) is not None


def _is_subjects_rest(lines: Sequence[str], index: int, field: str) -> bool:
    """A long subject that runs on: the line after it is empty or a label."""
    following = lines[index + 1] if index + 1 < len(lines) else ""
    return field == "subject" and (not following.strip() or _label(following) is not None)


@functools.cache
def _labels() -> dict[str, str]:
    return {label: field for field in reversed(_LABELLED) for label in listed(f"label_{field}")}


def _label(line: str) -> tuple[str, str] | None:
    match = _LABEL.match(line[:LINE_LIMIT])
    if not match:
        return None
    field = _labels().get(match[1].strip().casefold())
    return (field, match[2].strip(" \t*")) if field else None
