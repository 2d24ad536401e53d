"""One poller per mailbox, one service per home: a lock of the system on a file, which says who holds it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pwd
import socket
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from policies.errors import LockedElsewhere, WrongUsage

_MOST_BYTES = 4096
_MODE = 0o660


@contextlib.contextmanager
def mailbox_lock(path: Path, since: datetime) -> Iterator[None]:
    """Hold the lock for the length of the block; ``since`` is the present instant, aware.

    The system lets go of it when the process ends, however it ends, so what a crash left in the file blocks nobody.
    Who starts children that outlive the block must not let them inherit files (spawn, not fork).  Raises
    ``LockedElsewhere`` with the holder's process, user and host, and ``WrongUsage`` where the file cannot be used.
    """
    refusal = "mailbox-locked", "This mailbox is being read by", "Try again when it is done."
    with _held(path, since, refusal):
        yield


@contextlib.contextmanager
def service_lock(path: Path, since: datetime) -> Iterator[None]:
    """As ``mailbox_lock``, for the one service of a home, which holds it as long as it runs."""
    with _held(path, since, ("service-runs", "The service of this home runs already, as", "One is enough.")):
        yield


@contextlib.contextmanager
def _held(path: Path, since: datetime, refusal: tuple[str, str, str]) -> Iterator[None]:
    """The lock; ``refusal`` is the error's code, the beginning of its sentence, and its hint."""
    descriptor = _open(path)
    code, beginning, hint = refusal
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedElsewhere(code, f"{beginning} {_holder(descriptor)}.", hint) from None
        _write(descriptor, _who(since))
        yield
        _write(descriptor, b"")
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    """Open without following a link and without emptying what the holder wrote; the group may lock as well."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, _MODE)
    except OSError:
        raise WrongUsage("lock-file", f"The lock {path} cannot be opened.", "Check its owner and its mode.") from None
    about = os.fstat(descriptor)
    if not stat.S_ISREG(about.st_mode):
        os.close(descriptor)
        raise WrongUsage("lock-file", f"The lock {path} is not a file.", "Remove it.")
    if about.st_uid == os.geteuid() and stat.S_IMODE(about.st_mode) != _MODE:
        os.fchmod(descriptor, _MODE)  # past the umask: the home is shared by a group
    return descriptor


def _who(since: datetime) -> bytes:
    about = {"pid": os.getpid(), "user": _user(), "host": socket.gethostname(), "since": f"{since:%Y-%m-%dT%H:%M:%S%z}"}
    return json.dumps(about).encode()


def _user() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def _write(descriptor: int, content: bytes) -> None:
    """What the file says is a courtesy: on a full disk the lock holds all the same."""
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, content, 0)


def _holder(descriptor: int) -> str:
    """The holder in words; whatever a crash or a stranger left in the file comes out short and printable."""
    try:
        about = json.loads(os.pread(descriptor, _MOST_BYTES, 0))
        told = [_plain(about[key]) for key in ("pid", "user", "host", "since")]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return "another process"
    return "process {} of {} on {}, since {}".format(*told)


def _plain(value: object) -> str:
    return "".join(sign if sign.isascii() and sign.isprintable() else "?" for sign in str(value))[:64]
