"""What the program asks of a mailbox: the Mailbox interface, its values, and batches bounded by bytes.

``ingest.imap`` speaks it over IMAP.  Mail is addressed by (folder, UIDVALIDITY, UID) and nothing here depends on
flags (RFC 9051 section 2.3.1.1).
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Literal, Protocol

Tls = Literal["implicit", "starttls", "none"]

#: What a piece of a large mail measures unless somebody asks for another size.
PIECE_BYTES = 1024 * 1024

#: The flags of RFC 6154 that say what a folder is for, as far as the program cares.
SPECIAL_USES = frozenset({"\\All", "\\Archive", "\\Drafts", "\\Junk", "\\Sent", "\\Trash"})


@dataclasses.dataclass(frozen=True, slots=True)
class ImapSettings:
    """Where the mailbox is and how it is reached; the password is handed over apart.

    ``tls`` "none" is accepted for a loopback host only.  ``ca_file`` is a PEM file of a private authority, which is
    then the only one trusted; without it the system's authorities are.
    """

    host: str
    port: int
    user: str = dataclasses.field(repr=False)
    tls: Tls = "implicit"
    connect_seconds: float = 20.0
    read_seconds: float = 60.0
    ca_file: Path | None = None


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Folder:
    """A folder that can be selected; ``special`` holds its flags out of ``SPECIAL_USES``, empty where none is told."""

    name: str
    special: frozenset[str]

    def __repr__(self) -> str:
        """Nothing of the name: members name folders after people."""
        return f"Folder({', '.join(sorted(self.special))})"


@dataclasses.dataclass(frozen=True, slots=True)
class Selected:
    """What the server says of the folder it opened.

    ``uidnext`` is None where the server does not tell.  ``read_only`` is true where a folder was asked for writing
    and the server gave it for reading only.
    """

    uidvalidity: int
    uidnext: int | None
    exists: int
    permanentflags: frozenset[str]
    read_only: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Overview:
    """A mail's size in bytes as the server tells it, and when it arrived: aware, UTC, None where not told."""

    uid: int
    size: int
    internaldate: datetime | None


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Heading:
    """A mail's Message-ID without angle brackets, empty where it has none, and its size in bytes."""

    uid: int
    message_id: str
    size: int

    def __repr__(self) -> str:
        """Nothing of the Message-ID, which can carry the sender's domain."""
        return f"Heading({self.uid})"


class Deletion(Enum):
    """What came of a wish to delete."""

    DONE = "done"
    NO_UIDPLUS = "the server cannot expunge single mails"
    READ_ONLY = "the folder is read-only"
    REFUSED = "the server refused"


class Mailbox(Protocol):
    """One logged-in connection; used by one thread at a time, save ``abort``.

    Every method may raise ``Unavailable``: "mailbox-gone" when the connection broke (connect anew; whatever was not
    handed over is to be asked for again), "mailbox-refused" when the server said no to something that should work,
    "mailbox-nonsense" when its answer cannot be understood.  After any of them but "mailbox-refused" the connection
    is of no further use.  Text that holds CR, LF or NUL is never sent: ``WrongUsage("unsafe-argument")``.

    Methods below ``select`` speak of the folder selected last.  The iterators ask as they are read; selecting
    another folder while one is still being read is a fault of the caller and raises RuntimeError.
    """

    def capabilities(self) -> frozenset[str]:
        """The server's capabilities after login, upper case.  May be asked again at will."""
        ...

    def folders(self) -> tuple[Folder, ...]:
        """Every folder that can be selected, as named on the server.  May be repeated."""
        ...

    def select(self, folder: str, *, readonly: bool = True) -> Selected:
        """Open a folder; afterwards UIDs are those of ``uidvalidity``.  May be repeated.

        Raises ``Unavailable("no-such-folder")`` when it is absent or not open to this user; then no folder is open.
        """
        ...

    def new_uids(self, after_uid: int) -> list[int]:
        """The UIDs above ``after_uid``, ascending; empty where there is none.  May be repeated."""
        ...

    def all_uids(self) -> list[int]:
        """Every UID of the folder, ascending.  May be repeated."""
        ...

    def overview(self, uids: Sequence[int]) -> dict[int, Overview | None]:
        """Size and arrival of each mail asked for; None for those that are gone.  May be repeated."""
        ...

    def fetch_whole(self, uids: Sequence[int]) -> Iterator[tuple[int, bytes | None]]:
        """Each mail asked for with its exact bytes, in the order asked; None for those that are gone.

        All are held in memory at once: hand in what ``batches`` makes.  No flag changes.  May be repeated.
        """
        ...

    def fetch_pieces(self, uid: int, size: int, piece: int = PIECE_BYTES) -> Iterator[bytes]:
        """The exact bytes of one mail, piece by piece, so that it never lies whole in memory.

        ``size`` is what the overview told; the pieces end where the server says the mail ends.  No flag changes.
        Raises ``Unavailable("mail-gone")`` when the mail vanishes before or between pieces: drop what came.
        May be repeated from the start.
        """
        ...

    def message_ids(self, uids: Sequence[int]) -> Iterator[Heading]:
        """Message-ID and size of each mail that is still there, in the order asked.  No flag changes."""
        ...

    def delete(self, uids: Sequence[int]) -> Deletion:
        """Mark these mails deleted and expunge them and no others (RFC 4315 section 2.1); gone ones count as done.

        Without UIDPLUS nothing is touched: a bare EXPUNGE destroys what others have marked.  May be repeated; any
        answer but DONE means that some or all are still there.  The folder must be selected with readonly false.
        """
        ...

    def mark(self, uids: Sequence[int], *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """Add and remove flags or keywords; gone mails are passed over.  May be repeated.

        A keyword is kept only where the folder's ``permanentflags`` have ``\\*``, or that very word.  The folder must
        be selected with readonly false.
        """
        ...

    def append(self, folder: str, content: bytes, internaldate: datetime, flags: Sequence[str] = ()) -> int | None:
        """Put a mail into a folder, with line ends as CRLF; its UID where the server tells (UIDPLUS).

        Not to be repeated after "mailbox-gone" without a look: it may have arrived.
        """
        ...

    def noop(self) -> None:
        """Ask for a sign of life."""
        ...

    def idle(self, stop: threading.Event, seconds: float) -> bool:
        """Wait until the server tells something of the folder, ``seconds`` at most; whether it did (RFC 2177).

        What it tells may be of no interest, and is never the whole truth: search afterwards.  Ask only where the
        capabilities name IDLE.  Returns within about a second when ``stop`` is set.
        """
        ...

    def abort(self) -> None:
        """Cut the connection: who waits for it gets "mailbox-gone" at once.  For any thread; may be repeated."""
        ...

    def close(self) -> None:
        """Log out and drop the connection, quietly, whatever its state.  May be repeated."""
        ...


def batches(
    overviews: Iterable[Overview], max_bytes: int = 4 * 1024 * 1024, max_count: int = 100
) -> Iterator[list[Overview]]:
    """Mails in their order, in lists of at most ``max_count`` and ``max_bytes``; a larger mail stands alone.

    >>> sizes = [Overview(uid, size, None) for uid, size in enumerate([3, 3, 9, 1, 1])]
    >>> [[one.size for one in batch] for batch in batches(sizes, max_bytes=6, max_count=2)]
    [[3, 3], [9], [1, 1]]
    """
    batch: list[Overview] = []
    held = 0
    for one in overviews:
        if batch and (held + one.size > max_bytes or len(batch) == max_count):
            yield batch
            batch, held = [], 0
        batch.append(one)
        held += one.size
    if batch:
        yield batch
