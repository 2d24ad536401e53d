"""The mailbox over IMAP: Mailbox spoken through imapclient, which this file and ``imap_login`` alone know.

Nothing here changes a flag, save ``delete``.  The library's own words (an answer of the server, a token of a mail)
never get into an error: they can hold what a mail said, or the password.
"""

from __future__ import annotations

import contextlib
import functools
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

import imapclient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, IMAPClientReadOnlyError, ProtocolError

from ingest import imap_answers, imap_safety
from ingest.imap_answers import Answer
from ingest.imap_login import NONSENSE, drop, logged_in
from ingest.mailbox import PIECE_BYTES, Deletion, Folder, Heading, ImapSettings, Mailbox, Overview, Selected
from policies.errors import Unavailable

#: UIDs in one answer to SEARCH: imaplib gives up on a line of more than a million bytes.
_SEARCH_WINDOW = 80_000
_GOODBYE_SECONDS = 2.0
_OVERVIEW = ("INTERNALDATE", "RFC822.SIZE")
# Its beginning only: a Message-ID is a line, and a sender may write what she likes into hers.
_HEADING = ("RFC822.SIZE", "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]<0.2048>")
#: Between two looks at whether waiting is to end.
_LISTEN_SECONDS = 1.0

_T = TypeVar("_T")


def connect(settings: ImapSettings, secret: str, *, is_token: bool = False) -> Mailbox:
    """Log in to the mailbox by a password or an access token; the certificate is always verified.

    Raises ``WrongUsage`` ("tls-none", "unsafe-argument", "ca-file", "no-oauth") for settings that cannot be used and
    ``Unavailable`` ("mailbox-unreachable", "no-tls", "certificate", "login-refused", "token-refused") for a server
    that cannot.
    """
    return ImapMailbox(logged_in(settings, secret, is_token=is_token))


