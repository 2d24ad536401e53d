"""What the draft changes about who is on the thread, and the notes that say so, for the rules on recipients."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from policies.blocks import header_block, quoted_header_block
from policies.lint.checked import Checked
from policies.lint.directory import CONDUCT
from policies.lint.displayed import Kind, Line, Text
from policies.lint.draft import Draft
from policies.lint.verdict import Role
from policies.notes import Bracket, Brackets, read_bare_note, read_notes
from policies.patterns import late
from policies.recipients import Changes, Participant, changes
from policies.values import value

_UNQUOTED: Final = late(r"[ \t\ufeff]*[>＞][ \t]?")
_INVISIBLE: Final = "\ufeff\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069"

_MOST_NAMES: Final = 16


@value
class Note:
    """One bracket in the draft.  ``is_top``: where it belongs; ``is_pasted``: with the quote sign of the example."""

    bracket: Bracket
    text: Text
    line: Line
    is_top: bool
    is_pasted: bool = False

    def __repr__(self) -> str:
        """Where it stands."""
        return f"Note({self.bracket.sign.value}, line {self.line.number})"


class Change:
    """A draft against the mail that it answers."""

    def __init__(self, checked: Checked) -> None:
        self.checked = checked

    def __repr__(self) -> str:
        """What it is about."""
        return f"Change({self.checked!r})"

    @cached_property
    def is_first(self) -> bool:
        """Whether nobody can have joined or left: a first mail, or a forward that starts anew."""
        checked = self.checked
        inside = not checked.others_than_committee()
        if checked.baseline is None:
            if is_forward(checked) and inside:
                return True
            return not checked.has_ids and not checked.says_reply
        return is_forward(checked) and (inside or not self._keeps_outsider)

    @cached_property
    def _keeps_outsider(self) -> bool:
        mail = self.checked.baseline.draft if self.checked.baseline else self.checked.draft
        before = {each.person for each in self._all_before(mail)}
        return any(each.person in before for each in self.checked.outside)

    @cached_property
    def is_unknown(self) -> bool:
        """Whether it answers a mail that is not on record."""
        return self.checked.baseline is None and not self.is_first

    @cached_property
    def changes(self) -> Changes:
        """Who joined and who left; nobody where that cannot be, or cannot be known."""
        if self.checked.baseline is None or self.is_first:
            return Changes((), ())
        mail = self.checked.baseline.draft
        authors = frozenset(self.checked.person(each.address) for each in mail.mailboxes("From", "Reply-To"))
        return changes(self._before, self.after, authors - self.left_out, self.left_out)

    @cached_property
    def left_out(self) -> frozenset[str]:
        """Who counts on neither side: the sender, the mailbox, and the members where a committee wants that."""
        readers: set[str] = set()
        if not self.checked.settings.members_are_visible:
            known = self.checked.directory.everybody()
            readers = {each.person for each in known if each.role is Role.COMMITTEE}
        return self.checked.senders | {CONDUCT} | readers

    @cached_property
    def after(self) -> tuple[Participant, ...]:
        """To and Cc of the draft."""
        return tuple(self._people(self.checked.draft, "To", "Cc"))

    @cached_property
    def _before(self) -> tuple[Participant, ...]:
        return self._all_before(self.checked.baseline.draft) if self.checked.baseline else ()

    def _all_before(self, mail: Draft) -> tuple[Participant, ...]:
        return tuple(self._people(mail, "From", "Reply-To", "To", "Cc"))

    def _people(self, mail: Draft, *fields: str) -> Iterator[Participant]:
        for field in fields:
            for mailbox in mail.mailboxes(field):
                yield self._participant(mailbox.name, mailbox.address, field)

    def _participant(self, name: str, address: str, field: str) -> Participant:
        person = self.checked.person(address)
        known = self.checked.known(person)
        names = dict.fromkeys([name, *self._names_seen.get(person, ()), *(known.names if known else ())])
        return Participant(
            person,
            address,
            tuple(each for each in names if each),
            known.nicknames if known else (),
            known.addresses if known else (),
            field,
        )

    @cached_property
    def _names_seen(self) -> dict[str, tuple[str, ...]]:
        """The display names, not without end, under which each person goes in the draft and the mail answered."""
        mails = [self.checked.draft, *([self.checked.baseline.draft] if self.checked.baseline else [])]
        seen: dict[str, dict[str, None]] = {}
        for mail in mails:
            for mailbox in mail.mailboxes("From", "Sender", "Reply-To", "To", "Cc", "Bcc"):
                names = seen.setdefault(self.checked.person(mailbox.address), {})
                if len(names) < _MOST_NAMES:
                    names[mailbox.name] = None
        return {person: tuple(names) for person, names in seen.items()}

    @cached_property
    def everybody(self) -> tuple[Participant, ...]:
        """Everybody whom a note could mean, changed or not: on the draft, on the mail answered, on record."""
        people = {each.person: each for each in self.after}
        mails = [self.checked.draft, *([self.checked.baseline.draft] if self.checked.baseline else [])]
        for mail in mails:
            for each in self._people(mail, "From", "Sender", "Reply-To", "To", "Cc", "Bcc"):
                people.setdefault(each.person, each)
        for known in self.checked.directory.everybody():
            address = known.addresses[0] if known.addresses else ""
            people.setdefault(
                known.person,
                Participant(known.person, address, known.names, known.nicknames, known.addresses),
            )
        return tuple(people.values())

    @cached_property
    def moved(self) -> frozenset[str]:
        """Who stands in another field than before, which ``[+cc X]`` may say."""
        before = {(each.person, each.field) for each in self._before}
        present = {person for person, _ in before}
        return frozenset(
            each.person for each in self.after if each.person in present and (each.person, each.field) not in before
        )

    @cached_property
    def conduct_changed(self) -> bool:
        """Whether the mailbox itself joined or left."""
        was = any(each.person == CONDUCT for each in self._before)
        return was is not any(each.person == CONDUCT for each in self.after)

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """Every note of every displayed text."""
        return tuple(note for text in self.checked.texts for note in notes_of(text))


def is_forward(checked: Checked) -> bool:
    """Whether the draft hands a mail on: by its Subject, or by what it carries where the Subject is no answer's."""
    inside = not checked.others_than_committee()
    subject = checked.draft.subject
    if checked.says_forward and (inside or not subject.casefold().startswith("vs")):
        return True
    return not checked.says_reply and (has_forward_block(checked) or has_attached_mail(checked.draft))


