"""Taking in the years before from files: known mail skipped unread, the rest filed as if it had just been polled.

The import may be killed at any point and run again: a mail is known by its bytes, also when IMAP gave it before, and
what was destroyed never comes back.  No place in the mailbox is noted, so that no expunge looks for one.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from ingest.archives.looking import Archives, OldMail
from ingest.filing import Counts, Filing, Reading, Rules
from ingest.mailbox import PIECE_BYTES, Overview, batches
from ingest.sealing import Fetched, seal_pieces
from ingest.taking_in import Group, Hands, Tries, forgive_attempts, take_in
from ingest.worker import Reader
from policies import access
from policies.mail import Kind, MailId
from policies.retention.terms import months_after
from policies.roster import Roster
from records import audit, finding, places
from records.mail import IMPORTED, Location
from records.store import Store
from records.tags import Tags

_UID_BYTES: Final = 7
_QUOTABLE: Final = re.compile(rb"\n>*From ")


@dataclasses.dataclass(frozen=True, slots=True)
class Import:
    """What one import stands on; ``progress`` is told how many more mails were looked at."""

    store: Store
    archives: Archives
    rules: Rules
    reader: Callable[[Roster], Reader]
    scratch: Path
    progress: Callable[[int], None]

    @property
    def tags(self) -> Tags:
        """The tag key, ready for use."""
        return self.rules.tags


@dataclasses.dataclass(slots=True)
class Preview:
    """What an import would bring: mails by kind, as each shows by itself, and by year of arrival.

    ``beyond_terms`` arrived longer ago than the longest term that has an end, ``unreadable`` could be read by no
    present member.
    """

    known: int = 0
    kinds: Counter[str] = dataclasses.field(default_factory=Counter)
    years: Counter[int] = dataclasses.field(default_factory=Counter)
    beyond_terms: int = 0
    unreadable: int = 0

    @property
    def new(self) -> int:
        """How many would be stored."""
        return self.kinds.total()


def take_in_archives(job: Import) -> Counts:
    """Store every mail that is new here, oldest first.

    Raises Unavailable: a file or the store failed; what was committed before stays, the rest comes next time.
    """
    counts = Counts()
    hands = Hands(
        reader=lambda: job.reader(job.rules.roster),
        begin=lambda group: _note_attempts(job, group),
        finish=lambda fetched, readings: _commit(job, counts, fetched, readings),
        forgive=lambda begun: forgive_attempts(job.store, begun),
    )
    try:
        take_in(hands, _groups(job, counts))
    finally:
        if counts.stored:
            with job.store.writing() as transaction:
                audit.append(transaction, job.rules.signer, job.rules.now, "import", "", mails=counts.stored)
    return counts


def preview(job: Import, over_before: date | None) -> Preview:
    """What the import would bring; nothing is written.  ``over_before`` is the day up to which every term is over."""
    found, counts = Preview(), Counts()

    def finish(fetched: Sequence[Fetched], readings: Mapping[MailId, Reading]) -> None:
        for each in fetched:
            _count(found, job.rules.roster, each, readings.get(each.mail, Reading()), over_before)

    hands = Hands(lambda: job.reader(job.rules.roster), lambda _: {}, finish, lambda _: None)
    take_in(hands, _groups(job, counts))
    found.known += counts.known
    return found


def day_of_longest_term(months: Sequence[int], today: date) -> date | None:
    """Mail that arrived before that day is beyond every term that has an end, were its case decided at once."""
    return months_after(today, -max(months)) if months else None


def _count(found: Preview, roster: Roster, each: Fetched, reading: Reading, over_before: date | None) -> None:
    kind = reading.intake.kind if reading.intake else Kind.OTHER
    found.kinds[kind.value] += 1
    found.years[each.received.year] += 1
    found.beyond_terms += over_before is not None and each.received.date() < over_before
    found.unreadable += not access.readers(roster, each.received, ())


# --- mails in groups, those that are known left out


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class _Unknown:
    """A mail that is not stored here, and under which name it is noted as begun; ``content`` if it is small."""

    mail: OldMail
    location: Location
    content: tuple[bytes, ...]

    def __repr__(self) -> str:
        """Which."""
        return f"_Unknown({self.location.uid})"


@dataclasses.dataclass(frozen=True, slots=True)
class _Group:
    """Mails that are read and filed together."""

    job: Import
    mails: Sequence[_Unknown]

    @property
    def locations(self) -> list[Location]:
        """Under which names they are noted as begun."""
        return [each.location for each in self.mails]

    def fetch(self) -> Iterator[Fetched]:
        """The mails, sealed."""
        for each in self.mails:
            pieces = iter(each.content) if each.content else self.job.archives.pieces(each.mail)
            yield seal_pieces(pieces, each.location, each.mail.received, self.job.tags, self.job.scratch)


def _groups(job: Import, counts: Counts) -> Iterator[_Group]:
    mails = job.archives.mails
    overviews = (Overview(number, each.size, None) for number, each in enumerate(mails))
    with job.store.reading() as transaction:
        tried = {each for each in places.attempts(transaction) if each.mailbox == IMPORTED}
    for batch in batches(overviews):
        counts.fetched += len(batch)
        unknown = _without_known(job, [mails[one.uid] for one in batch], counts)
        # What was begun before in vain goes alone: it may be what brought the program down.
        yield from (_Group(job, [each]) for each in unknown if each.location in tried)
        rest = [each for each in unknown if each.location not in tried]
        if rest:
            yield _Group(job, rest)
        job.progress(len(batch))


def _without_known(job: Import, mails: Sequence[OldMail], counts: Counts) -> list[_Unknown]:
    """Those that are neither stored nor destroyed; the others are counted as known."""
    looked_at = [_look_at(job, each) for each in mails]
    with job.store.reading() as transaction:
        familiar = finding.familiar(transaction, {tag for _, tags in looked_at for tag in tags})
    unknown = [each for each, tags in looked_at if familiar.isdisjoint(tags)]
    counts.known += len(looked_at) - len(unknown)
    return unknown


def _look_at(job: Import, old: OldMail) -> tuple[_Unknown, tuple[bytes, ...]]:
    """A mail with the tags under which it may be known: of its bytes, and as a server gives them that undoes less."""
    is_small = old.size <= PIECE_BYTES
    content = tuple(job.archives.pieces(old)) if is_small else ()
    tags = [_tag(job, content if is_small else job.archives.pieces(old))]
    if job.archives.may_be_unquoted(old) and (not is_small or _QUOTABLE.search(b"\n" + b"".join(content))):
        tags.append(_tag(job, job.archives.pieces_as_quoted(old)))
    location = Location(IMPORTED, "", 0, int.from_bytes(tags[0][:_UID_BYTES]))
    return _Unknown(old, location, content), tuple(tags)


def _tag(job: Import, pieces: Iterable[bytes]) -> bytes:
    tag = job.tags.content()
    for piece in pieces:
        tag.update(piece)
    return tag.finish()


def _note_attempts(job: Import, group: Group) -> Tries:
    with job.store.writing() as transaction:
        return places.note_attempts(transaction, group.locations)


def _commit(job: Import, counts: Counts, fetched: Sequence[Fetched], readings: Mapping[MailId, Reading]) -> None:
    with job.store.writing() as transaction:
        Filing(transaction, job.rules, counts).file_all(fetched, readings)
        places.finish_attempts(transaction, [each.location for each in fetched])
