"""One line of the doctor: what was looked at, how it stands, and what to do."""

from __future__ import annotations

import dataclasses
from enum import Enum

from policies.errors import ConductError, LockedElsewhere, Unavailable


class State(Enum):
    """How it stands; ``NOTE`` is worth knowing and no fault, ``UNAVAILABLE`` means that nobody can say now."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"
    UNAVAILABLE = "unavailable"


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it stands, and what to do about it; ``hint`` is empty where there is nothing to do."""

    check: str
    state: State
    sentence: str
    hint: str = ""


def ok(check: str, sentence: str) -> Finding:
    """It is as it should be."""
    return Finding(check, State.OK, sentence)


def note(check: str, sentence: str, hint: str = "") -> Finding:
    """Worth knowing."""
    return Finding(check, State.NOTE, sentence, hint)


def problem(check: str, sentence: str, hint: str) -> Finding:
    """Something is wrong."""
    return Finding(check, State.PROBLEM, sentence, hint)


def told(check: str, error: ConductError) -> Finding:
    """What an error says: unavailable where trying again may help, else a problem."""
    is_away = isinstance(error, Unavailable | LockedElsewhere)
    return Finding(check, State.UNAVAILABLE if is_away else State.PROBLEM, error.sentence, error.hint)
