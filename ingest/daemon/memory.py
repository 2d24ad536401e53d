"""Keeping a process of several threads small: one heap for all of them."""

from __future__ import annotations

import contextlib
import ctypes
from typing import Final

#: mallopt(3), M_ARENA_MAX.
_ARENA_MAX: Final = -8


def share_one_heap() -> None:
    """Have every thread use the first one's heap, where the C library is glibc.

    Else each keeps what the largest mail it ever held took, and the service seems to grow for days.
    """
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)
