"""Which user is at the other end of a local socket."""

from __future__ import annotations

import socket
import struct
from typing import Final

_UCRED: Final = struct.Struct("3i")  # pid, uid, gid (unix(7))


def uid_of_peer(connection: socket.socket) -> int | None:
    """The user's number; None where the system does not tell, and then nobody is to be trusted."""
    try:
        if hasattr(socket, "SO_PEERCRED"):
            _, uid, _ = _UCRED.unpack(connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size))
            return int(uid)
        return _by_getpeereid(connection.fileno())
    except (AttributeError, OSError, struct.error):
        return None


def _by_getpeereid(handle: int) -> int | None:
    """As the BSDs and macOS tell (getpeereid(3))."""
    import ctypes

    uid, gid = ctypes.c_uint32(), ctypes.c_uint32()
    failed = ctypes.CDLL(None).getpeereid(handle, ctypes.byref(uid), ctypes.byref(gid))
    return None if failed else uid.value