def has_attached_mail(draft: Draft) -> bool:
    """Whether a mail is attached as a mail."""
    return any(part.type in {"message/rfc822", "message/global"} for part in draft.attachments)


def has_forward_block(checked: Checked) -> bool:
    """Whether a mail program pasted a forwarded mail's header into the text."""
    for text in checked.texts:
        lines = [line.text for line in text.lines]
        for index, line in enumerate(text.lines):
            if line.kind is Kind.HEADERS:
                block = header_block(lines, index)
                return block is not None and (block.says_forward or not checked.says_reply)
            if line.kind is Kind.OWN and quoted_header_block(lines, index):
                return True
    return False


def notes_of(text: Text) -> Iterator[Note]:
    """The notes of one displayed text, in order."""
    at_top, index = True, 0
    while index < len(text.lines):
        line = text.lines[index]
        if at_top and (pasted := _pasted(text, index)):
            yield from pasted[0]
            index = pasted[1]
            continue
        if line.kind in {Kind.OWN, Kind.SIGNATURE}:
            read = read_notes(line.text)
            notes, at_top = _read_line(text, line, read, at_top=at_top)
            yield from notes
        elif line.is_quoted and line.text.strip():
            at_top = False
        index += 1


def _read_line(text: Text, line: Line, read: Brackets, *, at_top: bool) -> tuple[list[Note], bool]:
    """The notes that a line begins with, and whether what follows is still the top."""
    is_empty = not line.text.strip().strip(_INVISIBLE)
    if read.notes:
        top = at_top and line.kind is Kind.OWN
        return [Note(bracket, text, line, top) for bracket in read.notes], at_top
    if is_empty:
        return [], at_top
    bare = read_bare_note(line.text) if at_top and line.kind is Kind.OWN else None
    # Whether it is a note without brackets, names decide; until then the top goes on.
    return ([Note(bare, text, line, is_top=True)], at_top) if bare else ([], False)


def _pasted(text: Text, index: int) -> tuple[list[Note], int] | None:
    """Notes pasted with their quote sign, in the block of lines that begins here, and the line after it."""
    line = text.lines[index]
    if line.kind is not Kind.QUOTE or not line.text.strip():
        return None
    end, notes = index, []
    while end < len(text.lines) and _belongs(text.lines[end], line):
        said = _without_sign(text.lines[end])
        read = read_notes(said)
        if said.strip().strip(_INVISIBLE) and (not read.notes or read.rest):
            return None
        notes += [Note(bracket, text, text.lines[end], is_top=True, is_pasted=True) for bracket in read.notes]
        end += 1
    return (notes, end) if notes and not _goes_on_quoting(text, end) else None


def _belongs(line: Line, first: Line) -> bool:
    if first.is_bare_quote:
        return line.is_bare_quote
    # A line that format=flowed marks as quoted is no line that somebody typed.
    if line.kind is not Kind.QUOTE or line.is_stuffed is not first.is_stuffed:
        return False
    match = _UNQUOTED.match(line.text)
    return match is not None and not _UNQUOTED.match(line.text[match.end() :])


def _without_sign(line: Line) -> str:
    return line.text if line.is_bare_quote else _UNQUOTED.sub("", line.text, count=1)


def note_offset(note: Note) -> int:
    """How far into its line the text begins in which the bracket's places count."""
    return len(note.line.text) - len(_without_sign(note.line)) if note.is_pasted else 0


def _goes_on_quoting(text: Text, at: int) -> bool:
    """Whether the block was the beginning of a quote: more of it comes, or a line that says who wrote it."""
    if text.lines[at - 1].is_stuffed:
        # The member typed these lines herself; only a true quote right below makes them part of one.
        return at < len(text.lines) and text.lines[at].kind is Kind.QUOTE and not text.lines[at].is_stuffed
    following = next((line for line in text.lines[at:] if line.text.strip()), None)
    return following is not None and following.is_quoted
