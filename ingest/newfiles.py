"""New files and folders that come about together or not at all; nothing that was there before is ever touched."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from ingest.home import write_secret
from policies.errors import WrongUsage

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
_SQLITE_COMPANIONS = ("", "-journal", "-wal", "-shm")


class NewFiles:
    """What was made so far, in order."""

    def __init__(self) -> None:
        self._made: list[Path] = []

    def note(self, *paths: Path) -> None:
        """Paths that somebody else is about to make; those that exist already are not ours to remove."""
        self._made += [path for path in paths if not os.path.lexists(path)]

    def parents(self, path: Path, mode: int = 0o700) -> None:
        """Make the folders above a path that are missing."""
        missing = [folder for folder in path.parents if not os.path.lexists(folder)]
        for folder in reversed(missing):
            with _told(folder):
                folder.mkdir(mode=0o700)
                self._made.append(folder)
                folder.chmod(mode)

    def secret(self, path: Path, secret: bytes) -> None:
        """Write a file for its owner alone, with the folders above it.  Raises WrongUsage where there is one."""
        self.parents(path)
        with _told(path):
            write_secret(path, secret)
        self._made.append(path)

    def file(self, path: Path, content: bytes = b"") -> None:
        """Write a file as closed as the home is.  Raises WrongUsage where there is one."""
        with _told(path):
            # 0666 less the umask: SQLite by itself would leave the group of a shared home without writing.
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666)
            self._made += [path.with_name(path.name + companion) for companion in _SQLITE_COMPANIONS]
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())

    def remove(self) -> None:
        """Take everything away again, last first; a folder that holds something else stays."""
        for path in reversed(self._made):
            with contextlib.suppress(OSError):
                if path.is_dir() and not path.is_symlink():
                    path.rmdir()
                else:
                    path.unlink(missing_ok=True)


@contextlib.contextmanager
def new_files() -> Iterator[NewFiles]:
    """Files to be made inside; whatever is raised, an interruption included, they are removed again."""
    made = NewFiles()
    try:
        yield made
    except BaseException:
        made.remove()
        raise


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise WrongUsage(
            "file-exists", f"{path} is there already, and was left as it is.", "Name another place."
        ) from None
    except OSError as error:
        if error.errno in _DISK_FULL:
            raise
        raise WrongUsage("cannot-write", f"{path} cannot be made: {error.strerror}.", "Name another place.") from None
