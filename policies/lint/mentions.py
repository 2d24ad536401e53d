"""Where a draft names the people of a case: every text, header, link and file, each place told apart."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

from policies.addresses import canonical
from policies.lint.attached import Attached
from policies.lint.attached import Kind as FileKind
from policies.lint.checked import Checked, at_line
from policies.lint.context import Consent, Person
from policies.lint.displayed import Kind, Line, Text
from policies.lint.folded import fold
from policies.lint.hits import Hit, Naming, Searched, find, find_in_file_name, naming
from policies.lint.namesakes import Namesakes
from policies.lint.verdict import Finding, Recipient, Role, Severity
from policies.patterns import late
from policies.values import value

_PERCENT: Final = late(r"(?:%[0-9A-Fa-f]{2})+")
# Looked at by rules of their own, or holding nothing that a person wrote.
_OTHER_HEADERS: Final = frozenset({
    "from", "to", "cc", "bcc", "reply-to", "subject", "date", "mime-version", "content-type",
    "content-transfer-encoding", "dkim-signature", "arc-seal", "arc-message-signature",
})  # fmt: skip
_MAILBOX_HEADERS: Final = ("From", "To", "Cc", "Bcc", "Reply-To")
_SHORTEST_LOCAL: Final = 5
# More than this is no letter; what goes beyond is not read, and that is an error.
LONGEST_TEXT: Final = 2_000_000


@value
class Party:
    """Somebody of the case: what is on record, by what they are named, and what they are to it."""

    person: Person
    naming: Naming
    role: Role
    key: str

    def __repr__(self) -> str:
        """The role."""
        return f"Party({self.role.value})"

    @property
    def is_protected(self) -> bool:
        """Reporters and witnesses."""
        return self.role is not Role.SUBJECT


@value
class Mention:
    """A party named at a place.  ``source`` is ``own``, ``quote``, ``Subject``, ``header`` or ``attachment``.

    ``mailbox`` is the address beside which a header shows the name; its owner learns nothing by that.
    """

    party: Party
    source: str
    place: str
    matched: str
    is_sure: bool
    detail: str = ""
    text: Text | None = None
    line: Line | None = None
    column: int = 0
    mailbox: str = ""

    def __repr__(self) -> str:
        """Where."""
        return f"Mention({self.source}, {self.place})"

    @property
    def about(self) -> str:
        """The name on record, with what the draft writes where that is something else."""
        name = self.party.person.name or self.matched
        return name if self.matched.casefold() == name.casefold() else f"{name} ({' '.join(self.matched.split())})"

    def about_to(self, other: Recipient) -> str:
        """What a finding on one more recipient is about: in To, Cc and the like the address that stands there."""
        return self.mailbox or f"{self.about} to {other.address}"

    def finding(self, rule: str, severity: Severity, about: str, message: str) -> Finding:
        """A finding about this place; one that rests on an inflected form alone only warns."""
        if not self.is_sure and severity is Severity.ERROR:
            severity = Severity.WARNING
        hides = tuple(word for word in (self.matched, self.detail) if word and self.party.is_protected)
        found = Finding(rule, severity, about, self.place, message, hides=hides)
        if self.text is None or self.line is None:
            return found
        return at_line(found, self.text, self.line, self.column, len(self.matched))


def parties_of(checked: Checked) -> tuple[Party, ...]:
    """Reporters, subjects and witnesses of the case, each by all that is on record."""
    if checked.case is None:
        return ()
    groups = (
        (Role.REPORTER, checked.case.reporters),
        (Role.SUBJECT, checked.case.subjects),
        (Role.WITNESS, checked.case.witnesses),
    )
    return tuple(_party(checked, role, person) for role, people in groups for person in people)


def _party(checked: Checked, role: Role, person: Person) -> Party:
    key = checked.person(person.addresses[0]) if person.addresses else ""
    known = checked.known(key)
    addresses = known.addresses if known else person.addresses
    return Party(person, naming(person.name, addresses, person.handles + person.nicknames), role, key)


def covers(checked: Checked, consent: Consent, recipient: Recipient) -> bool:
    """Whether a permission is for this recipient: everybody, the address, or the role."""
    return any(
        to in {"*", recipient.role.value} or ("@" in to and checked.person(to) == recipient.person) for to in consent.to
    )


def is_cleared(checked: Checked, party: Party, recipient: Recipient) -> bool:
    """Whether the recipient may know of the party: the committee, the person, or by permission to be named."""
    if recipient.role is Role.COMMITTEE or (party.key and recipient.person == party.key):
        return True
    return any(
        "identity" in consent.scope
        and checked.person(consent.person) == party.key
        and covers(checked, consent, recipient)
        for consent in checked.consents
    )


def uncleared(checked: Checked, party: Party) -> tuple[Recipient, ...]:
    """The recipients who must not learn of the party."""
    return tuple(each for each in checked.outside if not is_cleared(checked, party, each))


def unquoted_url(value: str) -> str:
    """A link's target with ``%40`` and the like undone."""
    return _PERCENT.sub(lambda match: bytes.fromhex(match[0].replace("%", "")).decode("utf-8", "replace"), value)


def within(lines: Sequence[Line], limit: int = LONGEST_TEXT) -> Sequence[Line]:
    """The lines as far as they hold ``limit`` characters together."""
    left = limit
    for index, line in enumerate(lines):
        left -= len(line.text) + 1
        if left < 0:
            return (*lines[:index], line._replace(text=line.text[:left]))
    return lines


