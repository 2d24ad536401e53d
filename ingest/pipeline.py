"""One round of polling: fetch, read in the child, file, commit; a batch at a time, oldest mail first.

IMAP keeps a mail until it is sealed and committed here, so a crash anywhere leaves it to be fetched again.  While
children read batches the next is fetched.  Nothing in the mailbox is changed.
"""

from __future__ import annotations

import contextlib
import dataclasses
import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from ingest.filing import Counts, Filing, Reading, Rules
from ingest.mailbox import PIECE_BYTES, Mailbox, Overview, batches
from ingest.sealing import Fetched, seal_pieces
from ingest.sent import Folders
from ingest.taking_in import Group, Hands, forgive_attempts, take_in
from ingest.worker import Reader
from policies.errors import Unavailable
from policies.mail import MailId
from policies.roster import Roster
from records import members, places
from records.audit import Signer
from records.mail import Location
from records.store import Store, Transaction
from records.tags import Tags

LARGE_BYTES: Final = 2 * PIECE_BYTES


@dataclasses.dataclass(frozen=True, slots=True)
class Round:
    """What one round of polling stands on; ``folders`` names those to read, as the server knows them.

    ``progressed`` is called whenever something was achieved, for who watches over a long round.
    """

    store: Store
    mailbox: str
    folders: Callable[[Mailbox], Folders]
    connect: Callable[[], Mailbox]
    reader: Callable[[Roster], Reader]
    conduct: tuple[str, ...]
    tags: Tags
    signer: Signer
    scratch: Path
    now: datetime
    seal_mail_to_recovery: bool
    progressed: Callable[[], None]


@dataclasses.dataclass(frozen=True, slots=True)
class _Waiting:
    """A mail that is new here: in which folder, and what the server says of it."""

    folder: str
    uidvalidity: int
    overview: Overview


@dataclasses.dataclass(frozen=True, slots=True)
class _Work:
    """What taking in new mail goes by: one connection a folder, and the rules of filing."""

    round: Round
    connections: Mapping[str, Mailbox]
    rules: Rules
    counts: Counts


@dataclasses.dataclass(frozen=True, slots=True)
class _Group:
    """Mails of one folder, fetched together."""

    work: _Work
    waiting: list[_Waiting]

    @property
    def locations(self) -> list[Location]:
        """Where they lie."""
        return [_location(self.work.round, each) for each in self.waiting]

    def fetch(self) -> Iterator[Fetched]:
        """The mails that are still there and that the server gives."""
        for each in _fetch(self.work.round, self.work.connections, self.waiting):
            self.work.counts.fetched += 1
            yield each


def poll(round_: Round) -> Counts:
    """Take in every mail of the folders that is new; the caller holds the mailbox's lock.

    Raises Unavailable: the mailbox or the store failed; what was committed before stays, the rest comes next time.
    """
    counts = Counts()
    with contextlib.ExitStack() as stack:
        first = _open(stack, round_)
        folders = round_.folders(first)
        found = [list(_new_in(round_, folder, first)) for folder in folders.names]
        found = [waiting for waiting in found if waiting]
        if found:
            connections = _connections(stack, round_, first, found)
            work = _Work(round_, connections, _rules(round_, folders), counts)
            _take_in(work, _in_order(round_, found))
    return counts


def _open(stack: contextlib.ExitStack, round_: Round) -> Mailbox:
    return stack.enter_context(contextlib.closing(round_.connect()))


def _connections(
    stack: contextlib.ExitStack, round_: Round, first: Mailbox, found: Sequence[Sequence[_Waiting]]
) -> dict[str, Mailbox]:
    """One connection a folder with new mail, so that going from one to the other costs nothing."""
    connections = {}
    for number, waiting in enumerate(found):
        connection = first if number == 0 else _open(stack, round_)
        selected = connection.select(waiting[0].folder)
        if selected.uidvalidity != waiting[0].uidvalidity:
            raise Unavailable(
                "mailbox-changed", "A folder of the mailbox was rebuilt just now.", "Nothing is lost; poll again."
            )
        connections[waiting[0].folder] = connection
    return connections


def _in_order(round_: Round, found: Sequence[Sequence[_Waiting]]) -> list[_Waiting]:
    # Oldest first over all folders, so that a parent is filed before its answer; but always in the order of UIDs
    # within one, since the mark of how far a folder has been taken in must never pass a mail that was not.
    return list(heapq.merge(*found, key=lambda each: each.overview.internaldate or round_.now))


def _new_in(round_: Round, folder: str, connection: Mailbox) -> Iterator[_Waiting]:
    selected = connection.select(folder)
    with round_.store.reading() as transaction:
        last = places.last_uid(transaction, round_.mailbox, folder, selected.uidvalidity)
        tried = places.attempts(transaction)
    here = (round_.mailbox, folder, selected.uidvalidity)
    open_attempts = {each.uid for each in tried if (each.mailbox, each.folder, each.uidvalidity) == here}
    if selected.uidnext is not None and selected.uidnext == last + 1 and not open_attempts:
        return
    uids = sorted({*connection.new_uids(last), *open_attempts})
    overviews = connection.overview(uids) if uids else {}
    gone = [Location(*here, uid) for uid in open_attempts if overviews.get(uid) is None]
    if gone:
        with round_.store.writing() as transaction:
            places.finish_attempts(transaction, gone)
    for uid in uids:
        overview = overviews.get(uid)
        if overview is not None:
            yield _Waiting(folder, selected.uidvalidity, overview)


