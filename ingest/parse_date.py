"""When a mail says it was sent: three readings, because one in a hundred dates is written oddly."""

from __future__ import annotations

import email.utils
import re
from datetime import UTC, datetime

from ingest.parse_address import SecondOpinion
from ingest.parse_headers import Headers
from ingest.parse_words import raw_text

UNREADABLE = "date-unreadable"
FROM_RECEIVED = "date-from-received"
ALL = frozenset({UNREADABLE, FROM_RECEIVED})
MAX_DATE = 200

_ISO_8601 = re.compile(r"\d{4}-\d\d-\d\dT")


def date(headers: Headers, second: SecondOpinion | None, defects: set[str]) -> datetime | None:
    """The sender's claim in UTC: as mail-parser reads it, else more leniently, else the latest Received."""
    if second and second.date and headers.first("date"):
        return _in_utc(second.date)
    written = raw_text(headers.first("date")[:MAX_DATE])
    claimed = _lenient(written)
    if claimed:
        return claimed
    if written:
        defects.add(UNREADABLE)
    received = _lenient(raw_text(headers.first("received")).rpartition(";")[2][:MAX_DATE])
    if received:
        defects.add(FROM_RECEIVED)
    return received


def _in_utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)


def _lenient(text: str) -> datetime | None:
    try:
        if _ISO_8601.match(text):
            return _in_utc(datetime.fromisoformat(text.strip()))
        parts = email.utils.parsedate_tz(text)
        if parts is None:
            return None
        return datetime.fromtimestamp(email.utils.mktime_tz(parts), UTC)
    except (ValueError, OverflowError, OSError, IndexError, TypeError):
        return None
