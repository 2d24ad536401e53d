"""A mail that a program pasted into another one when somebody forwarded it: its header lines and its text."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from policies.blocks import LINE_LIMIT, HeaderBlock, header_block, quote_depth, unquoted, without_quotes
from policies.mail import Address
from policies.words import numbered

_ADDRESS: Final = re.compile(r"(?:mailto:)?([^\s<>@\[\]()\"',;]{1,64}@[^\s<>@\[\]()\"',;]{1,255})")
_YEAR_FIRST: Final = re.compile(r"(?<!\d)(\d{4})(?:-|/|\.|年) ?(\d{1,2})(?:-|/|\.|月) ?(\d{1,2})(?!\d)")
_DAY_FIRST: Final = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
_DAY_MONTH: Final = re.compile(
    r"(?<!\d)(\d{1,2})(?:\.|st|nd|rd|th|er)?,? (?:de )?([^\W\d_]{3,12})\.?,? (?:de )?(\d{4})"
)
_MONTH_DAY: Final = re.compile(r"([^\W\d_]{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_TIME: Final = re.compile(
    r"(?:(?P<before>午前|午後|上午|下午) ?)?(?<!\d)(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?"
    r"(?:[ \u00a0\u202f]?(?P<after>[AaPp])\.?[ \u00a0\u202f]?[Mm])?(?!\d)"
)
#: How a time of the second half of the day is marked.
_AFTERNOON: Final = frozenset({"p", "P", "午後", "下午"})
_ZONE: Final = re.compile(
    r"(?:(?<!\d)(?=[+-]\d{2}:?\d{2}(?!\d))|(?:GMT|UTC)(?=[+-]))([+-])(\d{1,2}):?(\d{2})?(?!\d)|\b(?:GMT|UTC|Z)\b"
)
_DASHED: Final = re.compile(r"-{5} \S.{0,1000} -{5}[ \t]*$")
_NAME: Final = 300


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class ForwardBlock:
    """What a forwarded mail says of itself; nothing of it is proved.

    ``from_`` has an empty address where only a name is printed.  ``written`` is the date if it can be read with
    its zone or with that of whoever forwarded it, ``date`` the words.  ``text`` is the forwarded text without the
    quote signs it was wrapped in, and its first line is line ``first_line`` of the mail around it; the sender stands
    on line ``from_line``, the date on ``date_line`` (0: nowhere).
    """

    from_: Address
    date: str
    written: datetime | None
    subject: str
    to: str
    text: str
    first_line: int
    from_line: int
    date_line: int

    def __repr__(self) -> str:
        """Nothing of the mail."""
        return f"ForwardBlock(line {self.first_line})"

    def within(self, outer: ForwardBlock) -> ForwardBlock:
        """The same block, found in the text of another, with lines counted as that one's are."""
        moved = outer.first_line - 1
        return dataclasses.replace(
            self,
            first_line=self.first_line + moved,
            from_line=self.from_line + moved,
            date_line=self.date_line + moved if self.date_line else 0,
        )


def forwarded(text: str, zone: timedelta | None = None) -> ForwardBlock | None:
    """The first mail forwarded within ``text``, or None.

    Programs print its date in the zone of whoever forwards it: ``zone``, the distance from UTC, is that of her mail.

    >>> block = forwarded("fyi\\n> From: Ana <a@example.org>\\n> Date: today\\n> To: me\\n>\\n> Help\\n")
    >>> block.from_.address, block.text, block.first_line
    ('a@example.org', 'Help', 6)
    """
    lines = [line.rstrip("\r") for line in text.split("\n")]
    bare = [unquoted(line) for line in lines]
    for index in range(len(bare)):
        block = header_block(bare, index)
        if block and block.value("from"):
            return _forward(lines, bare, block, zone)
    return None