def _rules(round_: Round, folders: Folders) -> Rules:
    with round_.store.reading() as transaction:
        roster = members.roster(transaction, round_.conduct)
    return Rules(roster, round_.tags, round_.signer, round_.now, round_.seal_mail_to_recovery, folders.sent)


def _take_in(work: _Work, waiting: Sequence[_Waiting]) -> None:
    hands = Hands(
        reader=lambda: work.round.reader(work.rules.roster),
        begin=lambda group: _note_attempts(work.round, group),
        finish=lambda fetched, readings: _commit(work, fetched, readings),
        forgive=lambda begun: forgive_attempts(work.round.store, begun),
    )
    take_in(hands, (_Group(work, group) for group in _groups(work.round, waiting)))


def _groups(round_: Round, waiting: Sequence[_Waiting]) -> Iterator[list[_Waiting]]:
    """Runs of one folder, bounded by bytes; what was tried before in vain goes alone."""
    with round_.store.reading() as transaction:
        tried = places.attempts(transaction)
    run: list[_Waiting] = []
    for each in waiting:
        alone = _location(round_, each) in tried
        if run and (alone or each.folder != run[0].folder or _location(round_, run[-1]) in tried):
            yield from _bounded(run)
            run = []
        run.append(each)
    yield from _bounded(run)


def _bounded(run: Sequence[_Waiting]) -> Iterator[list[_Waiting]]:
    by_uid = {each.overview.uid: each for each in run}
    for batch in batches(each.overview for each in run):
        yield [by_uid[overview.uid] for overview in batch]


def _location(round_: Round, each: _Waiting) -> Location:
    return Location(round_.mailbox, each.folder, each.uidvalidity, each.overview.uid)


def _note_attempts(round_: Round, group: Group) -> dict[Location, int]:
    # Noted before anything is done with these mails, so that one that brings the whole program down is not
    # tried for ever: next time it is fetched alone, and in the end sealed unread.
    with round_.store.writing() as transaction:
        return places.note_attempts(transaction, group.locations)


def _fetch(round_: Round, connections: Mapping[str, Mailbox], group: Sequence[_Waiting]) -> Iterator[Fetched]:
    connection = connections[group[0].folder]
    by_uid = {each.overview.uid: each for each in group}
    small = [each.overview.uid for each in group if each.overview.size <= LARGE_BYTES]
    for uid, content in _fetch_small(connection, small):
        if content is not None:
            yield _seal(round_, by_uid[uid], iter((content,)))
    for each in group:
        if each.overview.size > LARGE_BYTES:
            with contextlib.suppress(_NotNow):
                yield _seal(round_, each, _pieces(round_, connection, each.overview))


def _fetch_small(connection: Mailbox, uids: Sequence[int]) -> Iterator[tuple[int, bytes | None]]:
    """The mails one batch holds; where the server withholds one, the others are asked for by themselves."""
    try:
        yield from list(connection.fetch_whole(uids))
        return
    except Unavailable as error:
        if error.code != "mailbox-refused":
            raise
    for uid in uids:
        with contextlib.suppress(_NotNow), _withheld():
            yield from list(connection.fetch_whole([uid]))


def _pieces(round_: Round, connection: Mailbox, overview: Overview) -> Iterator[bytes]:
    with _withheld():
        for piece in connection.fetch_pieces(overview.uid, overview.size):
            round_.progressed()
            yield piece


class _NotNow(Exception):
    """A mail that is gone, or that the server withholds: it stays noted as begun and is asked for again."""


@contextlib.contextmanager
def _withheld() -> Iterator[None]:
    try:
        yield
    except Unavailable as error:
        if error.code not in {"mail-gone", "mailbox-refused"}:
            raise
        raise _NotNow from None


def _seal(round_: Round, each: _Waiting, pieces: Iterator[bytes]) -> Fetched:
    received = each.overview.internaldate or round_.now
    return seal_pieces(pieces, _location(round_, each), received, round_.tags, round_.scratch)


def _commit(work: _Work, fetched: Sequence[Fetched], readings: Mapping[MailId, Reading]) -> None:
    with work.round.store.writing() as transaction:
        Filing(transaction, work.rules, work.counts).file_all(fetched, readings)
        _note_progress(transaction, fetched)


def _note_progress(transaction: Transaction, fetched: Sequence[Fetched]) -> None:
    locations = [each.location for each in fetched]
    places.finish_attempts(transaction, locations)
    if locations:
        places.note_uid(transaction, max(locations, key=lambda location: location.uid))
