"""An instant as mail writes it: RFC 5322, the many things that are nearly that, and ISO 8601."""

from __future__ import annotations

import email.utils
import re
from datetime import UTC, datetime

MAX_DATE = 200

_ISO_8601 = re.compile(r"\d{4}-\d\d-\d\dT")


def instant(text: str) -> datetime | None:
    """The instant in UTC, None where it cannot be read; without a zone it counts as UTC."""
    text = text[:MAX_DATE]
    try:
        if _ISO_8601.match(text):
            return in_utc(datetime.fromisoformat(text.strip()))
        parts = email.utils.parsedate_tz(text)
        if parts is None:
            return None
        return datetime.fromtimestamp(email.utils.mktime_tz(parts), UTC)
    except (ValueError, OverflowError, OSError, IndexError, TypeError):
        return None


def in_utc(instant: datetime) -> datetime:
    """The same instant in UTC; one without a zone is taken as UTC."""
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
