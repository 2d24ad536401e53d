"""The mail that reached the committee, as words: whose they are, who has them, and which of them were told to it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

from policies.lint.archives import Budget
from policies.lint.attached import Attached, read_attached
from policies.lint.checked import Checked, Stored
from policies.lint.displayed import Kind, Line, Text
from policies.lint.draft import Draft
from policies.lint.mentions import LONGEST_TEXT, within
from policies.lint.ngrams import MAX_WORDS, Passages, Words, words_of
from policies.lint.verdict import Role
from policies.patterns import late
from policies.values import value

#: What is compared of all earlier mails together: enough for thousands of letters.
_ALL_LETTERS: Final = 3 * LONGEST_TEXT
_ADDRESS: Final = late(r"[^\s<>@\[\]()\";:,]{1,64}@[^\s<>@\[\]()\";:,]{1,255}")
_PREFIXED: Final = late(r"\s*[^\s:]{1,4}\s?:")


@value
class StoredText:
    """A mail that reached the committee, as words: who wrote it, who had it, its own words, what it quotes, its files.

    Of a member's mail only what it quotes counts, "the committee may show what it wrote itself".  ``is_whole``: its
    texts were not left out for their length.
    """

    writer: str
    has: frozenset[str]
    is_ours: bool
    message_id: str
    own: Sequence[Words]
    quoted: Sequence[Words]
    files: Sequence[Words] = ()
    digests: frozenset[str] = frozenset()
    quoted_writers: frozenset[str] = frozenset()
    is_whole: bool = True

    def __repr__(self) -> str:
        """Whether it is ours."""
        return f"StoredText({'ours' if self.is_ours else 'theirs'})"

    @cached_property
    def told(self) -> Passages:
        """The words that were told to the committee."""
        return Passages(self.quoted if self.is_ours else (*self.own, *self.quoted, *self.files))

    @cached_property
    def all(self) -> Passages:
        """Every word that whoever had the mail has."""
        return Passages((*self.own, *self.quoted, *self.files))

    @cached_property
    def own_words(self) -> Passages:
        """What the writer wrote in this mail itself."""
        return Passages(self.own)


def store_of(checked: Checked) -> tuple[StoredText, ...]:
    """Every earlier message on record, as words and in its order; behind them the mails attached to any of them."""
    budget, too_long = Budget(), _left_out([each.draft for each in checked.stored])
    found: list[StoredText] = []
    carried: list[tuple[Draft, frozenset[str]]] = []
    for at, each in enumerate(checked.stored):
        files = read_attached(each.draft, budget)
        found.append(stored_text(checked, each.draft, files, has_texts=at not in too_long))
        carried += [(mail, found[-1].has) for file in files for mail in file.mails]
    return (*found, *_carried(checked, carried, budget))


def _carried(checked: Checked, mails: Sequence[tuple[Draft, frozenset[str]]], budget: Budget) -> Iterator[StoredText]:
    """The mails attached to one on record: they say themselves whose words they are, and its participants have them.

    By such a forward a member hands in what never reached the mailbox.
    """
    too_long = _left_out([mail for mail, _ in mails])
    for at, (mail, has) in enumerate(mails):
        inner = stored_text(checked, mail, read_attached(mail, budget), has_texts=at not in too_long)
        yield dataclasses.replace(inner, has=inner.has | has)


def _left_out(mails: Sequence[Draft]) -> frozenset[int]:
    """The places of the mails whose texts are left out where all together have too much: the longest.

    Whoever takes part in a thread can write to it without end; that must neither stop the check nor bury a report.
    """
    room, found = _ALL_LETTERS, set()
    for size, at in sorted((min(each.displayed_bytes, LONGEST_TEXT), at) for at, each in enumerate(mails)):
        room -= size
        if room < 0:
            found.add(at)
    return frozenset(found)


def stored_text(checked: Checked, mail: Draft, files: Iterable[Attached] = (), *, has_texts: bool = True) -> StoredText:
    """One mail; its attached mails count among its files."""
    read = tuple(files)
    own: list[Words] = []
    quoted: list[Words] = []
    named: set[str] = set()
    for text in mail.texts if has_texts else ():
        for line_kind, lines in blocks_of(within(text.lines)):
            (quoted if line_kind == "quote" else own).append(words_of("\n".join(line.text for line in lines)))
            if line_kind == "quote":
                named |= people_in(checked, _said(lines))
    writers = [checked.person(each.address) for each in mail.mailboxes("From")]
    writer = writers[0] if writers else ""
    is_ours = bool(writer) and checked.directory.role(writer) in {Role.COMMITTEE, Role.RECUSED}
    is_answer = _PREFIXED.match(mail.subject) is not None
    if not (is_ours and is_answer):  # a member's answer has the Subject of whom she answers
        (quoted if is_answer else own).append(words_of(mail.subject))
    return StoredText(
        writer,
        checked.participants(mail),
        is_ours,
        mail.message_id,
        own,
        quoted,
        tuple(words_of(text) for file in read for text in file.words),
        frozenset(digest for file in read if not file.is_logo for digest in file.digests),
        frozenset(named),
        has_texts,
    )


def blocks_of(lines: Sequence[Line]) -> Iterator[tuple[str, list[Line]]]:
    """Runs of lines of one sort, ``own`` or ``quote``; attributions and header lines go with the quote."""
    run: list[Line] = []
    for line in lines:
        if run and line.is_quoted != run[0].is_quoted and line.text.strip():
            yield ("quote" if run[0].is_quoted else "own"), run
            run = []
        if run or line.text.strip():
            run.append(line)
    if run:
        yield ("quote" if run[0].is_quoted else "own"), run


def _said(lines: Sequence[Line]) -> str:
    """The attribution and header lines of a quote."""
    return " ".join(line.text for line in lines if line.kind in {Kind.ATTRIBUTION, Kind.HEADERS})


def people_in(checked: Checked, said: str) -> set[str]:
    """Whom a line of a mail program names by address."""
    return {checked.person(address.strip(".'")) for address in _ADDRESS.findall(said[:20_000])}


def has_more_words(stored: Sequence[Stored]) -> bool:
    """Whether a text of an earlier mail goes on behind the words that are compared, or none of it is."""
    if not all(each.is_whole for each in stored) or _left_out([each.draft for each in stored]):
        return True
    return any(is_cut(text) for each in stored for text in each.draft.texts)


def is_cut(text: Text) -> bool:
    """Whether a displayed text has more letters, or more words, than are looked at."""
    length = sum(len(line.text) + 1 for line in text.lines)
    if length <= MAX_WORDS:  # a word has a letter at least
        return False
    return length > LONGEST_TEXT or len(words_of("\n".join(line.text for line in text.lines)).words) >= MAX_WORDS
