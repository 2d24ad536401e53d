"""What the rules look at: the draft, what is on record, and everything that follows from both, worked out once."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from functools import cached_property
from typing import Final

from policies.lint.context import Case, Consent, Context
from policies.lint.directory import CONDUCT, Directory, Known
from policies.lint.displayed import Line, Text
from policies.lint.draft import PARTICIPANT_FIELDS, Draft
from policies.lint.verdict import Finding, Recipient, Role, Severity
from policies.lint.wording import Entry
from policies.patterns import late
from policies.values import value

_REPLY: Final = late(
    r"(?:re|aw|sv|vs|antw|rif|odp|回复|回覆|答复|答覆)(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]", re.IGNORECASE
)
_ANSWER_PREFIX: Final = late(
    r"\s*(?:re|aw|sv|vs|antw|rif|odp|fwd?|wg|tr|i|回复|回覆|答复|答覆|转发|轉寄)(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]\s*",
    re.IGNORECASE,
)
_FORWARD: Final = late(r"(?:fwd?|wg|vs|tr|i|rv|enc|转发|轉寄)\s*[:：]", re.IGNORECASE)
_MAX_ANCESTORS: Final = 10_000


class Via(Enum):
    """How an earlier message came to be known: through the mailbox, or only because a member handed it in."""

    CONDUCT = "conduct"
    MEMBER = "member"


@value
class Stored:
    """An earlier message on record; ``is_whole`` is False where only its beginning is known."""

    draft: Draft
    via: Via
    is_whole: bool = True

    def __repr__(self) -> str:
        """How it came."""
        return f"Stored({self.via.value})"


@value
class Settings:
    """What a committee may set.

    ``severities`` maps rules to severities, None for off; ``exceptions`` maps rules to words about which nothing is
    said; ``members_are_visible`` is False where members are left out of the notes; ``wording`` are the entries of the
    wording rules, of all languages.
    """

    severities: Mapping[str, Severity | None] = dataclasses.field(default_factory=dict)
    exceptions: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    members_are_visible: bool = True
    wording: Sequence[Entry] = ()

    def __repr__(self) -> str:
        """How much is set."""
        return f"Settings({len(self.severities)} severities)"


class Checked:
    """A draft, what is on record, and what follows.  Rules take this, and read; nothing is changed.

    ``envelope`` are the recipients that a mail program hands over beside the header; one that stands in neither To
    nor Cc counts as Bcc.  ``today`` is used only for a draft without Date.
    """

    def __init__(
        self,
        draft: Draft,
        context: Context,
        stored: Sequence[Stored],
        today: date,
        *,
        envelope: Sequence[str] = (),
        settings: Settings | None = None,
    ) -> None:
        self.draft = draft
        self.context = context
        self.stored = tuple(stored)
        self.today = today
        self.envelope = tuple(envelope)
        self.settings = settings or Settings()
        self.directory = Directory(context)

    def __repr__(self) -> str:
        """What it is about."""
        return f"Checked({self.draft!r}, {self.context!r})"

    # ------------------------------------------------------------ the case

    @property
    def case(self) -> Case | None:
        """The case on record, None where there is none: rules that need one are skipped."""
        return self.context.case

    @cached_property
    def day(self) -> date:
        """The day of the draft's Date in UTC, else the caller's."""
        return self.draft.date.date() if self.draft.date else self.today

    @cached_property
    def consents(self) -> tuple[Consent, ...]:
        """The permissions that still hold."""
        return tuple(each for each in (self.case.consents if self.case else ()) if each.withdrawn is None)

    # ------------------------------------------------------------ whom it reaches

    @cached_property
    def recipients(self) -> tuple[Recipient, ...]:
        """Everybody whom the mail reaches, each address once, in the order of To, Cc, Bcc, envelope."""
        found: dict[str, Recipient] = {}
        for field in ("To", "Cc", "Bcc"):
            for mailbox in self.draft.mailboxes(field):
                found.setdefault(mailbox.address.casefold(), self._recipient(mailbox.address, mailbox.name, field))
        for address in self.envelope:
            found.setdefault(address.casefold(), self._recipient(address, "", "Bcc"))
        return tuple(found.values())

    def _recipient(self, address: str, name: str, field: str) -> Recipient:
        person = self.directory.person(address)
        return Recipient(address, name or self._name_on_record(person), self.directory.role(person), field, person)

    def _name_on_record(self, person: str) -> str:
        known = self.directory.known(person)
        return next((name for name in known.names if name), "") if known else ""

    @cached_property
    def outside(self) -> tuple[Recipient, ...]:
        """The recipients who are no working members of the committee."""
        return tuple(each for each in self.recipients if each.is_outside)

    @cached_property
    def audience(self) -> frozenset[Role]:
        """The roles of all recipients."""
        return frozenset(each.role for each in self.recipients)

    def outside_with(self, *roles: Role) -> tuple[Recipient, ...]:
        """The recipients with one of these roles."""
        return tuple(each for each in self.recipients if each.role in roles)

    # ------------------------------------------------------------ people

    def person(self, address: str) -> str:
        """Whose address it is; see Directory."""
        return self.directory.person(address)

    def known(self, person: str) -> Known | None:
        """What is on record of a person."""
        return self.directory.known(person)

    @cached_property
    def senders(self) -> frozenset[str]:
        """The persons of From and Sender."""
        return frozenset(self.person(each.address) for each in self.draft.mailboxes("From", "Sender"))

    # ------------------------------------------------------------ what it answers

    @cached_property
    def _by_id(self) -> Mapping[str, Stored]:
        found: dict[str, Stored] = {}
        for each in self.stored:
            if each.draft.message_id:
                found.setdefault(each.draft.message_id, each)
        return found

    def stored_with(self, message_id: str) -> Stored | None:
        """The earlier message of that Message-ID."""
        return self._by_id.get(message_id)

    @cached_property
    def baseline(self) -> Stored | None:
        """The mail that the draft answers, None where it is a first mail or the mail is not on record."""
        answered = [self._by_id[one] for one in self.draft.in_reply_to if one in self._by_id]
        if answered:
            return max(answered, key=lambda each: each.draft.date or datetime.min.replace(tzinfo=UTC))
        return next((self._by_id[one] for one in reversed(self.draft.references) if one in self._by_id), None)

    @property
    def has_ids(self) -> bool:
        """Whether In-Reply-To or References say anything; some programs write them empty into a new mail."""
        header = self.draft.header
        return any(field.text for name in ("In-Reply-To", "References") for field in header.all(name))

    @property
    def says_reply(self) -> bool:
        """Whether the Subject begins like an answer's."""
        return _REPLY.match(self.draft.subject) is not None

    @property
    def says_forward(self) -> bool:
        """Whether the Subject begins like a forwarded mail's."""
        return _FORWARD.match(self.draft.subject) is not None

    @cached_property
    def ancestors(self) -> tuple[Stored, ...]:
        """Every known mail that the draft or one of its known ancestors names in In-Reply-To or References."""
        found: dict[str, Stored] = {}
        waiting = [*self.draft.in_reply_to, *self.draft.references]
        seen: set[str] = set()
        while waiting and len(seen) < _MAX_ANCESTORS:
            here = waiting.pop(0)
            if here in seen:
                continue
            seen.add(here)
            stored = self._by_id.get(here)
            if stored is not None:
                found[here] = stored
                waiting += [*stored.draft.in_reply_to, *stored.draft.references]
        return tuple(found.values())

    def participants(self, mail: Draft) -> frozenset[str]:
        """The persons who wrote or received a mail; the mailbox is ``CONDUCT`` among them."""
        return frozenset(self.person(each.address) for each in mail.mailboxes(*PARTICIPANT_FIELDS))

    def shown_on(self, mail: Draft) -> frozenset[str]:
        """The participants whom the mail itself shows to everybody: all but those in Bcc."""
        shown = (field for field in PARTICIPANT_FIELDS if field != "Bcc")
        return frozenset(self.person(each.address) for each in mail.mailboxes(*shown))

    def is_new_subject(self) -> bool:
        """Whether the Subject is the draft's own, not the one of the mail that it answers."""
        return self.baseline is None or bare_subject(self.draft.subject) != bare_subject(self.baseline.draft.subject)

    # ------------------------------------------------------------ its words

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """The displayed texts; none where the body cannot be read."""
        return self.draft.texts

    def own_lines(self) -> Iterator[tuple[Text, Line]]:
        """The writer's own lines of every displayed text, signature left out."""
        for text in self.texts:
            for line in text.own:
                yield text, line

    def others_than_committee(self) -> bool:
        """Whether anybody outside gets the mail."""
        return any(each.person != CONDUCT and each.is_outside for each in self.recipients)


def bare_subject(subject: str) -> str:
    """The Subject without the prefixes of answers and forwards, folded."""
    before = ""
    while before != subject:
        before, subject = subject, _ANSWER_PREFIX.sub("", subject, count=1)
    return " ".join(subject.split()).casefold()


def at_line(found: Finding, text: Text, line: Line, start: int = 0, length: int = 0) -> Finding:
    """The finding with its place in a displayed text: from character ``start`` of the line on, ``length`` of them."""
    return dataclasses.replace(
        found, line=line.number, column=start + 1, text=text.index, excerpt=line.text, length=length
    )
