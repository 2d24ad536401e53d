"""Telling systemd that the service is ready, alive, or ending (sd_notify(3)): a datagram to the socket it names."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import socket
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True, slots=True)
class Systemd:
    """Where to tell, and how often it wants a sign of life; without a socket nothing is told.

    ``watchdog_seconds`` is None where no sign of life is asked for.
    """

    address: str
    watchdog_seconds: float | None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Systemd:
        """What NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID say; nonsense is as nothing."""
        address = environ.get("NOTIFY_SOCKET", "")
        is_ours = environ.get("WATCHDOG_PID") in {None, "", str(os.getpid())}
        microseconds = environ.get("WATCHDOG_USEC", "")
        wanted = is_ours and microseconds.isascii() and microseconds.isdigit() and int(microseconds) > 0
        return cls(address if address[:1] in {"/", "@"} else "", int(microseconds) / 1e6 if wanted else None)

    def tell(self, *lines: str) -> None:
        """Send lines such as READY=1; whether they arrive changes nothing here."""
        if not self.address:
            return
        # A leading @ stands for the NUL of an abstract socket (unix(7)).
        place = "\0" + self.address[1:] if self.address.startswith("@") else self.address
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.settimeout(1)
            channel.sendto("\n".join(lines).encode(), place)
