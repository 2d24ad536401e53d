"""Which thread a mail belongs to, and why; and to which case it might belong, which only a member decides.

A mail joins by In-Reply-To and References alone, and only when its sender already takes part in that thread or is
a member: ids can be copied by anybody who has seen one.  A subject line, a known name or address may only suggest.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

from policies.addresses import canonical
from policies.case import CaseId, Suggestion
from policies.folding import fold, words
from policies.mail import Address, Kind, Message

MOST_IDS: Final = 100
_SUBJECT_LIMIT: Final = 1000
_MOST_PREFIXES: Final = 20
_PREFIX: Final = re.compile(
    r"\s*(?:\[[^\[\]]{1,40}\]\s*)?(?:re|aw|sv|vs|tr|rv|fw|fwd|wg|antw|odp|ynt|enc|res|rif|i|vb|doorst|回复|回覆|答复|"
    r"转发|轉寄|返信|転送)(?:\[\d{1,3}\]|\(\d{1,3}\))?\s*[:：]",
    re.IGNORECASE,
)
_LIST_TAG: Final = re.compile(r"\s*\[[^\[\]]{1,40}\]\s*")
_ID: Final = re.compile(r"<([^<>\s]{1,998})>")
_URL_TAIL: Final = re.compile(r"[/?#.,;)]+$")

Reason = Literal["own-answer", "member", "takes-part", "forged-or-new-sender", "no-ids", "unknown-ids"]


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """A known thread that one of the mail's ids points to, and whether its sender takes part in it."""

    thread: str
    sender_takes_part: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Match:
    """The thread that a mail joins, or None, and why."""

    thread: str | None
    reason: Reason


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Traces:
    """What ties mails to one another without proving anything; all of it lies open only on an unlocked machine."""

    addresses: frozenset[str] = frozenset()
    handles: frozenset[str] = frozenset()
    urls: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    subject_lines: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        """Nothing of them."""
        return "Traces(…)"


def ids_to_look_up(message: Message) -> tuple[str, ...]:
    """The Message-IDs that a mail answers, nearest first: In-Reply-To, then References from the end; each once.

    At most 100, and never the mail's own: loops and forged chains cost nothing.
    """
    asked = (*message.in_reply_to, *reversed(message.references))
    cleaned = (each.strip().strip("<>").strip() for each in asked[: 4 * MOST_IDS])
    found = dict.fromkeys(each for each in cleaned if each and each != message.message_id)
    return tuple(found)[:MOST_IDS]


def forwarded_ids(message: Message) -> tuple[str, ...]:
    """The Message-IDs of the mails that a mail's writer pasted, where her program tells (Thunderbird does)."""
    return tuple(_ID.findall(message.hint("x-forwarded-message-id")))[:MOST_IDS]


def names_one_writer(message: Message) -> bool:
    """Whether From names nobody beside the sender: of several, no mail server says which of them it vouches for."""
    named = {canonical(each.address) for each in message.from_ if "@" in each.address}
    return message.from_headers <= 1 and len(named) <= 1


def match(candidates: Sequence[Candidate], *, sender_is_member: bool, is_own: bool) -> Match:
    """The first thread in which the sender has a place; ``candidates`` in the order of ``ids_to_look_up``."""
    if not candidates:
        return Match(None, "unknown-ids")
    if is_own:
        return Match(candidates[0].thread, "own-answer")
    known = next((each for each in candidates if each.sender_takes_part), None)
    if known is not None:
        return Match(known.thread, "takes-part")
    if sender_is_member:
        return Match(candidates[0].thread, "member")
    return Match(None, "forged-or-new-sender")


def final_kind(kind: Kind, found: Match) -> Kind:
    """A report that joined a thread is a reply; everything else stays what it is."""
    return Kind.REPLY if kind is Kind.REPORT and found.thread is not None else kind


def base_subject(subject: str) -> str:
    """The subject without Re:, Fwd:, AW:, 回复: and list tags, folded for comparing.

    >>> base_subject("[list] Re: AW: Fwd: Shouting in the Hall")
    'shouting in the hall'
    """
    rest = subject[:_SUBJECT_LIMIT]
    for _ in range(_MOST_PREFIXES):
        prefix = _PREFIX.match(rest)
        if not prefix:
            break
        rest = rest[prefix.end() :]
    tag = _LIST_TAG.match(rest)
    return fold(rest[tag.end() :] if tag else rest)


def traces(subject: str, people: Iterable[Address], suggestions: Iterable[Suggestion], *, inside: str = "") -> Traces:
    """What a mail can be recognised by: its people, its subject lines, the subjects and contacts it proposes.

    ``people`` are outsiders only; ``inside`` is the subject of a forwarded mail.
    """
    addresses: set[str] = set()
    names: set[str] = set()
    handles: set[str] = set()
    urls: set[str] = set()
    for each in people:
        addresses.add(canonical(each.address))
        names.add(_name(each.name))
    for suggestion in suggestions:
        if suggestion.field in {"reporter", "named_subjects", "subject_contacts"}:
            _sort_in(suggestion.value, addresses, names, handles, urls)
    lines = {base_subject(each) for each in (subject, inside)}
    telling = frozenset(line for line in lines if len(line) > 8 and " " in line)  # noqa: PLR2004 "report" fits anybody
    return Traces(frozenset(addresses - {""}), frozenset(handles), frozenset(urls), frozenset(names - {""}), telling)


def _sort_in(value: str, addresses: set[str], names: set[str], handles: set[str], urls: set[str]) -> None:
    if "://" in value:
        urls.add(_URL_TAIL.sub("", value.strip()).casefold())
    elif "@" in value.strip("@"):
        addresses.add(canonical(value))
    elif _name(value):
        names.add(_name(value))
    elif named := words(value.lstrip("@")):
        handles.add(named[0])


@functools.lru_cache(maxsize=4096)
def _name(text: str) -> str:
    """A full name in a form that does not depend on its order; empty for a single word, which fits too many."""
    named = words(text)
    return " ".join(sorted(named)) if len(named) > 1 else ""


def suggest(new: Traces, known: Mapping[CaseId, Traces]) -> tuple[tuple[CaseId, str], ...]:
    """The cases that a draft may belong to, the likeliest first, with what they share in fixed words."""
    found: list[tuple[int, CaseId, str]] = []
    for case, old in known.items():
        shared = {
            "same address": new.addresses & old.addresses,
            "same account": new.handles & old.handles,
            "same link": new.urls & old.urls,
            "same name": new.names & old.names,
            "same subject line": new.subject_lines & old.subject_lines,
        }
        reasons = [reason for reason, values in shared.items() if values]
        if reasons:
            found.append((-len(reasons), case, ", ".join(reasons)))
    return tuple((case, why) for _, case, why in sorted(found))
