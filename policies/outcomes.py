"""How a case ends for one subject, apart from the rest of a case for those who need no more."""

from __future__ import annotations

from enum import Enum


class Outcome(Enum):
    """The policy's five types of records ("Flagged and banned status in committee records")."""

    NO_VIOLATION = "no-violation"
    UNIDENTIFIED = "unidentified"
    RESOLVED = "resolved"
    FLAGGED = "flagged"
    BANNED = "banned"
