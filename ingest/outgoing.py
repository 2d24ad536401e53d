"""What the store knows of an outgoing mail: roster, thread and case, as far as a member, or nobody's key, can read."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from ingest import wiring
from ingest.case_on_record import as_case, has_party
from ingest.lint_files import Place, committee
from policies.addresses import canonical
from policies.case import CaseId, Status
from policies.lint.checked import Stored, Via
from policies.lint.context import Case, Context, Person
from policies.lint.draft import Draft
from policies.mail import Kind, MailId
from policies.roster import Member
from policies.values import value
from records import cases, finding, index, mail, members, overrides, parts, viewing
from records.keyring import Keyring
from records.overrides import Override
from records.store import Store, Transaction
from records.tags import Tags
from records.viewing import CaseView, ShownMail

_LIVE: Final = (Status.DRAFT, Status.OPEN)
#: What is read of all mails of a case together, the longest last, and of what is over that: pieces of 64 KiB.
_MOST_BYTES: Final = 256 * 1024 * 1024
_FIRST_PIECES: Final = 8
_ON_RECORD: Final = (*_LIVE, Status.CLOSED)  # a dismissed draft was no report


@value
class Candidate:
    """What the rules are given of one case that a draft may belong to, or of none.

    ``closed`` says in sentences what this member may not read.
    """

    context: Context
    stored: tuple[Stored, ...]
    case: cases.Case | None = None
    closed: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """How much."""
        return f"Candidate({len(self.stored)} mails)"


@value
class Known:
    """The cases that a draft may belong to, at least one candidate, and what members let pass in whatever draft.

    ``unseen``: where no case was found, how many live cases are closed to this member; one of them may be meant.
    """

    candidates: tuple[Candidate, ...]
    overrides: tuple[Override, ...] = ()
    unseen: int = 0

    def __repr__(self) -> str:
        """How much."""
        return f"Known({len(self.candidates)} candidates)"

    @property
    def case(self) -> cases.Case | None:
        """The case under which an act about the draft is noted."""
        found = [each.case for each in self.candidates if each.case is not None]
        return next((each for each in found if each.status is not Status.DRAFT), found[0] if found else None)

    @property
    def closed(self) -> tuple[str, ...]:
        """What this member may not read of any of them."""
        return tuple(dict.fromkeys(line for each in self.candidates for line in each.closed))


# ---------------------------------------------------------------- with the member's key


def look_up(
    place: Place, keyring: Keyring, transaction: Transaction, draft: Draft, people: Sequence[str], named: str | None
) -> Known:
    """Roster, thread and case for a draft; ``people`` are its recipients' addresses, ``named`` is --case.

    Raises WrongUsage: no case goes by that name.
    """
    roster = [each.member for each in members.load(transaction)]
    tags = _tags(place)
    threads = _threads(keyring, transaction, draft, tags)
    answered = viewing.mail_of_threads(transaction, keyring, threads)
    found = _cases_of(keyring, transaction, draft, threads, named, people, tags)
    views = [viewing.view(transaction, keyring, each) for each in found]
    candidates = [_candidate(place, keyring, transaction, draft, view, answered, roster) for view in views]
    given = overrides.on_record(transaction)
    if candidates:
        return Known(tuple(candidates), given)
    nobodys = Candidate(committee(place, roster), _raw_mails(keyring, transaction, draft, answered))
    closed = cases.closed_to(transaction, keyring.member)
    live = cases.every(transaction, _LIVE) if closed else ()
    return Known((nobodys,), given, unseen=sum(parts.case_object(each.id) in closed for each in live))


def _tags(place: Place) -> Tags | None:
    """The service's tags; None for another user, who has to open the mail that she looks for."""
    return Tags(wiring.server_keys(place.home).tag_key) if wiring.is_service_user(place.home) else None


def _candidate(
    place: Place,
    keyring: Keyring,
    transaction: Transaction,
    draft: Draft,
    view: CaseView,
    answered: Sequence[ShownMail],
    roster: Sequence[Member],
) -> Candidate:
    mails = {each.stored.mail: each for each in (*answered, *view.mails)}
    context = committee(place, roster, as_case(transaction, keyring, view, roster))
    earlier = _raw_mails(keyring, transaction, draft, mails.values())
    return Candidate(context, earlier, view.case, view.closed_parts)


