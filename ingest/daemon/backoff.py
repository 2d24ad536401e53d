"""How long to wait before the next attempt: longer each time, never the same for two services, up to a ceiling."""

from __future__ import annotations

import dataclasses
from typing import Final

from policies.errors import ConductError, LockedElsewhere, WrongUsage


@dataclasses.dataclass(frozen=True, slots=True)
class Pace:
    """Seconds before the first new attempt, and the most before any."""

    first: float
    most: float

    def delay(self, failures: int, chance: float) -> float:
        """Seconds until the attempt after so many ``failures`` (from 1), by a ``chance`` from 0 to 1.

        Between half and the whole of a doubling time, so that many services do not come back at once.

        >>> [Pace(2, 120).delay(failures, 1.0) for failures in (1, 2, 3, 9, 10_000)]
        [2.0, 4.0, 8.0, 120.0, 120.0]
        """
        doubled = min(self.most, self.first * 2.0 ** min(failures - 1, 64))
        return doubled * (0.5 + chance / 2)


#: A server, a network or a disk comes back some time.
USUAL: Final = Pace(2, 120)
#: Somebody else is at work in the store or the mailbox, and will be done soon.
BUSY: Final = Pace(2, 30)
#: A person must do something first; servers lock accounts that are tried too often (RFC 5530, AUTHENTICATIONFAILED).
SLOW: Final = Pace(300, 3600)
_NEEDS_A_PERSON: Final = frozenset({"login-refused", "token-refused", "certificate", "secret-command", "corrupt-store",
                                    "newer-store", "no-store"})  # fmt: skip


def pace_after(error: BaseException) -> Pace:
    """How quickly to try again after this error."""
    if isinstance(error, LockedElsewhere):
        return BUSY
    if isinstance(error, WrongUsage) or (isinstance(error, ConductError) and error.code in _NEEDS_A_PERSON):
        return SLOW
    return USUAL
