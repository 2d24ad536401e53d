"""Where the gateway listens: a TCP port, or a UNIX socket in a folder that its owner and one group alone may enter."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ingest.config_sections import socket_of
from ingest.home import check_folder
from policies.errors import Unavailable

#: connect(2) asks for the right to write; who may come so far is for the folder to say.
_SOCKET_MODE: Final = 0o660
_PROBE_SECONDS: Final = 1.0


async def listening(house: Callable[[], asyncio.Protocol], listen: str) -> tuple[asyncio.Server, str]:
    """A server at a place as gateway.listen has it, and that place in words, with the actual port.

    Raises Unavailable: the place cannot be listened on; WrongUsage: a socket's folder is missing or open to everybody.
    """
    loop, path = asyncio.get_running_loop(), socket_of(listen)
    try:
        if path is not None:
            return await loop.create_unix_server(house, sock=_bound(path)), listen
        host, _, port = listen.rpartition(":")
        server = await loop.create_server(house, host.strip("[]"), int(port))
    except OSError as error:
        raise Unavailable("cannot-listen", f"{listen} cannot be listened on: {error.strerror or error}.") from None
    return server, f"{host}:{server.sockets[0].getsockname()[1]}"


def clear_away(listen: str) -> None:
    """Remove the socket, if it is one and nobody listens there."""
    path = socket_of(listen)
    if path is None or not path.is_socket():
        return
    with socket.socket(socket.AF_UNIX) as probe, contextlib.suppress(OSError):
        probe.settimeout(_PROBE_SECONDS)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()


def _bound(path: Path) -> socket.socket:
    check_folder(path.parent)
    clear_away(f"unix:{path}")  # of a gateway that was killed
    found = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        found.bind(str(path))
        path.chmod(_SOCKET_MODE)
        found.listen()  # now, so that another gateway that begins takes it for no dead one
    except BaseException:
        found.close()
        raise
    return found
