"""Destroying a mail's copies in the mailbox: found in every folder, confirmed by content, expunged, proved gone.

A Message-ID or a size only proposes.  What is deleted has been fetched and compared by HMAC under the very selection
in which it is deleted: UIDs name the same mail as long as a folder stays selected (RFC 9051 section 2.3.1.1).
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from enum import Enum
from typing import Protocol, TypeVar

from ingest.mailbox import Deletion, Heading, Mailbox
from policies.errors import ConductError, Unavailable, WrongUsage
from policies.mail import MailId
from records.expunge import Doomed

#: Walks through the whole mailbox before what keeps coming back is called residue.
_MOST_WALKS = 4
#: Errors that concern one folder and leave the connection as it was.
_FOLDER_ONLY = frozenset({"no-such-folder", "mailbox-refused", "unsafe-argument"})

_Key = TypeVar("_Key", bound=Hashable)


@dataclasses.dataclass(frozen=True, slots=True)
class MailTags:
    """What a fetched mail's bytes come to; ``identity`` is empty where it cannot be told."""

    content: bytes
    identity: bytes | None


class Tags(Protocol):
    """How mail is turned into the tags that were kept of it; the server's tag key is behind it."""

    def of_message_id(self, message_id: str) -> bytes:
        """The tag of a Message-ID without angle brackets."""
        ...

    def of_mail(self, pieces: Iterable[bytes]) -> MailTags:
        """The tags of a mail that comes in pieces; reads them to the end and keeps no more than it must."""
        ...


class Why(Enum):
    """Why a copy is, or may be, still in the mailbox; the values are words for the report."""

    NO_UIDPLUS = "the server cannot expunge single mails"
    READ_ONLY = "the folder is read-only"
    REFUSED = "the server refused"
    NOT_OPENED = "the folder could not be looked into"
    CAME_BACK = "the copy is back after each expunge"
    UNSETTLED = "mail was moved about during each look"
    MAILBOX_GONE = "the mail server broke off"

    @property
    def may_pass(self) -> bool:
        """Whether the same attempt may do better at another time, without anybody's doing."""
        return self in {Why.REFUSED, Why.NOT_OPENED, Why.UNSETTLED, Why.MAILBOX_GONE}


_WHY = {
    Deletion.NO_UIDPLUS: Why.NO_UIDPLUS,
    Deletion.READ_ONLY: Why.READ_ONLY,
    Deletion.REFUSED: Why.REFUSED,
}


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Left:
    """A folder with what keeps a copy there; ``folder`` is empty where it concerns the whole mailbox."""

    folder: str
    why: Why

    def __repr__(self) -> str:
        """Nothing of the folder's name: members name folders after people."""
        return f"Left({self.why.name})"


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Wiped:
    """What became of one doomed mail: the folders it was expunged from, and where and why it may remain."""

    mail_id: MailId
    gone_from: tuple[str, ...]
    left: tuple[Left, ...]

    def __repr__(self) -> str:
        """How many folders, and nothing of their names."""
        return f"Wiped({self.mail_id}, {len(self.gone_from)} gone, {self.left})"

    @property
    def proved(self) -> bool:
        """A last look over a fresh connection opened every folder and found no copy."""
        return not self.left


def wipe(connect: Callable[[], Mailbox], doomed: Sequence[Doomed], tags: Tags) -> tuple[Wiped, ...]:
    """Expunge every copy of these mails, and prove it; one answer for each, in their order.

    ``connect`` gives a fresh connection for each walk; a walk that finds nothing to delete is the proof.  May be
    repeated at any time: what is gone already is found gone.  Raises what ``connect`` raises the first time; after
    that whatever happens is told in the answers.
    """
    if not doomed:
        return ()
    gone: dict[MailId, list[str]] = {one.mail_id: [] for one in doomed}
    walk = _Walk(doomed, tags)
    mailbox = connect()
    for number in range(1, _MOST_WALKS + 1):
        walk = _Walk(doomed, tags)
        walk.through(mailbox)
        for mail_id, folder in walk.gone:
            gone[mail_id].append(folder)
        if walk.is_last:
            break
        if number == _MOST_WALKS:
            walk.give_up()
            break
        try:
            mailbox = connect()
        except ConductError:
            walk.break_off()
            break
    return tuple(
        Wiped(one.mail_id, tuple(dict.fromkeys(gone[one.mail_id])), tuple(walk.left[one.mail_id])) for one in doomed
    )


