"""What the check behind a door comes to, as a value that a door can say and a child process can send."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from enum import Enum
from typing import Any, Final


class Ruling(Enum):
    """What becomes of a mail."""

    UNTOUCHED = "untouched"  # not the committee's: it was not read any further
    PASSED = "passed"
    WITHOUT_CASE = "without-case"  # nobody's key: the rules that need no case found no error
    WARNED = "warned"  # could not be checked, and conduct.toml lets it pass (outgoing.unchecked)
    REFUSED = "refused"
    UNCHECKED = "unchecked"  # could not be checked, so it does not leave


LEAVING: Final = frozenset({Ruling.UNTOUCHED, Ruling.PASSED, Ruling.WITHOUT_CASE, Ruling.WARNED})


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Judged:
    """A ruling, and what a door may say of it.

    ``errors``, ``warnings`` and ``mendable`` are numbers of findings; ``rules`` those that found errors, each once.
    ``code`` is what the findings are kept under, empty where they are not.  ``report`` are lines for members' eyes,
    protected names blacked out; ``cases`` the code names of the cases that the mail may belong to.  ``trouble`` says
    in a sentence why nothing could be checked where that was a mishap, or why the mail was refused unchecked;
    ``is_of_mail``: it was this very mail that broke the check, so another try is no use.  ``is_closed``: it belongs to
    what is closed to the member whose key is unlocked.
    """

    ruling: Ruling
    errors: int = 0
    warnings: int = 0
    mendable: int = 0
    rules: tuple[str, ...] = ()
    code: str = ""
    report: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    trouble: str = ""
    is_of_mail: bool = False
    is_closed: bool = False

    def __repr__(self) -> str:
        """The ruling alone."""
        return f"Judged({self.ruling.value})"

    @property
    def leaves(self) -> bool:
        """Whether the mail may go on its way."""
        return self.ruling in LEAVING


def to_plain(judged: Judged) -> dict[str, Any]:
    """For JSON."""
    return {**dataclasses.asdict(judged), "ruling": judged.ruling.value}


def from_plain(value: Mapping[str, Any]) -> Judged:
    """From JSON.  Raises ValueError, KeyError or TypeError for what ``to_plain`` did not make."""
    lists = {name: tuple(str(one) for one in value[name]) for name in ("rules", "report", "cases")}
    numbers = {name: int(value[name]) for name in ("errors", "warnings", "mendable")}
    words = {name: str(value[name]) for name in ("code", "trouble")}
    flags = {name: value[name] is True for name in ("is_of_mail", "is_closed")}
    return Judged(Ruling(value["ruling"]), **lists, **numbers, **words, **flags)  # type: ignore[arg-type]
