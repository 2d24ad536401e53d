"""What the store knows of an outgoing mail: roster, thread and case, as far as a member, or nobody's key, can read."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from ingest import wiring
from ingest.home import Home
from policies.addresses import canonical
from policies.case import CaseId, Status
from policies.errors import WrongUsage
from policies.lint.check import lowered
from policies.lint.checked import Settings, Stored, Via
from policies.lint.context import Case, Consent, Context, Group, Person, Stage
from policies.lint.context_file import parse_context
from policies.lint.draft import Draft
from policies.lint.rules import RULES
from policies.lint.verdict import Severity
from policies.mail import Address, Kind
from policies.roster import Member
from records import cases, facts, finding, mail, members, parts, viewing
from records.keyring import Keyring
from records.store import Store, Transaction
from records.tags import Tags
from records.viewing import CaseView, ShownMail

if TYPE_CHECKING:
    from ingest.config import Settings as Configuration

_STAGES = {Status.DRAFT: Stage.REPORTED, Status.OPEN: Stage.INVESTIGATING, Status.CLOSED: Stage.CLOSED}
_LIVE = (Status.DRAFT, Status.OPEN)
_ON_RECORD = (*_LIVE, Status.CLOSED)
_OWN_KEYS = ("rules", "notes")


class Place(Protocol):
    """A committee's home and its conduct.toml; a command's session is one."""

    @property
    def home(self) -> Home:
        """The home."""
        ...

    @property
    def settings(self) -> Configuration:
        """What conduct.toml says."""
        ...


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Known:
    """What the rules are given.  ``closed`` says in sentences what this member may not read."""

    context: Context
    stored: tuple[Stored, ...]
    closed: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """How much."""
        return f"Known({len(self.stored)} mails)"


# ---------------------------------------------------------------- lint.toml


def committee(place: Place, roster: Iterable[Member], case: Case | None = None) -> Context:
    """The committee and its neighbours: the roster, conduct.toml, and lint.toml beside it.

    Raises WrongUsage: lint.toml has a key or value that cannot be.
    """
    settings = place.settings
    neighbours = {key: value for key, value in _lint_toml(place).items() if key not in _OWN_KEYS}
    taken = sorted(neighbours.keys() & {"conduct", "conduct_aliases", "members", "case"})
    if taken:
        raise _wrong(taken[0], "is known from the roster and conduct.toml")
    context = parse_context({"conduct": [settings.address], **neighbours})
    board = (Group("board", settings.board, "board"),) if settings.board else ()
    return dataclasses.replace(
        context,
        conduct_aliases=tuple(settings.aliases),
        members=tuple(_person(each) for each in roster if each.is_present),
        groups=(*context.groups, *board),
        case=case,
    )


def lint_settings(place: Place) -> Settings:
    """What lint.toml says of rules and notes.  Raises WrongUsage: a rule that is not, or must not be lowered."""
    table = _lint_toml(place)
    severities: dict[str, Severity | None] = {}
    exceptions: dict[str, tuple[str, ...]] = {}
    for name, wanted in _table(table.get("rules", {}), "rules").items():
        said = _table(wanted, f"rules.{name}")
        if name not in RULES or said.keys() - {"severity", "exceptions"}:
            raise _wrong(f"rules.{name}", "no such rule, or a key besides severity and exceptions")
        if "severity" in said:
            severities[name] = _severity(said["severity"], name)
        exceptions[name] = tuple(str(word) for word in said.get("exceptions", ()))
    for name in lowered(severities.items()):
        raise _wrong(f"rules.{name}", "this rule is lifted by facts on record only, never lowered")
    return Settings(severities, exceptions, _table(table.get("notes", {}), "notes").get("members") != "readers")


def _lint_toml(place: Place) -> Mapping[str, Any]:
    file = place.home.configuration / "lint.toml"
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise WrongUsage("bad-lint-toml", f"{file} cannot be read: {error}.") from None


def _table(value: object, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _wrong(place, "must be a table")
    return value


def _severity(word: object, name: str) -> Severity | None:
    if word == "off":
        return None
    try:
        return Severity(word)
    except ValueError:
        raise _wrong(f"rules.{name}.severity", "must be error, warning, info or off") from None


def _wrong(place: str, what: str) -> WrongUsage:
    return WrongUsage("bad-lint-toml", f"lint.toml: {place}: {what}.")


def _person(member: Member) -> Person:
    return Person(member.name, member.addresses, member.nicknames, member.handles)


# ---------------------------------------------------------------- with the member's key


def look_up(
    place: Place, keyring: Keyring, transaction: Transaction, draft: Draft, people: Sequence[str], named: str | None
) -> Known:
    """Roster, thread and case for a draft; ``people`` are its recipients' addresses, ``named`` is --case.

    Raises WrongUsage: no case goes by that name.
    """
    roster = [each.member for each in members.load(transaction)]
    readable = viewing.find_mail(transaction, keyring)
    threads = _threads(draft, readable)
    case = _case_of(keyring, transaction, readable, threads, people, named)
    view = viewing.view(transaction, keyring, case) if case else None
    of_case = case.id if case else None
    wanted = [each for each in readable if each.stored.thread in threads or of_case in each.stored.cases]
    stored = [one for each in wanted for one in _stored(keyring, transaction, each)]
    on_record = _with_facts(keyring, transaction, view, _as_case(transaction, view, roster)) if view else None
    return Known(committee(place, roster, on_record), tuple(stored), view.closed_parts if view else ())


def _threads(draft: Draft, readable: Sequence[ShownMail]) -> set[str]:
    answered = {*draft.in_reply_to, *draft.references}
    return {each.stored.thread for each in readable if _message_id(each) in answered}


def _message_id(each: ShownMail) -> str:
    message = each.draft.message if each.draft else None
    return message.message_id if message and message.message_id else "\0"


def _case_of(
    keyring: Keyring, transaction: Transaction, readable: Sequence[ShownMail], threads: set[str], people: Sequence[str],
    named: str | None,
) -> cases.Case | None:  # fmt: skip
    """The case on record for the thread, else the one named, else the only live one that a recipient is a party of."""
    filed = [one for each in readable if each.stored.thread in threads for one in each.stored.cases]
    filed += [CaseId(one) for one in (mail.case_of_thread(transaction, thread) for thread in sorted(threads)) if one]
    for found in (cases.get(transaction, one) for one in filed):
        if found.status in _ON_RECORD:  # a dismissed draft was no report
            return found
    if named is not None:
        return cases.find(transaction, named)
    wanted = {canonical(address) for address in people}
    live = [each for each in cases.every(transaction, _LIVE) if _parties(keyring, transaction, each) & wanted]
    return live[0] if len(live) == 1 else None


def _parties(keyring: Keyring, transaction: Transaction, case: cases.Case) -> set[str]:
    view = viewing.view(transaction, keyring, case)
    named = [one for each in view.subjects if each.subject for one in each.subject.addresses]
    named += view.reporter.addresses if view.reporter else ()
    written = [one for each in view.mails if each.stored.kind is Kind.REPORT for one in _writers(each)]
    return {canonical(address) for address in (*named, *(each.address for each in written))}


def _writers(each: ShownMail) -> Sequence[Address]:
    message = each.draft.message if each.draft else None
    return (*message.from_, *message.reply_to) if message else ()


def _stored(keyring: Keyring, transaction: Transaction, each: ShownMail) -> list[Stored]:
    """A mail on record, and, of a forward, the mails that it carries: by it they have reached the mailbox."""
    draft = Draft(b"".join(mail.raw(transaction, keyring, each.stored.mail)))
    found = [Stored(draft, Via.CONDUCT)]
    if each.stored.kind is Kind.FORWARD:
        inner = [part for part in draft.attachments if part.type == "message/rfc822"]
        found += [Stored(Draft(part.content), Via.CONDUCT) for part in inner]
    return found


def _with_facts(keyring: Keyring, transaction: Transaction, view: CaseView, found: Case) -> Case:
    """What lifts the rules that nobody may override: permissions in writing, and the right of reply."""
    given = facts.permissions(transaction, keyring, view.case)
    consents = tuple(Consent(one.person, one.to, frozenset(one.scope), one.message_id, one.withdrawn) for one in given)
    first_day = facts.right_of_reply(transaction, keyring, view.case)
    return dataclasses.replace(found, consents=consents, right_of_reply=first_day)


def _as_case(transaction: Transaction, view: CaseView, roster: Sequence[Member]) -> Case:
    stage = _STAGES.get(view.case.status, Stage.CLOSED)
    if stage is Stage.INVESTIGATING and any(each.row.outcome for each in view.subjects):
        stage = Stage.DECIDED
    recused = cases.excluded_from(transaction, parts.case_object(view.case.id))
    reports = {each.stored.thread for each in view.mails if each.stored.kind is Kind.REPORT}
    return Case(
        code=view.case.code_name,
        stage=stage,
        reports=max(1, len(reports)),
        reporters=tuple(_reporters(view, roster)),
        subjects=tuple(
            Person(
                name=next(iter(each.subject.names), ""),
                addresses=each.subject.addresses,
                handles=(*each.subject.names[1:], *each.subject.handles, *each.subject.urls),
                status=each.row.outcome,
            )
            for each in view.subjects
            if each.subject is not None
        ),
        recused=tuple(address for each in roster if each.id in recused for address in each.addresses),
    )


def _reporters(view: CaseView, roster: Sequence[Member]) -> Iterable[Person]:
    """Who stands in the reporter's part, and whoever wrote a report: rather one protected too many."""
    known = {canonical(address) for each in roster for address in each.addresses}
    known |= {canonical(one) for each in view.subjects if each.subject for one in each.subject.addresses}
    if view.reporter is not None:
        names = view.reporter.names
        known |= {canonical(address) for address in view.reporter.addresses}
        yield Person(next(iter(names), ""), view.reporter.addresses, (), (*names[1:], *view.reporter.handles))
    for each in view.mails:
        for writer in _writers(each) if each.stored.kind is Kind.REPORT else ():
            if canonical(writer.address) not in known and "@" in writer.address:
                known.add(canonical(writer.address))
                yield Person(writer.name, (writer.address,))


