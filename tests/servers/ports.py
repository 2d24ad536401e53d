"""Free loopback ports, waiting for a server, and what happens when a server is not installed."""

from __future__ import annotations

import os
import socket
import time
from typing import NoReturn

import pytest

PATIENCE_SECONDS = 20.0


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_greeting(port: int) -> None:
    """Until something on the port says its first bytes."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
                if connection.recv(1):
                    return
        except OSError:
            pass
        if time.monotonic() > deadline:
            raise RuntimeError(f"nothing answers on port {port}")
        time.sleep(0.02)


def not_installed(what: str) -> NoReturn:
    """Skip the test; fail it where CONDUCT_REQUIRE_SERVERS=1 says that the server must be there."""
    if os.environ.get("CONDUCT_REQUIRE_SERVERS") == "1":
        pytest.fail(f"{what} is not installed, and CONDUCT_REQUIRE_SERVERS=1")
    pytest.skip(f"{what} is not installed")
