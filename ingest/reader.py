"""The limited child that reads mail: ``python -m ingest.reader``, started by ``ingest.worker`` and nobody else.

Hostile text is parsed here, where it can do little: memory, processor time, files and processes are limited, there
is no network where the system allows to leave it, no secret in the environment, and no key in reach.  Frames go
over standard input and output: first a setup (JSON), answered by an empty object; then one letter after the other,
each answered by one JSON object.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import logging
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Mapping
from typing import BinaryIO

from ingest.frames import LENGTH, MAX_CONTENT, Letter, frame
from ingest.parse import parse
from policies import intake, plain
from policies.mail import MailId

MAX_MEMORY = 512 * 1024 * 1024
MAX_CPU_SECONDS = 20
MAX_FILES = 24
LARGE = 1024 * 1024

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38

Handle = Callable[[Letter], Mapping[str, object]]
Begin = Callable[[Mapping[str, object]], Handle]


def begin(setup: Mapping[str, object]) -> Handle:
    """What to do with each mail; ``setup`` is the roster, which the parent sent first."""
    roster = plain.roster_from_plain(setup)

    def handle(letter: Letter) -> Mapping[str, object]:
        message = parse(letter.trimmed, is_cut=letter.is_cut)
        found = intake.read(message, roster, MailId(letter.mail_id))
        return {"message": plain.message_to_plain(message), "intake": plain.intake_to_plain(found)}

    return handle


def main(begin: Begin) -> None:
    """Serve until standard input ends.  A handle that raises ends the process: the parent starts another."""
    source, sink = _take_over_streams()
    logging.disable(logging.CRITICAL)  # libraries log what they stumble over, which is mail
    _limit()
    handle = begin(json.loads(_receive(source) or b"{}"))
    _send(sink, {})
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    while (content := _receive(source)) is not None:
        _allow_time()
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


def _limit() -> None:
    os.umask(0o077)
    os.chdir("/")
    limits = {
        resource.RLIMIT_AS: MAX_MEMORY,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: MAX_FILES,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_FSIZE: 0,
    }
    for limit, most in limits.items():
        with contextlib.suppress(ValueError, OSError):  # a system that lacks one limit keeps the others
            resource.setrlimit(limit, (most, most))
    system = ctypes.CDLL(None)
    with contextlib.suppress(AttributeError):  # Linux
        system.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if system.unshare(_CLONE_NEWNET):
            system.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
        # Last, since a change of credentials forgets it: whoever ends the parent, however, has ended the child.
        system.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _allow_time() -> None:
    """Processor time for one more mail; the parent's clock stops it earlier unless the parent is gone."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + MAX_CPU_SECONDS, hard))


def _give_back_memory() -> None:
    gc.collect()
    with contextlib.suppress(AttributeError):  # glibc
        ctypes.CDLL(None).malloc_trim(0)


def _receive(source: BinaryIO) -> bytes | None:
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    content = source.read(length) if length <= MAX_CONTENT else b""
    return content if len(content) == length else None


def _send(sink: BinaryIO, answer: Mapping[str, object]) -> None:
    content = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    sink.write(frame(content))
    sink.flush()


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main(begin)
    sys.exit(0)
