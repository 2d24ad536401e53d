"""Where an agent's socket lies, and the looks that make sure that nobody else has put it there.

In the folder that a login gives each user ($XDG_RUNTIME_DIR, which the system empties at logout; XDG Base Directory
Specification), else in the user's own configuration directory.  Never in a folder that others can write to: whoever
came first could stand in our place there.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from ingest.home import Home, user_identity
from policies.errors import WrongUsage
from policies.values import value

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_LONGEST: Final = 100  # sun_path has 104 bytes at least (unix(7))


@value
class Place:
    """One agent's folder and the name of its socket in it; an agent serves one identity in one home.

    ``goes_at_logout`` says whether the system removes the folder when the user logs out.
    """

    folder: Path
    name: str
    goes_at_logout: bool

    @property
    def path(self) -> Path:
        """The socket."""
        return self.folder / self.name

    @contextlib.contextmanager
    def opened(self) -> Iterator[str | None]:
        """An address to connect to, for the block; None where there is no socket.

        Raises WrongUsage: folder or socket belong to somebody else, are open to others, or are no such thing.
        """
        handle = open_folder(self.folder)
        if handle is None:
            yield None
            return
        try:
            yield self._address(handle) if self.is_there(handle) else None
        finally:
            os.close(handle)

    def is_there(self, folder: int) -> bool:
        """Whether the socket lies in the opened folder.  Raises WrongUsage as ``opened`` does."""
        try:
            about = os.stat(self.name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            return False
        if not stat.S_ISSOCK(about.st_mode):
            raise _hostile(self.path, "is no socket")
        _refuse_strangers(self.path, about)
        return True

    def _address(self, folder: int) -> str:
        if len(os.fsencode(self.path)) <= _LONGEST:
            return str(self.path)
        return f"/proc/self/fd/{folder}/{self.name}"


def place_of(home: Home, identity: Path, environ: Mapping[str, str]) -> Place:
    """Where the agent for an identity in a home listens, however the two are written."""
    paths = b"\0".join(os.path.realpath(os.fsencode(path)) for path in (home.root, identity))
    name = f"{hashlib.sha256(paths).hexdigest()[:16]}.sock"
    runtime = _runtime_folder(environ)
    if runtime is not None:
        return Place(runtime / "conduct", name, goes_at_logout=True)
    return Place(user_identity().parent / "agent", name, goes_at_logout=False)


def _runtime_folder(environ: Mapping[str, str]) -> Path | None:
    # A program that a service starts may lack the variable, and mean the same folder.
    for named in (environ.get("XDG_RUNTIME_DIR", ""), f"/run/user/{os.geteuid()}"):
        path = Path(named)
        with contextlib.suppress(OSError):
            about = path.lstat()
            if path.is_absolute() and stat.S_ISDIR(about.st_mode) and _is_ours_alone(about):
                return path
    return None


def open_folder(path: Path) -> int | None:
    """A handle of an agent's folder; None where there is none.  Raises WrongUsage: it is not ours alone."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        wrong = "is a link or no folder" if error.errno in {errno.ELOOP, errno.ENOTDIR} else "cannot be opened"
        raise _hostile(path, wrong) from None
    try:
        _refuse_strangers(path, os.fstat(handle))
    except WrongUsage:
        os.close(handle)
        raise
    return handle


def make_folder(path: Path) -> int:
    """A handle of an agent's folder, made where there is none.  Raises WrongUsage as ``open_folder``."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _hostile(path, f"cannot be made ({error.strerror})") from None
    handle = open_folder(path)
    if handle is None:
        raise _hostile(path, "has gone")
    return handle


def take_turn(folder: int, name: str) -> int | None:
    """A lock that an agent keeps while it lives, None where another has it: who has it may clear away the socket."""
    handle = os.open(f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def clear_away(place: Place) -> None:
    """Remove the socket of an agent that is dead; one that lives is let be.  Raises WrongUsage as ``open_folder``."""
    folder = open_folder(place.folder)
    if folder is None:
        return
    try:
        turn = take_turn(folder, place.name)
        if turn is not None:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(place.name, dir_fd=folder)
            os.close(turn)
    finally:
        os.close(folder)


def _is_ours_alone(about: os.stat_result) -> bool:
    return about.st_uid == os.geteuid() and not stat.S_IMODE(about.st_mode) & _OTHERS


def _refuse_strangers(path: Path, about: os.stat_result) -> None:
    if about.st_uid != os.geteuid():
        raise _hostile(path, "belongs to somebody else")
    if not _is_ours_alone(about):
        raise _hostile(path, f"is open to others (mode {stat.S_IMODE(about.st_mode):04o})")


def _hostile(path: Path, what: str) -> WrongUsage:
    return WrongUsage(
        "hostile-agent", f"{path} {what}; the key agent is not asked.", "Remove it, then: conduct unlock."
    )
