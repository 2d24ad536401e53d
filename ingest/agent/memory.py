"""A page of memory for a secret: not swapped, not dumped, not inherited, as far as the system allows; then zeroed."""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import resource
from typing import Final

_PR_SET_DUMPABLE: Final = 4  # prctl(2)


class SecretPage:
    """Room for a few bytes.  ``is_locked`` says whether the system promised not to swap them out."""

    def __init__(self) -> None:
        self._page = mmap.mmap(-1, mmap.PAGESIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        for name in ("MADV_DONTDUMP", "MADV_DONTFORK"):  # Linux has them
            with contextlib.suppress(AttributeError, OSError):
                self._page.madvise(getattr(mmap, name))
        self.is_locked = self._lock()

    def __repr__(self) -> str:
        """Never what is in it."""
        return f"SecretPage(is_locked={self.is_locked})"

    def keep(self, secret: bytes | bytearray | memoryview) -> None:
        """Put a secret in place of what was there."""
        self.wipe()
        memoryview(self._page)[: len(secret)] = secret

    def view(self, size: int) -> memoryview:
        """The first bytes themselves, no copy; to be released before the next act."""
        return memoryview(self._page)[:size]

    def wipe(self) -> None:
        """Zero it."""
        self._page[:] = bytes(mmap.PAGESIZE)

    @property
    def is_empty(self) -> bool:
        """Whether it is all zeros."""
        return not any(self._page[:])

    def _lock(self) -> bool:
        try:
            start = ctypes.addressof(ctypes.c_char.from_buffer(self._page))
            return bool(_libc().mlock(ctypes.c_void_p(start), ctypes.c_size_t(mmap.PAGESIZE)) == 0)
        except (AttributeError, OSError):  # a system without it
            return False


def refuse_dumps() -> None:
    """No core file of this process, and no look into its memory by others of the same user (prctl(2))."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(AttributeError, OSError):
        _libc().prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
