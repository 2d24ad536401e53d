"""Starting the agent's process, detached from terminal and caller, and bringing it a key."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from ingest.agent.place import Place
from policies.errors import Unavailable

START_SECONDS: Final = 15.0
_ROOT: Final = Path(__file__).resolve().parents[2]


def start(place: Place) -> bool:
    """Start an agent that waits for a key; False where one is there already.

    Raises Unavailable: it does not start.
    """
    process = subprocess.Popen(
        [sys.executable, "-B", "-P", "-m", "ingest.agent"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": str(_ROOT), "PATH": os.defpath, "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
        cwd="/",
        start_new_session=True,
    )
    with process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the agent was started with pipes")
        process.stdin.write(os.fsencode(place.path))
        process.stdin.close()
        ready, _, _ = select.select([process.stdout], [], [], START_SECONDS)
        word = process.stdout.readline() if ready else b""
        if not word:
            process.kill()
    if word not in {b"ready\n", b"taken\n"}:
        raise Unavailable(
            "no-agent", "The key agent does not start.", "Run `python -m ingest.agent </dev/null` to see why."
        )
    return word == b"ready\n"


def session_leader(place: Place) -> int:
    """The process with whose end the key goes: the login at a terminal, where no folder tells of the logout; else 0."""
    leader = os.getsid(0)
    if place.goes_at_logout or leader == os.getpid() or not _has_terminal():
        return 0
    return leader


def _has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC))
    except OSError:
        return False
    return True


def pause() -> None:
    """Wait a moment for another agent that is just coming or going."""
    time.sleep(0.05)
