"""Processes seen from outside: their memory in bytes and other fields of proc(5), and waiting for what they do."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path


def status(pid: int) -> dict[str, str]:
    """Every field of its status; empty where the process has gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def memory(pid: int) -> int:
    """What it has in memory now; 0 where the process has gone."""
    return _in_bytes(pid, "VmRSS")


def most_memory(pid: int) -> int:
    """The most it has had in memory since it began its program; 0 where the process has gone."""
    return _in_bytes(pid, "VmHWM")


def _in_bytes(pid: int, field: str) -> int:
    return int(status(pid).get(field, "0 kB").removesuffix(" kB")) * 1024


def eventually(question: Callable[[], bool], seconds: float = 6.0) -> bool:
    """Whether it comes true in time."""
    until = time.monotonic() + seconds
    while not question():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