def _threads(keyring: Keyring, transaction: Transaction, draft: Draft, tags: Tags | None) -> set[str]:
    """The threads of the mails that a draft answers."""
    answered = [*draft.in_reply_to, *draft.references]
    if tags is not None:
        ids = [tags.message_id(one) for one in answered]
        return {thread for _, thread in finding.with_message_ids(transaction, ids)}
    return index.current(transaction, keyring).threads(transaction, answered) if answered else set()


def _cases_of(  # what a draft shows of where it belongs, in the order in which it counts
    keyring: Keyring,
    transaction: Transaction,
    draft: Draft,
    threads: set[str],
    named: str | None,
    people: Sequence[str],
    tags: Tags | None,
) -> list[cases.Case]:
    """The cases of its thread, and the one named; else those in its Subject; else those that a recipient is a party of.

    With two candidates both are checked: which is meant, only the writer knows, and either reporter is to be protected.
    """
    found = _of_threads(transaction, threads)
    if named is not None:
        case = cases.find(transaction, named)
        found = [*found, *([case] if case not in found else [])]
    if not found:
        found = cases.all_named_in(transaction, draft.subject, _ON_RECORD)
    if not found:
        wanted = {canonical(address) for address in people}
        live = _live_cases(keyring, transaction, wanted, tags)
        found = [each for each in live if has_party(transaction, keyring, each, wanted)]
    return found


def _of_threads(transaction: Transaction, threads: set[str]) -> list[cases.Case]:
    filed = {each for one in mail.of_threads(transaction, threads) for each in one.cases}
    filed |= {one for one in (mail.case_of_thread(transaction, thread) for thread in threads) if one is not None}
    found = (cases.get(transaction, CaseId(each)) for each in sorted(filed))
    return [each for each in found if each.status in _ON_RECORD]


def _live_cases(
    keyring: Keyring, transaction: Transaction, wanted: set[str], tags: Tags | None
) -> Iterator[cases.Case]:
    """The cases that one of these addresses may be a party of, by the member's index or by the service's tags."""
    if not wanted:
        return
    if tags is None or index.is_kept(keyring):
        found = index.current(transaction, keyring).cases_of(transaction, wanted)
        named = (cases.get(transaction, each) for each in sorted(found))
        yield from (each for each in named if each.status in _LIVE)
        return
    drafts = finding.cases_with_participant(transaction, tags, wanted)
    live = cases.every(transaction, _LIVE)
    yield from (each for each in live if each.status is not Status.DRAFT or each.id in drafts)


def _raw_mails(
    keyring: Keyring, transaction: Transaction, draft: Draft, mails: Iterable[ShownMail]
) -> tuple[Stored, ...]:
    """The mails on record that this member may read, as the rules read them; not the very mail that is looked at."""
    readable = [each for each in mails if each.draft is not None]
    by_size = sorted(readable, key=lambda each: each.stored.size)
    totals = itertools.accumulate(each.stored.size for each in by_size)
    whole = {each.stored.mail for each, total in zip(by_size, totals, strict=True) if total <= _MOST_BYTES}
    found = (
        one for each in readable for one in _stored(keyring, transaction, each, is_whole=each.stored.mail in whole)
    )
    return tuple(each for each in found if not draft.message_id or each.draft.message_id != draft.message_id)


def _stored(keyring: Keyring, transaction: Transaction, each: ShownMail, *, is_whole: bool) -> list[Stored]:
    """A mail on record, and, of a forward, the mails that it carries: by it they have reached the mailbox."""
    pieces = mail.raw(transaction, keyring, each.stored.mail)
    draft = Draft(b"".join(pieces if is_whole else itertools.islice(pieces, _FIRST_PIECES)))
    found = [Stored(draft, Via.CONDUCT, is_whole)]
    if each.stored.kind is Kind.FORWARD:
        inner = [part for part in draft.attachments if part.type == "message/rfc822"]
        found += [Stored(Draft(part.content), Via.CONDUCT, is_whole) for part in inner]
    return found


# ---------------------------------------------------------------- without a key

#: Reads mails of the record from where they still lie: (transaction, mails) to what was found.
Lying = Callable[[Transaction, Sequence[MailId]], Mapping[MailId, Draft]]