def _forward(lines: Sequence[str], bare: Sequence[str], block: HeaderBlock, zone: timedelta | None) -> ForwardBlock:
    start = block.end
    while start < len(bare) and not bare[start].strip():
        start += 1
    # Apple Mail and Thunderbird wrap it in quote signs: then it ends where these end.
    depth = quote_depth(lines[block.end - 1])
    end = _closing_line(bare, block, start)
    wrapped_end = start
    while depth and wrapped_end < end and (quote_depth(lines[wrapped_end]) >= depth or not lines[wrapped_end].strip()):
        wrapped_end += 1
    body = [without_quotes(line, depth) for line in lines[start : wrapped_end if depth else end]]
    date = block.value("date")[:LINE_LIMIT]
    return ForwardBlock(
        # Of an overlong line the end was not read, and the address stands at the end.
        from_=_address(
            block.value("from"), is_whole=all(len(line) < LINE_LIMIT for line in bare[block.start : block.end])
        ),
        date=date,
        written=written_at(date, zone),
        subject=block.value("subject"),
        to=block.value("to"),
        text="\n".join(body).rstrip(),
        first_line=start + 1,
        from_line=_line_with(bare, block, block.value("from")),
        date_line=_line_with(bare, block, date),
    )


def _closing_line(bare: Sequence[str], block: HeaderBlock, start: int) -> int:
    """Where the forwarded text ends at the latest: mutt sets a line of its own below, dashed as the one above."""
    above = next((bare[at] for at in range(block.start, max(block.start - 3, -1), -1) if _DASHED.match(bare[at])), None)
    if above is None:
        return len(bare)
    closing = (at for at in range(len(bare) - 1, start - 1, -1) if _DASHED.match(bare[at]))
    return next(closing, len(bare))


def _line_with(bare: Sequence[str], block: HeaderBlock, value: str) -> int:
    """The line of a header block that holds a value, counted from 1; 0 where it is wrapped or missing."""
    if not value:
        return 0
    return next((at + 1 for at in range(block.start, block.end) if bare[at].rstrip(" \t*").endswith(value)), 0)


def _address(value: str, *, is_whole: bool) -> Address:
    """The sender as printed.  The address is the last one: what stands before it is a name, which may look like one."""
    if not is_whole:
        return Address(value[:_NAME], "")
    matches = list(_ADDRESS.finditer(value))
    match = matches[-1] if matches else None
    name = value[: match.start()] if match else value
    return Address(name.strip(" \t<[(*\"'").removesuffix("mailto:").strip(), match[1].rstrip(".:") if match else "")


def written_at(words: str, zone: timedelta | None = None) -> datetime | None:
    """The instant in UTC that a date line names, None unless day and time can be read, and a zone is told or given.

    >>> written_at("18 March 2026 at 19:55:10 GMT")
    datetime.datetime(2026, 3, 18, 19, 55, 10, tzinfo=datetime.timezone.utc)
    >>> written_at("18 March 2026 at 19:55") is None
    True
    """
    words = words[:200]
    day, time, offset = _day(words), _TIME.search(words), _offset(words, zone)
    if day is None or time is None or offset is None:
        return None
    hour = int(time["hour"])
    if half := time["before"] or time["after"]:
        hour = hour % 12 + (12 if half in _AFTERNOON else 0)
    try:
        written = datetime(*day, hour, int(time["minute"]), int(time["second"] or 0), tzinfo=timezone(offset))
        return written.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _offset(words: str, zone: timedelta | None) -> timedelta | None:
    """The distance from UTC that the words tell in figures, else the one given; names of zones are too many."""
    found = _ZONE.search(words)
    if found is None:
        return zone
    if not found[1]:
        return timedelta()
    return timedelta(hours=int(found[2]), minutes=int(found[3] or 0)) * (1 if found[1] == "+" else -1)


def _day(words: str) -> tuple[int, int, int] | None:
    if match := _YEAR_FIRST.search(words):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _DAY_FIRST.search(words):
        return int(match[3]), int(match[2]), int(match[1])
    months = numbered("months")
    for match in _DAY_MONTH.finditer(words):
        if month := months.get(match[2].casefold()):
            return int(match[3]), month, int(match[1])
    for match in _MONTH_DAY.finditer(words):
        if month := months.get(match[1].casefold()):
            return int(match[3]), month, int(match[2])
    return None
