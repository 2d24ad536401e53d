"""A mail that a program pasted into another one when somebody forwarded it: its header lines and its text."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from policies.blocks import LINE_LIMIT, HeaderBlock, header_block, is_quoted, unquoted
from policies.mail import Address
from policies.words import numbered

_ADDRESS: Final = re.compile(r"(?:mailto:)?([^\s<>@\[\]()\"',;]{1,64}@[^\s<>@\[\]()\"',;]{1,255})")
_YEAR_FIRST: Final = re.compile(r"(?<!\d)(\d{4})(?:-|/|\.|年) ?(\d{1,2})(?:-|/|\.|月) ?(\d{1,2})(?!\d)")
_DAY_FIRST: Final = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
_DAY_MONTH: Final = re.compile(
    r"(?<!\d)(\d{1,2})(?:\.|st|nd|rd|th|er)?,? (?:de )?([^\W\d_]{3,12})\.?,? (?:de )?(\d{4})"
)
_MONTH_DAY: Final = re.compile(r"([^\W\d_]{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_TIME: Final = re.compile(r"(?<!\d)(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?(?:[ \u202f]?([AaPp])\.?[Mm])?(?!\d)")
_ZONE: Final = re.compile(r"(?:GMT|UTC)?([+-])(\d{2}):?(\d{2})(?!\d)|\b(?:GMT|UTC|Z)\b")


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class ForwardBlock:
    """What a forwarded mail says of itself; nothing of it is proved.

    ``from_`` has an empty address where only a name is printed.  ``written`` is the date if it can be read with
    its zone, ``date`` the words.  ``text`` is the forwarded text without the quote signs it was wrapped in, and
    its first line is line ``first_line`` of the mail around it.
    """

    from_: Address
    date: str
    written: datetime | None
    subject: str
    to: str
    text: str
    first_line: int

    def __repr__(self) -> str:
        """Nothing of the mail."""
        return f"ForwardBlock(line {self.first_line})"


def forwarded(text: str) -> ForwardBlock | None:
    """The first mail forwarded within ``text``, or None.

    >>> block = forwarded("fyi\\n> From: Ana <a@example.org>\\n> Date: today\\n> To: me\\n>\\n> Help\\n")
    >>> block.from_.address, block.text, block.first_line
    ('a@example.org', 'Help', 6)
    """
    lines = [line.rstrip("\r") for line in text.split("\n")]
    bare = [unquoted(line) for line in lines]
    for index in range(len(bare)):
        block = header_block(bare, index)
        if block and block.value("from"):
            return _forward(lines, bare, block)
    return None


def _forward(lines: Sequence[str], bare: Sequence[str], block: HeaderBlock) -> ForwardBlock:
    start = block.end
    while start < len(bare) and not bare[start].strip():
        start += 1
    end = start
    # Apple Mail and Thunderbird wrap it in quote signs: then it ends where these end.
    wrapped = is_quoted(lines[block.start])
    while end < len(bare) and (not wrapped or is_quoted(lines[end]) or not lines[end].strip()):
        end += 1
    body = [_one_level_less(line) for line in lines[start:end]] if wrapped else list(bare[start:end])
    date = block.value("date")[:LINE_LIMIT]
    return ForwardBlock(
        from_=_address(block.value("from")),
        date=date,
        written=written_at(date),
        subject=block.value("subject"),
        to=block.value("to"),
        text="\n".join(body if wrapped else lines[start:end]).rstrip(),
        first_line=start + 1,
    )


def _one_level_less(line: str) -> str:
    stripped = line.lstrip(" \t")
    return stripped[1:].removeprefix(" ") if stripped[:1] in {">", "＞"} else line


def _address(value: str) -> Address:
    match = _ADDRESS.search(value[:LINE_LIMIT])
    name = value[: match.start()] if match else value
    return Address(name.strip(" \t<[(*\"'").removesuffix("mailto:").strip(), match[1].rstrip(".:") if match else "")


def written_at(words: str) -> datetime | None:
    """The instant in UTC that a date line names, None unless day, time and zone can be read.

    >>> written_at("18 March 2026 at 19:55:10 GMT")
    datetime.datetime(2026, 3, 18, 19, 55, 10, tzinfo=datetime.timezone.utc)
    >>> written_at("18 March 2026 at 19:55") is None
    True
    """
    words = words[:200]
    day, time, zone = _day(words), _TIME.search(words), _ZONE.search(words)
    if day is None or time is None or zone is None:
        return None
    offset = timedelta()
    if zone[1]:
        offset = timedelta(hours=int(zone[2]), minutes=int(zone[3])) * (1 if zone[1] == "+" else -1)
    hour = int(time[1])
    if time[4]:
        hour = hour % 12 + (12 if time[4] in "pP" else 0)
    try:
        written = datetime(*day, hour, int(time[2]), int(time[3] or 0), tzinfo=timezone(offset))
        return written.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


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