class ImapMailbox:
    """``Mailbox`` over one IMAP connection; made by ``connect``."""

    def __init__(self, client: imapclient.IMAPClient) -> None:
        self._client = client
        self._selected: Selected | None = None
        self._selection = 0  # counts what was selected, so that an iterator notices when its folder is left
        self._writable = False

    def capabilities(self) -> frozenset[str]:
        """See ``Mailbox``."""
        told = self._ask("telling what it can", self._client.capabilities)
        return frozenset(imap_answers.text(name).upper() for name in told)

    def folders(self) -> tuple[Folder, ...]:
        """See ``Mailbox``."""
        return self._ask(
            "listing the folders", lambda: tuple(imap_answers.selectable_folders(self._client.list_folders()))
        )

    def select(self, folder: str, *, readonly: bool = True) -> Selected:
        """See ``Mailbox``."""
        name = imap_safety.sendable(folder)
        self._selection += 1
        self._selected = None
        try:
            selected = self._ask("opening a folder", lambda: self._open(name, readonly=readonly))
        except Unavailable as error:
            if error.code != "mailbox-refused":
                raise
            raise Unavailable(
                "no-such-folder", "The mail server has no such folder, or does not open it.",
                "Compare the folders in the configuration with those on the server.",
            ) from None  # fmt: skip
        self._selected, self._writable = selected, not readonly and not selected.read_only
        return selected

    def _open(self, name: str, *, readonly: bool) -> Selected:
        try:
            return imap_answers.selected(self._client.select_folder(name, readonly=readonly), read_only=False)
        except IMAPClientReadOnlyError:
            # imaplib now refuses every command until the folder is opened as what it is.
            return imap_answers.selected(self._client.select_folder(name, readonly=True), read_only=True)

    def new_uids(self, after_uid: int) -> list[int]:
        """See ``Mailbox``."""
        found: set[int] = set()
        for window in self._windows(after_uid + 1):
            found.update(self._search(window))
        return sorted(uid for uid in found if uid > after_uid)  # n:* names the last mail even when it is below n

    def all_uids(self) -> list[int]:
        """See ``Mailbox``."""
        return self.new_uids(0)

    def _windows(self, first: int) -> Iterator[str]:
        """UID ranges whose answers are short enough; the last is open, for what arrives meanwhile."""
        selected = self._selected
        if selected and selected.uidnext and selected.exists > _SEARCH_WINDOW:
            while selected.uidnext - first > _SEARCH_WINDOW:
                yield f"{first}:{first + _SEARCH_WINDOW - 1}"
                first += _SEARCH_WINDOW
        yield f"{first}:*"

    def _search(self, uid_set: str) -> list[int]:
        self._stay(self._selection)
        return self._ask("searching", lambda: [int(uid) for uid in self._client.search(["UID", uid_set])])

    def overview(self, uids: Sequence[int]) -> dict[int, Overview | None]:
        """See ``Mailbox``."""
        return dict(self._fetch_all(self._selection, uids, _OVERVIEW, imap_answers.overview))

    def fetch_whole(self, uids: Sequence[int]) -> Iterator[tuple[int, bytes | None]]:
        """See ``Mailbox``."""
        return self._fetch_all(self._selection, uids, ("BODY.PEEK[]",), lambda _, answer: imap_answers.section(answer))

    def message_ids(self, uids: Sequence[int]) -> Iterator[Heading]:
        """See ``Mailbox``."""
        found = self._fetch_all(self._selection, uids, _HEADING, imap_answers.heading)
        return (heading for _, heading in found if heading is not None)

    def fetch_pieces(self, uid: int, size: int, piece: int = PIECE_BYTES) -> Iterator[bytes]:
        """See ``Mailbox``."""
        return self._pieces(self._selection, uid, size, piece)

    def _pieces(self, selection: int, uid: int, size: int, piece: int) -> Iterator[bytes]:
        offset = 0
        while True:
            part = self._piece(selection, uid, offset, piece)
            if len(part) > piece or offset > 2 * size + piece:  # a server that never ends a mail
                raise self._nonsense("fetching mail")
            if part:
                yield part
            offset += len(part)
            if not part or (len(part) < piece and offset >= size):
                return

    def _piece(self, selection: int, uid: int, offset: int, piece: int) -> bytes:
        item = f"BODY.PEEK[]<{offset}.{piece}>"
        [(_, part)] = self._fetch_all(selection, [uid], (item,), lambda _, answer: imap_answers.section(answer, offset))
        if part is None:
            raise Unavailable("mail-gone", "A mail vanished from the mailbox while it was fetched.", imap_safety.AGAIN)
        return part

    def _fetch_all(
        self, selection: int, uids: Sequence[int], items: Sequence[str], read: Callable[[int, Answer], _T | None]
    ) -> Iterator[tuple[int, _T | None]]:
        """What ``read`` makes of each mail, in the order asked; None for the gone.

        A mail that is there but not handed over is left out, and at the end refused, so that it stops no other.
        """
        withheld = 0
        for chunk in imap_safety.uid_chunks(uids):
            self._stay(selection)
            values = self._fetch(chunk, items, read)
            missing = [uid for uid in chunk if uid not in values]
            there = self._still_there(missing)
            withheld += len(there)
            for uid in chunk:
                if uid not in there:
                    yield uid, values.pop(uid, None)
        if withheld:
            raise Unavailable(
                "mailbox-refused",
                f"The mail server does not hand over {withheld} of the mails it has.",
                imap_safety.AGAIN,
            )

    def _fetch(
        self, uids: Sequence[int], items: Sequence[str], read: Callable[[int, Answer], _T | None]
    ) -> dict[int, _T]:
        def fetched() -> dict[int, _T]:
            answers = self._client.fetch(uids, items)
            values = ((uid, read(uid, answers[uid])) for uid in uids if uid in answers)
            return {uid: value for uid, value in values if value is not None}

        try:
            return self._ask("fetching mail", fetched)
        except Unavailable as error:
            if error.code != "mailbox-refused":
                raise
        if len(uids) == 1:
            return {}
        # NO may be about one of them that went meanwhile (RFC 5530, EXPUNGEISSUED): each for itself.
        return {uid: value for one in uids for uid, value in self._fetch([one], items, read).items()}

    def _still_there(self, uids: Sequence[int]) -> frozenset[int]:
        if not uids:
            return frozenset()
        self.noop()  # lets the server tell this connection what others expunged
        return frozenset(
            uid for chunk in imap_safety.uid_chunks(uids) for uid in self._search(",".join(map(str, chunk)))
        ) & frozenset(uids)

    def _stay(self, selection: int) -> None:
        if self._selected is None or selection != self._selection:
            raise RuntimeError("the folder whose mail is asked for is not the one that is open")

    def delete(self, uids: Sequence[int]) -> Deletion:
        """See ``Mailbox``."""
        self._stay(self._selection)
        if not self._writable:
            return Deletion.READ_ONLY
        if "UIDPLUS" not in self.capabilities():
            return Deletion.NO_UIDPLUS
        try:
            for chunk in imap_safety.uid_chunks(uids):
                self._ask("deleting mail", functools.partial(self._expunge, chunk))
        except Unavailable as error:
            if error.code != "mailbox-refused":
                raise
        return Deletion.REFUSED if self._still_there(uids) else Deletion.DONE

    def _expunge(self, uids: Sequence[int]) -> None:
        self._client.add_flags(uids, [imapclient.DELETED], silent=True)
        self._client.uid_expunge(uids)

    def mark(self, uids: Sequence[int], *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """See ``Mailbox``."""
        self._stay(self._selection)
        for chunk in imap_safety.uid_chunks(uids):
            for change, flags in ((self._client.add_flags, add), (self._client.remove_flags, remove)):
                if flags:
                    words = [imap_safety.sendable(flag) for flag in flags]
                    self._ask("marking mail", functools.partial(change, chunk, words, silent=True))

    def append(self, folder: str, content: bytes, internaldate: datetime, flags: Sequence[str] = ()) -> int | None:
        """See ``Mailbox``."""
        name = imap_safety.sendable(folder)
        words = [imap_safety.sendable(flag) for flag in flags]
        answer = self._ask("taking a mail", lambda: self._client.append(name, content, words, internaldate))
        return imap_answers.appended_uid(answer)

    def noop(self) -> None:
        """See ``Mailbox``."""
        self._ask("answering", self._client.noop)

    def idle(self, stop: threading.Event, seconds: float) -> bool:
        """See ``Mailbox``."""
        self._stay(self._selection)
        deadline = time.monotonic() + seconds
        self._ask("waiting for mail", self._client.idle)
        is_told = False
        while not is_told and not stop.is_set() and (left := deadline - time.monotonic()) > 0:
            is_told = self._ask("waiting for mail", functools.partial(self._listen, min(left, _LISTEN_SECONDS)))
        _, last = self._ask("waiting for mail", self._client.idle_done)
        return is_told or bool(last)

    def _listen(self, seconds: float) -> bool:
        """Whether the server says something within so many seconds."""
        begun = time.monotonic()
        heard = self._client.idle_check(seconds)
        # A dead connection is always readable and never says anything; RFC 9051 section 7.1.5 has BYE.
        is_dead = not heard and time.monotonic() - begun < seconds / 2
        if is_dead or any(answer[0] == b"BYE" for answer in heard):
            raise IMAPClientAbortError
        return bool(heard)

    def abort(self) -> None:
        """See ``Mailbox``."""
        with contextlib.suppress(OSError, AttributeError):
            # Not the TLS socket's own shutdown, which takes away what another thread may be reading from.
            socket.socket.shutdown(self._client.socket(), socket.SHUT_RDWR)

    def close(self) -> None:
        """See ``Mailbox``."""
        with contextlib.suppress(OSError, IMAPClientError, *NONSENSE):
            self._client.socket().settimeout(_GOODBYE_SECONDS)
            self._client.logout()
        drop(self._client)

    def _ask(self, doing: str, call: Callable[[], _T]) -> _T:
        """Make a call to the library; what goes wrong becomes one of three errors, the library's words are dropped."""
        try:
            return call()
        except (IMAPClientAbortError, OSError):
            drop(self._client)
            sentence = f"The mail server broke off while {doing}."
            raise Unavailable("mailbox-gone", sentence, imap_safety.AGAIN) from None
        except ProtocolError:
            raise self._nonsense(doing) from None
        except IMAPClientError:
            if None in self._client._imap.tagged_commands.values():  # noqa: SLF001 - its answer is half read
                raise self._nonsense(doing) from None
            raise Unavailable("mailbox-refused", f"The mail server refused {doing}.", imap_safety.AGAIN) from None
        except NONSENSE:
            raise self._nonsense(doing) from None

    def _nonsense(self, doing: str) -> Unavailable:
        drop(self._client)
        sentence = f"What the mail server said while {doing} cannot be understood."
        return Unavailable("mailbox-nonsense", sentence, imap_safety.AGAIN)