class JoinedText:
    """A displayed text as one string, from which every place leads back to its line."""

    def __init__(self, text: Text, lines: Sequence[Line] | None = None) -> None:
        self.text = text
        self.lines = tuple(within(text.lines) if lines is None else lines)
        self.starts: list[int] = []
        at = 0
        for line in self.lines:
            self.starts.append(at)
            at += len(line.text) + 1
        self.joined = "\n".join(line.text for line in self.lines)

    def __repr__(self) -> str:
        """Which text."""
        return f"JoinedText({self.text!r})"

    def line_at(self, position: int) -> tuple[Line, int]:
        """The line at a place, and the column in it from 0."""
        index = max(0, bisect.bisect_right(self.starts, position) - 1)
        return self.lines[index], position - self.starts[index]


class Mentions:
    """Every place at which the draft names a party, found when first asked for."""

    def __init__(self, checked: Checked, files: Sequence[Attached]) -> None:
        self.checked = checked
        self.files = files
        self.parties = parties_of(checked)
        self._namesakes = Namesakes(checked)

    def __repr__(self) -> str:
        """Whose draft."""
        return f"Mentions({self.checked!r})"

    def _find(self, searched: Searched, party: Party) -> Iterator[Hit]:
        return self._namesakes.others(searched.text, find(searched, party.naming), party.naming)

    @cached_property
    def all(self) -> tuple[Mention, ...]:
        """Every mention of every party, in the order of the mail."""
        return (*self._subject(), *self._headers(), *self._texts(), *self._hidden(), *self._files())

    @cached_property
    def texts(self) -> tuple[JoinedText, ...]:
        """The displayed texts, joined."""
        return tuple(JoinedText(text) for text in self.checked.texts)

    def _subject(self) -> Iterator[Mention]:
        searched = Searched(self.checked.draft.subject)
        for party in self.parties:
            for hit in self._find(searched, party):
                yield Mention(party, "Subject", "Subject", hit.text, hit.is_sure)

    def _texts(self) -> Iterator[Mention]:
        for joined in self.texts:
            searched = Searched(joined.joined)
            for party in self.parties:
                for hit in self._find(searched, party):
                    line, column = joined.line_at(hit.start)
                    place = "quote" if line.is_quoted else "body"
                    source = "quote" if line.is_quoted else "own"
                    yield Mention(party, source, place, hit.text, hit.is_sure, "", joined.text, line, column)

    def _hidden(self) -> Iterator[Mention]:
        for text in self.checked.texts:
            for hidden in text.hidden:
                searched = Searched(unquoted_url(hidden.value))
                source, place = ("quote", "quote") if hidden.is_quoted else ("own", "body")
                for party in self.parties:
                    for hit in self._find(searched, party):
                        yield Mention(party, source, place, hit.text, hit.is_sure, f"in a {hidden.attribute}")

    def _headers(self) -> Iterator[Mention]:
        draft = self.checked.draft
        for field in draft.header.fields:
            if field.name.casefold() not in _OTHER_HEADERS:
                yield from self._in_header(field.name, field.text)
        for name in _MAILBOX_HEADERS:
            for mailbox in draft.mailboxes(name):
                yield from self._in_mailbox(name, mailbox.name, mailbox.address)

    def _in_header(self, name: str, value: str) -> Iterator[Mention]:
        searched = Searched(value)
        is_id = name.casefold() in {"message-id", "references", "in-reply-to"}
        for party in self.parties:
            hits = tuple(self._find(searched, party))
            for hit in hits:
                yield Mention(party, "header", name, hit.text, hit.is_sure)
            if is_id and not hits:
                yield from self._local_parts(party, name, value)

    def _local_parts(self, party: Party, name: str, value: str) -> Iterator[Mention]:
        """Mail programs build ids from the address of who writes: her local part gives her away."""
        ours = {address.rpartition("@")[2].casefold() for address in self.checked.context.mailbox}
        for one in value.casefold().split():
            domain = one.strip("<>,").rpartition("@")[2]
            if domain in ours or any(domain.endswith(f".{each}") for each in ours):
                continue
            for address in party.naming.addresses:
                local = canonical(address).rpartition("@")[0]
                if len(local) >= _SHORTEST_LOCAL and local in one:
                    yield Mention(party, "header", name, local, is_sure=True)

    def _in_mailbox(self, name: str, shown: str, address: str) -> Iterator[Mention]:
        """A display name may say more than the address, to all but its owner; the address itself says who it is.

        A reporter's or witness's among the recipients is looked at by a rule of its own.  A subject's only warns: that
        he gets a mail says less than his name in it, and he may have put the others there himself.
        """
        person, searched = self.checked.person(address), Searched(shown)
        known = self.checked.known(person)
        own_names = " ".join(fold(each) for each in known.names) if known else ""
        for party in self.parties:
            if party.key and person == party.key:
                if name in {"From", "Reply-To"} or (name != "Bcc" and not party.is_protected):
                    yield Mention(party, "header", name, address, is_sure=party.is_protected, mailbox=address)
                continue
            for hit in self._find(searched, party):
                if fold(hit.text) not in own_names:
                    yield Mention(party, "header", name, hit.text, hit.is_sure, mailbox=address)

    def _files(self) -> Iterator[Mention]:
        for file in self.files:
            for each in file.texts:
                searched = Searched(each.text)
                for party in self.parties:
                    is_name = each.kind is FileKind.NAME
                    for hit in find_in_file_name(each.text, party.naming) if is_name else self._find(searched, party):
                        detail = f"{file.name}: {each.where}" if each.where else file.name
                        yield Mention(party, "attachment", "attachment", hit.text, hit.is_sure, detail)


def is_own_kind(line: Line) -> bool:
    """Own words and signature, not quotes."""
    return line.kind in {Kind.OWN, Kind.SIGNATURE}