@value
class Locked:
    """What is known without a key: the committee, and whether the thread, and everybody in ``people``, are known.

    ``stored`` are the mails of the thread that still lie in the mailbox; ``context`` then presumes who reported, and
    ``code_names`` are those of the cases that the thread is filed with.
    """

    context: Context
    is_known_thread: bool
    all_take_part: bool
    overrides: tuple[Override, ...] = ()
    stored: tuple[Stored, ...] = ()
    code_names: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """What is known."""
        return f"Locked({self.is_known_thread}, {self.all_take_part})"


def look_up_locked(
    place: Place, store: Store, draft: Draft, people: Sequence[str], lying: Lying | None = None
) -> Locked:
    """What can be said of a draft without anybody's key; ``people`` are the addresses outside that get it.

    Threads are known by keyed digests, which only the service can make; ``lying`` is of who may log in to the mailbox.
    """
    with store.reading() as transaction:
        context = committee(place, [each.member for each in members.load(transaction)])
        given = overrides.on_record(transaction)
        tags = _tags(place)
        if tags is None:
            return Locked(context, is_known_thread=False, all_take_part=False, overrides=given)
        ids = [tags.message_id(one) for one in (*draft.in_reply_to, *reversed(draft.references))]
        threads = [thread for _, thread in finding.with_message_ids(transaction, ids)]
        outside = [address for address in people if not is_ours(context, address)]
        known = bool(threads) and all(mail.takes_part(transaction, tags, threads[0], one) for one in outside)
        locked = Locked(context, bool(threads), known, given)
        return locked if lying is None or not threads else _from_mailbox(transaction, draft, threads[0], locked, lying)


def _from_mailbox(transaction: Transaction, draft: Draft, thread: str, locked: Locked, lying: Lying) -> Locked:
    mails = [each for each in mail.of_threads(transaction, {thread}) if each.expunged_on is None]
    found = lying(transaction, [each.mail for each in mails])
    earlier = {each: one for each, one in found.items() if one.message_id != draft.message_id or not one.message_id}
    names = tuple(each.code_name for each in _of_threads(transaction, {thread}))
    opener = next((found[each.mail] for each in mails if each.kind is Kind.REPORT and each.mail in found), None)
    presumed = None if opener is None else _presumed(locked.context, opener, "".join(names[:1]))
    return dataclasses.replace(
        locked,
        context=dataclasses.replace(locked.context, case=presumed),
        stored=tuple(Stored(each, Via.CONDUCT) for each in earlier.values()),
        code_names=names,
    )


def _presumed(context: Context, opener: Draft, code_name: str) -> Case | None:
    """A case of which only this is known: the outsider who began the thread is protected.  None for one of ours."""
    writers = [each for each in opener.mailboxes("From", "Reply-To") if not is_ours(context, each.address)]
    people = tuple(Person(each.name, (each.address,)) for each in writers)
    return Case(code_name, reporters=people) if people else None


def threads_answered(place: Place, keyring: Keyring | None, transaction: Transaction, draft: Draft) -> set[str]:
    """The threads of the mails on record that a mail answers, or is, passed on as it came.

    ``keyring`` is a member's whose key is unlocked.  None is found by who has neither key nor tags.
    """
    ids, tags = [each for each in (draft.message_id, *draft.in_reply_to, *draft.references) if each], _tags(place)
    if tags is not None:
        return {thread for _, thread in finding.with_message_ids(transaction, [tags.message_id(one) for one in ids])}
    return set() if keyring is None or not ids else index.current(transaction, keyring).threads(transaction, ids)


def has_open_party(place: Place, keyring: Keyring | None, transaction: Transaction, people: Collection[str]) -> bool:
    """Whether one of these addresses belongs to a party of a live case; without a key, to who wrote or got its mail."""
    wanted, tags = {canonical(each) for each in people}, _tags(place)
    if keyring is not None:
        live = _live_cases(keyring, transaction, wanted, tags)
        return any(has_party(transaction, keyring, each, wanted) for each in live)
    if tags is None or not wanted:
        return False
    found = finding.cases_with_participant(transaction, tags, wanted)
    return any(cases.get(transaction, each).status in _LIVE for each in found)


def is_ours(context: Context, address: str) -> bool:
    """Whether an address is the mailbox's or a present member's."""
    ours = (*context.mailbox, *(one for each in context.members for one in each.addresses))
    return canonical(address) in {canonical(one) for one in ours}
