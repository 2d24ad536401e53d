"""When a mail says it was sent: three readings, because one in a hundred dates is written oddly."""

from __future__ import annotations

from datetime import datetime

from ingest.parse_address import SecondOpinion
from ingest.parse_headers import Headers
from ingest.parse_instant import MAX_DATE, in_utc, instant
from ingest.parse_words import raw_text

UNREADABLE = "date-unreadable"
FROM_RECEIVED = "date-from-received"
ALL = frozenset({UNREADABLE, FROM_RECEIVED})


def date(headers: Headers, second: SecondOpinion | None, defects: set[str]) -> datetime | None:
    """The sender's claim in UTC: as mail-parser reads it, else more leniently, else the latest Received."""
    if second and second.date and headers.first("date"):
        return in_utc(second.date)
    written = raw_text(headers.first("date")[:MAX_DATE])
    claimed = instant(written)
    if claimed:
        return claimed
    if written:
        defects.add(UNREADABLE)
    received = instant(raw_text(headers.first("received")).rpartition(";")[2])
    if received:
        defects.add(FROM_RECEIVED)
    return received