class _Walk:
    """One connection's way through every folder: what it deleted, and what it had to leave."""

    def __init__(self, doomed: Sequence[Doomed], tags: Tags) -> None:
        self._tags = tags
        self._by_message_id = _grouped((one.message_id_tag, one.mail_id) for one in doomed)
        self._by_size = _grouped((one.size, one.mail_id) for one in doomed)
        self._by_content = _grouped((one.content_tag, one.mail_id) for one in doomed)
        self._by_identity = _grouped((one.identity_tag, one.mail_id) for one in doomed)
        self._missed = False
        self._broken = False
        self.gone: list[tuple[MailId, str]] = []
        self.left: dict[MailId, list[Left]] = {one.mail_id: [] for one in doomed}

    @property
    def is_last(self) -> bool:
        """Nothing was deleted, nothing moved away before it could be looked at: no reason to look again."""
        return self._broken or not (self.gone or self._missed)

    def through(self, mailbox: Mailbox) -> None:
        """Every folder, one after the other; the connection is closed at the end."""
        try:
            with contextlib.closing(mailbox):
                for folder in mailbox.folders():
                    self._visit(mailbox, folder.name)
        except Unavailable:
            self.break_off()

    def break_off(self) -> None:
        """The connection is lost: nothing is known of the rest."""
        self._broken = True
        self._leave(self.left, "", Why.MAILBOX_GONE)

    def give_up(self) -> None:
        """What was deleted once more is not proved gone, nor is what may have moved out of sight."""
        for mail_id, folder in self.gone:
            self._leave([mail_id], folder, Why.CAME_BACK)
        if self._missed:
            self._leave(self.left, "", Why.UNSETTLED)

    def _leave(self, mails: Iterable[MailId], folder: str, why: Why) -> None:
        for mail_id in mails:
            self.left[mail_id].append(Left(folder, why))

    def _visit(self, mailbox: Mailbox, folder: str) -> None:
        try:
            proposed = self._propose(mailbox, folder)
        except (Unavailable, WrongUsage) as error:
            if error.code not in _FOLDER_ONLY:
                raise
            self._leave(self.left, folder, Why.NOT_OPENED)
            return
        confirmed = dict(self._confirm(mailbox, folder, proposed))
        if confirmed:
            self._delete(mailbox, folder, confirmed)

    def _propose(self, mailbox: Mailbox, folder: str) -> list[Heading]:
        """The mails that may be meant; afterwards the folder is open for writing, if there are any.

        A folder is first opened for reading: opening it for writing would change what is \\Recent there.
        """
        seen = mailbox.select(folder)
        proposed = self._candidates(mailbox)
        if proposed:
            opened = mailbox.select(folder, readonly=False)
            if opened.uidvalidity != seen.uidvalidity:  # rebuilt in between: other mails bear these UIDs now
                proposed = self._candidates(mailbox)
        return proposed

    def _candidates(self, mailbox: Mailbox) -> list[Heading]:
        uids = mailbox.all_uids()
        seen, proposed = 0, []
        for heading in mailbox.message_ids(uids):
            seen += 1
            if self._meant(heading):
                proposed.append(heading)
        self._missed |= seen < len(uids)  # gone between two answers, perhaps into a folder visited before
        return proposed

    def _meant(self, heading: Heading) -> set[MailId]:
        """Whom a mail may be a copy of; by size too where it has a Message-ID, should programs read it differently."""
        tag = self._tags.of_message_id(heading.message_id) if heading.message_id else None
        by_message_id = self._by_message_id.get(tag, ()) if tag else ()
        return {*by_message_id, *self._by_size.get(heading.size, ())}

    def _confirm(self, mailbox: Mailbox, folder: str, proposed: Iterable[Heading]) -> Iterator[tuple[int, set[MailId]]]:
        """The UIDs whose bytes prove them copies, each with the mails it is a copy of."""
        for heading in proposed:
            try:
                tags = self._tags.of_mail(mailbox.fetch_pieces(heading.uid, heading.size))
            except Unavailable as error:
                if error.code not in {"mail-gone", "mailbox-refused"}:
                    raise
                self._miss(heading, folder, error)
                continue
            found = {*self._by_content.get(tags.content, ()), *self._by_identity.get(tags.identity, ())}
            if found:
                yield heading.uid, found

    def _miss(self, heading: Heading, folder: str, error: Unavailable) -> None:
        if error.code == "mail-gone":
            self._missed = True
        else:
            self._leave(self._meant(heading), folder, Why.REFUSED)

    def _delete(self, mailbox: Mailbox, folder: str, confirmed: dict[int, set[MailId]]) -> None:
        outcome = mailbox.delete(list(confirmed))
        mails = dict.fromkeys(mail_id for found in confirmed.values() for mail_id in found)
        if outcome is Deletion.DONE:
            self.gone += [(mail_id, folder) for mail_id in mails]
        else:
            self._leave(mails, folder, _WHY[outcome])


def _grouped(pairs: Iterable[tuple[_Key | None, MailId]]) -> dict[_Key | None, list[MailId]]:
    """The mails by key; None is no key, and found by nothing."""
    groups: dict[_Key | None, list[MailId]] = {}
    for key, mail_id in pairs:
        if key is not None:
            groups.setdefault(key, []).append(mail_id)
    return groups
