"""What every limited child does: streams for frames alone, limits before the first mail, one answer for each letter.

Frames go over standard input and output: first a setup (JSON), answered by an empty object; then one letter after the
other, each answered by one JSON object.
"""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import gc
import json
import logging
import os
import resource
import signal
import time
from collections.abc import Callable, Mapping
from typing import BinaryIO

from ingest.frames import LENGTH, MAX_CONTENT, Letter, frame

LARGE = 1024 * 1024

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38

Handle = Callable[[Letter], Mapping[str, object]]
Begin = Callable[[Mapping[str, object]], Handle]


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: bytes of memory and of one letter, seconds of the processor for each letter, files.

    ``is_alone``: it writes no file, starts no process and, where the system allows to leave it, has no network.
    """

    memory: int
    letter: int = MAX_CONTENT
    cpu_seconds: int = 20
    files: int = 24
    is_alone: bool = True


def serve(begin: Begin, limits: Limits) -> None:
    """Serve until standard input ends.  A handle that raises ends the process: the parent starts another."""
    source, sink = _take_over_streams()
    logging.disable(logging.CRITICAL)  # libraries log what they stumble over, which is mail
    _limit(limits)
    handle = begin(json.loads(_receive(source, MAX_CONTENT) or b"{}"))
    _send(sink, {})
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    while (content := _receive(source, limits.letter)) is not None:
        _allow_time(limits.cpu_seconds)
        _send(sink, handle(Letter.unpacked(content)))
        if len(content) > LARGE:
            del content
            _give_back_memory()


def _take_over_streams() -> tuple[BinaryIO, BinaryIO]:
    """Streams for frames alone: whatever a library prints goes nowhere."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
    return source, sink


def _limit(limits: Limits) -> None:
    os.umask(0o077)
    os.chdir("/")
    most_of = {
        resource.RLIMIT_AS: limits.memory,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: limits.files,
    }
    if limits.is_alone:
        most_of |= {resource.RLIMIT_NPROC: 0, resource.RLIMIT_FSIZE: 0}
    for limit, most in most_of.items():
        with contextlib.suppress(ValueError, OSError):  # a system that lacks one limit keeps the others
            resource.setrlimit(limit, (most, most))
    system = ctypes.CDLL(None)
    with contextlib.suppress(AttributeError):  # Linux
        system.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if limits.is_alone and system.unshare(_CLONE_NEWNET):
            system.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
        # Last, since a change of credentials forgets it: whoever ends the parent, however, has ended the child.
        system.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _allow_time(seconds: int) -> None:
    """Processor time for one more mail; the parent's clock stops it earlier unless the parent is gone."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + seconds, hard))


def _give_back_memory() -> None:
    gc.collect()
    with contextlib.suppress(AttributeError):  # glibc
        ctypes.CDLL(None).malloc_trim(0)


def _receive(source: BinaryIO, most: int) -> bytes | None:
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    content = source.read(length) if length <= most else b""
    return content if len(content) == length else None


def _send(sink: BinaryIO, answer: Mapping[str, object]) -> None:
    content = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    sink.write(frame(content))
    sink.flush()
