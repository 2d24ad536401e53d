"""Taking in mail, wherever it comes from: groups of mails read by two limited children in turn, then filed.

While the children read, the caller brings the next group.  Whoever calls says how a group is noted as begun and how
it is filed, so that polling, importing and a trial run without writing go the same way.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol

from ingest.filing import Reading
from ingest.frames import Letter
from ingest.sealing import Fetched
from ingest.worker import Answer, Broken, Reader
from policies import plain
from policies.errors import ConductError, UnreadableInput
from policies.mail import MailId
from records import places
from records.mail import Location
from records.store import Store

# Reading takes longer than the rest: two children, a batch each, keep two processors busy.
CHILDREN: Final = 2
# A mail that brought the program itself down so often is sealed without being read.
MOST_ATTEMPTS: Final = 3

Tries = Mapping[Location, int]


class Group(Protocol):
    """Mails that are read and filed together, few and small enough to lie in memory."""

    @property
    def locations(self) -> Sequence[Location]:
        """Under which names they are noted as begun."""
        ...

    def fetch(self) -> Iterable[Fetched]:
        """The mails, sealed as they come; those that cannot be had just now are missing."""
        ...


@dataclasses.dataclass(frozen=True, slots=True)
class Hands:
    """What the caller does with each group.

    ``begin`` notes it as begun and tells how often each of its mails was; ``finish`` files it; ``forgive`` takes the
    note back when mailbox or store failed, so that no mail is blamed for that.
    """

    reader: Callable[[], Reader]
    begin: Callable[[Group], Tries]
    finish: Callable[[Sequence[Fetched], Mapping[MailId, Reading]], None]
    forgive: Callable[[Sequence[Location]], None]


@dataclasses.dataclass(slots=True)
class _Batch:
    """Mails fetched together, and the child's answers, which come while the next batch is fetched."""

    fetched: list[Fetched]
    readable: list[Fetched]
    answers: Iterator[Answer]
    reader: Reader


def take_in(hands: Hands, groups: Iterable[Group]) -> None:
    """Fetch, read and file group after group.

    Raises whatever fetching and filing raise; what was filed before stays.
    """
    begun: list[Location] = []
    try:
        _in_turn(hands, groups, begun)
    except ConductError:
        # Mailbox or store failed, and no mail is to blame: only what brings the program down counts as an attempt.
        with contextlib.suppress(ConductError):
            hands.forgive(begun)
        raise


def forgive_attempts(store: Store, begun: Sequence[Location]) -> None:
    """Take back what was noted of mails that were begun."""
    with store.writing() as transaction:
        places.forgive_attempts(transaction, begun)


def _in_turn(hands: Hands, groups: Iterable[Group], begun: list[Location]) -> None:
    with contextlib.ExitStack() as stack:
        readers = [stack.enter_context(contextlib.closing(hands.reader())) for _ in range(CHILDREN)]
        readers[0].start()
        pending: deque[_Batch] = deque()
        for number, group in enumerate(groups):
            tries = hands.begin(group)
            begun += tries
            pending.append(_begin(readers[number % CHILDREN], list(group.fetch()), tries))
            if len(pending) > CHILDREN:
                _finish(hands, pending.popleft())
        while pending:
            _finish(hands, pending.popleft())


def _begin(reader: Reader, fetched: list[Fetched], tries: Tries) -> _Batch:
    """Have the child start on these mails; what was tried too often is not read again."""
    readable = [each for each in fetched if tries.get(each.location, 0) <= MOST_ATTEMPTS]
    answers = reader.read_many([_letter(each) for each in readable])
    return _Batch(fetched, readable, answers, reader)


def _finish(hands: Hands, batch: _Batch) -> None:
    hands.finish(batch.fetched, _readings(batch))


def _letter(each: Fetched) -> Letter:
    return Letter(each.mail, each.trimmed, each.is_cut)


def _readings(batch: _Batch) -> dict[MailId, Reading]:
    """What the child made of each mail; one that breaks it twice stays unread."""
    found = {}
    for each, first in zip(batch.readable, batch.answers, strict=True):
        answer = next(batch.reader.read_many([_letter(each)])) if isinstance(first, Broken) else first
        each.trimmed = b""
        found[each.mail] = _as_reading(answer, each.mail)
    return found


def _as_reading(answer: Answer, mail: MailId) -> Reading:
    if isinstance(answer, Broken):
        return Reading()
    try:
        message = plain.message_from_plain(answer.get("message"))
        return Reading(message, plain.intake_from_plain(answer.get("intake"), mail))
    except UnreadableInput:
        return Reading()
