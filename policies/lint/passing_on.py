"""Words that people wrote to the committee, and their files, must not go to somebody who took no part in that mail.

communications.md, "Protect reporters": "Never forward communication … outside of the code of conduct committee,
without the express written permission of the person concerned."  No name need stand in it, and the subject's answer
is not for the reporter either.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

from policies.blocks import HeaderBlock, header_block, is_quoted, unquoted
from policies.lint.addresses import read_addresses
from policies.lint.attached import Attached, read_attached
from policies.lint.checked import Checked, at_line
from policies.lint.directory import CONDUCT
from policies.lint.displayed import Kind, Line, Text, read_kinds
from policies.lint.draft import Draft
from policies.lint.mentions import JoinedText, covers, within
from policies.lint.ngrams import QUOTED, TYPED, Passages, Stretch, Words, common, words_of
from policies.lint.rules import severity_of
from policies.lint.sentences import Span, quotations, sentences
from policies.lint.stored_words import StoredText, blocks_of, people_in, store_of, stored_text
from policies.lint.verdict import Finding, Recipient, Role
from policies.values import value

_SHORT_BLOCK: Final = (6, 8)
_QUOTED_WORDS: Final = 24


@value
class _Passage:
    """Words of the draft at a place that goes to everybody outside.  ``is_conclusive`` needs no words in common."""

    place: str
    words: Words
    limit: int
    text: Text | None = None
    joined: JoinedText | None = None
    offset: int = 0
    source: str = ""

    def __repr__(self) -> str:
        """Where."""
        return f"_Passage({self.place})"


class PassingOn:
    """What of the stored mail is in the draft, and for whom it is new."""

    def __init__(self, checked: Checked, files: Sequence[Attached]) -> None:
        self.checked = checked
        self.files = files

    def __repr__(self) -> str:
        """Whose draft."""
        return f"PassingOn({self.checked!r})"

    @cached_property
    def store(self) -> tuple[StoredText, ...]:
        """The mails on record, and those that the draft itself shows to have reached the mailbox."""
        shown = (found for found, _ in self._shown)
        return (*self._recorded, *shown)

    @cached_property
    def _shown(self) -> tuple[tuple[StoredText, Finding], ...]:
        """Mails that stand in the draft and show a conduct address: stored, though the store may lack them."""
        return (*self._shown_in_quotes(), *self._shown_in_files())

    def _shown_in_quotes(self) -> Iterator[tuple[StoredText, Finding]]:
        for text in self.checked.texts:
            yield from self._blocks_in(text)

    def _blocks_in(self, text: Text) -> Iterator[tuple[StoredText, Finding]]:
        lines = within(text.lines)
        plain = [unquoted(line.text) for line in lines]
        blocks = _header_blocks(plain)
        for block, following in zip(blocks, [*blocks[1:], None], strict=False):
            end = following.start if following else len(plain)
            is_marked = is_quoted(lines[block.start].text)
            body = plain[block.end : end] if is_marked else [line.text for line in lines[block.end : end]]
            found = self._of_block(block, "\n".join(body))
            if found is not None:
                finding = Finding("content-forwarded", severity_of("content-forwarded"), "", "quote", "A mail to us")
                yield found, at_line(finding, text, lines[block.start])

    def _of_block(self, block: HeaderBlock, body: str) -> StoredText | None:
        people = {field: self._people(block.value(field)) for field in ("from", "to", "cc")}
        everybody = frozenset().union(*people.values())
        if CONDUCT not in everybody:
            return None
        writer = next(iter(people["from"]), "")
        own: list[Words] = []
        quoted: list[Words] = []
        for line_kind, lines in blocks_of(read_kinds(body)):
            (quoted if line_kind == "quote" else own).append(words_of("\n".join(line.text for line in lines)))
        is_ours = bool(writer) and self.checked.directory.role(writer) in {Role.COMMITTEE, Role.RECUSED}
        return StoredText(writer, everybody | self._had(writer, own), is_ours, "", own, quoted)

    def _had(self, writer: str, own: Sequence[Words]) -> frozenset[str]:
        """Who took part in the mails on record that hold all words of a block; not every program shows its Cc."""
        runs = Passages(own).runs(QUOTED)
        return frozenset().union(
            *(each.has for each in self._recorded if each.writer == writer and runs and runs <= each.all.runs(QUOTED))
        )

    @cached_property
    def _recorded(self) -> tuple[StoredText, ...]:
        return store_of(self.checked)

    def _people(self, value: str) -> frozenset[str]:
        """Whom a printed header line names: by address, else by a name on record."""
        found = people_in(self.checked, value[:4000])
        names = {" ".join(part.split()).casefold() for part in re.split(r"[;,]", value[:4000]) if "@" not in part}
        names |= {each.name.casefold() for each in read_addresses(value[:4000]).mailboxes}
        for known in self.checked.directory.everybody():
            if any(name.casefold() in names for name in known.names):
                found.add(known.person)
        return frozenset(found)

    def _shown_in_files(self) -> Iterator[tuple[StoredText, Finding]]:
        for file in self.files:
            for mail in file.mails:
                people = self.checked.participants(mail)
                if CONDUCT in people:
                    finding = Finding(
                        "content-forwarded",
                        severity_of("content-forwarded"),
                        "",
                        "attachment",
                        f"{file.name}: a mail to us",
                    )
                    yield stored_text(self.checked, mail, read_attached(mail)), finding

    # ------------------------------------------------------------ one recipient

    def findings(self) -> Iterator[Finding]:
        """At most one finding a recipient, at the first place of the mail."""
        for recipient in self.checked.outside:
            if recipient.role is Role.RECUSED:
                continue
            found = next(self._for(recipient), None)
            if found:
                yield found

    def _for(self, recipient: Recipient) -> Iterator[Finding]:
        barred = [each for each in self.store if not self._may_have(each, recipient)]
        if not barred:
            return
        had = [each for each in self.store if recipient.person in each.has]
        allowed = [each for each in self.store if self._is_permitted(each.writer, recipient)]
        for place in ("body", "quote", "attachment"):
            yield from self._in_words(place, recipient, barred, had, allowed)
            yield from self._whole_mails(place, recipient)
        yield from self._same_files(recipient, barred, had)

    def _may_have(self, stored: StoredText, recipient: Recipient) -> bool:
        if recipient.person in stored.has:
            return True
        if stored.is_ours:
            role = self.checked.directory.role
            writers = {each for each in stored.quoted_writers if role(each) is not Role.COMMITTEE}
            return bool(writers) and all(self._is_permitted(writer, recipient) for writer in writers)
        return self._is_permitted(stored.writer, recipient)

    def _is_permitted(self, writer: str, recipient: Recipient) -> bool:
        return bool(writer) and any(
            "content" in consent.scope
            and self.checked.person(consent.person) == writer
            and covers(self.checked, consent, recipient)
            for consent in self.checked.consents
        )

    def _in_words(
        self,
        place: str,
        recipient: Recipient,
        barred: Sequence[StoredText],
        had: Sequence[StoredText],
        allowed: Sequence[StoredText],
    ) -> Iterator[Finding]:
        for passage in self._passages:
            if passage.place != place and not (place == "body" and passage.place == "Subject"):
                continue
            limit = passage.limit
            known = _union(each.told.runs(limit) for each in barred)
            known -= _union(each.all.runs(limit) for each in had)
            known -= _union(each.own_words.runs(limit) for each in (*allowed, *self._ours))
            for stretch in common(passage.words, known, limit) if known else ():
                yield self._finding(recipient, passage, stretch)

    @cached_property
    def _ours(self) -> tuple[StoredText, ...]:
        return tuple(each for each in self.store if each.is_ours)

    @cached_property
    def _passages(self) -> tuple[_Passage, ...]:
        found = [_Passage("Subject", words_of(self.checked.draft.subject), TYPED)]
        for text in self.checked.texts:
            for kind, lines in blocks_of(within(text.lines)):
                found.extend(self._quoted(text, lines) if kind == "quote" else self._typed(text, lines))
        for file in self.files:
            mail_words = [words for mail in file.mails for words in _mail_words(mail)]
            found.extend(_Passage("attachment", words, QUOTED, source=file.name) for words in mail_words)
            found.extend(_Passage("attachment", words_of(text), TYPED, source=file.name) for text in file.words)
        return tuple(found)

    def _quoted(self, text: Text, lines: Sequence[Line]) -> Iterator[_Passage]:
        joined = JoinedText(text, lines)
        words = words_of(joined.joined)
        said = [line for line in lines if line.kind is Kind.QUOTE]
        short = JoinedText(text, said)
        few = words_of(short.joined)
        if said and _SHORT_BLOCK[0] <= few.weight <= _SHORT_BLOCK[1]:
            yield _Passage("quote", few, few.weight, text, short)
        else:
            yield _Passage("quote", words, QUOTED, text, joined)

    def _typed(self, text: Text, lines: Sequence[Line]) -> Iterator[_Passage]:
        """Own words between the short quotations, which may stand."""
        joined = JoinedText(text, lines)
        at = 0
        for span in (*_allowed_quotations(joined.joined), Span(len(joined.joined), len(joined.joined))):
            yield _Passage("body", words_of(joined.joined[at : span.start]), TYPED, text, joined, at)
            at = span.end

    def _whole_mails(self, place: str, recipient: Recipient) -> Iterator[Finding]:
        """Mails that are passed on as such, however few their words."""
        for stored, finding in self._shown:
            if finding.place == place and not self._may_have(stored, recipient) and _tells(stored):
                yield self._said(recipient, finding, finding.message)
        if place != "attachment":
            return
        by_id = {each.message_id: each for each in self.store if each.message_id}
        for file in self.files:
            for mail in file.mails:
                known = by_id.get(mail.message_id)
                if known and not self._may_have(known, recipient) and _tells(known):
                    base = Finding("content-forwarded", severity_of("content-forwarded"), "", "attachment", "")
                    yield self._said(recipient, base, f"{file.name}: a mail on record")

    def _same_files(
        self, recipient: Recipient, barred: Sequence[StoredText], had: Sequence[StoredText]
    ) -> Iterator[Finding]:
        known = {digest for each in barred if not each.is_ours for digest in each.digests}
        known -= {digest for each in had for digest in each.digests}
        for file in self.files:
            if not file.is_logo and known.intersection(file.digests):
                base = Finding("content-forwarded", severity_of("content-forwarded"), "", "attachment", "")
                yield self._said(recipient, base, f"{file.name}: a file of a mail on record")

    def _finding(self, recipient: Recipient, passage: _Passage, stretch: Stretch) -> Finding:
        base = Finding("content-forwarded", severity_of("content-forwarded"), "", passage.place, "")
        if passage.text is not None and passage.joined is not None:
            line, column = passage.joined.line_at(passage.offset + stretch.start)
            length = min(stretch.end - stretch.start, len(line.text) - column)
            base = at_line(base, passage.text, line, column, length)
        where = f"{passage.source}: " if passage.source else ""
        return self._said(recipient, base, f"{where}{stretch.count} words of a mail on record")

    def _said(self, recipient: Recipient, found: Finding, what: str) -> Finding:
        return dataclasses.replace(
            found,
            about=recipient.address,
            message=f"{what} would go to {recipient.address}, who was not on it. Take it out, or record the writer's"
            " permission: conduct consent add …",
        )


def _union(sets: Iterable[frozenset[int]]) -> frozenset[int]:
    return frozenset().union(*sets)


def _tells(stored: StoredText) -> bool:
    """Whether a mail holds anything that was told to the committee."""
    return not stored.is_ours or any(words.words for words in stored.quoted)


def _mail_words(mail: Draft) -> Iterator[Words]:
    for text in mail.texts:
        for _, lines in blocks_of(within(text.lines)):
            yield words_of("\n".join(line.text for line in lines))


def _allowed_quotations(text: str) -> tuple[Span, ...]:
    """Single sentences of at most twelve words between quotation marks; two in a row are one."""
    joined: list[Span] = []
    for span in quotations(text):
        if joined and not words_of(text[joined[-1].end : span.start]).words:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(span for span in joined if _may_stand(text[span.start + 1 : span.end - 1]))


def _may_stand(inner: str) -> bool:
    return words_of(inner).weight <= _QUOTED_WORDS and len(sentences(inner)) <= 1


def _header_blocks(lines: Sequence[str]) -> list[HeaderBlock]:
    found: list[HeaderBlock] = []
    at = 0
    while at < len(lines):
        block = header_block(lines, at)
        if block and block.values:
            found.append(block)
            at = max(block.end, at + 1)
        else:
            at += 1
    return found
