"""Keeping a process of several threads small: one heap for all of them, and what is free is given back.

What these calls do is said in mallopt(3) and malloc_trim(3); where the C library is not glibc, they do nothing.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
from typing import Final

#: mallopt(3): M_ARENA_MAX, M_MMAP_THRESHOLD.
_ARENA_MAX: Final = -8
_MMAP_THRESHOLD: Final = -3
#: Blocks from this size on are the system's again as soon as they are free.  Unless it is said, glibc raises it to
#: the size of the largest mail that was ever held.
_LARGE_BYTES: Final = 128 * 1024
#: Objects made and not yet freed between two looks for cycles: fewer than in a command, which ends before they count.
_OBJECTS_BEFORE_A_LOOK: Final = 50_000


def stay_small() -> None:
    """Have every thread use one heap and keep no large block in it; to be called once, when all is imported.

    Else each thread keeps what the largest mail it ever held took, and the service seems to grow for days.
    """
    gc.collect()
    gc.freeze()  # what is there now stays, so that looking for what can go costs little
    gc.set_threshold(_OBJECTS_BEFORE_A_LOOK)
    with contextlib.suppress(AttributeError, OSError):
        library = ctypes.CDLL(None)
        library.mallopt(_ARENA_MAX, 1)
        library.mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)


def give_back() -> None:
    """Free what nobody holds any more, and give the system every free page, also between used ones."""
    gc.collect()
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
