"""What the system says of a process, proc(5): its memory in bytes, and its other fields as they stand."""

from __future__ import annotations

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