# ---------------------------------------------------------------- without a key


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Locked:
    """What is known without a key: the committee, and whether the thread, and everybody in ``people``, are known."""

    context: Context
    is_known_thread: bool
    all_take_part: bool

    def __repr__(self) -> str:
        """What is known."""
        return f"Locked({self.is_known_thread}, {self.all_take_part})"


def look_up_locked(place: Place, store: Store, draft: Draft, people: Sequence[str]) -> Locked:
    """What can be said of a draft without anybody's key; ``people`` are the addresses outside that get it.

    Threads are known by keyed digests, which only the service can make.
    """
    with store.reading() as transaction:
        context = committee(place, [each.member for each in members.load(transaction)])
        if not wiring.is_service_user(place.home):
            return Locked(context, is_known_thread=False, all_take_part=False)
        tags = Tags(wiring.server_keys(place.home).tag_key)
        ids = [tags.message_id(one) for one in (*draft.in_reply_to, *reversed(draft.references))]
        threads = [thread for _, thread in finding.with_message_ids(transaction, ids)]
        outside = [address for address in people if not _is_ours(context, address)]
        known = bool(threads) and all(mail.takes_part(transaction, tags, threads[0], one) for one in outside)
        return Locked(context, bool(threads), known)


def _is_ours(context: Context, address: str) -> bool:
    ours = (*context.mailbox, *(one for each in context.members for one in each.addresses))
    return canonical(address) in {canonical(one) for one in ours}
