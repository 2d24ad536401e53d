"""Which change each note means, and what is wrong with those that mean none, or more than one."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from typing import Final

from policies.lint.change import Change, Note
from policies.lint.directory import CONDUCT
from policies.lint.findings import cut, found_at
from policies.lint.verdict import Finding
from policies.notes import Entry, Sign, printed_entry
from policies.patterns import late
from policies.recipients import Participant, named_by
from policies.values import value

_REMARK_WORDS: Final = late(r"(?:who|as|for|from|since|because|fyi)\b", re.IGNORECASE)
_COMPILER_FLAG: Final = late(r"W[a-z]")
_NO_NAME: Final = late(r"[-=\d]")

Key = tuple[Sign, str]


@value
class Meant:
    """One name of a note, and whom it may mean among the changed of its sign, those of the other, and the rest."""

    note: Note
    entry: Entry
    changed: tuple[Participant, ...]
    other: tuple[Participant, ...]
    known: tuple[Participant, ...]
    words: str

    def __repr__(self) -> str:
        """How many it may mean."""
        return f"Meant({len(self.changed)}, {len(self.other)}, {len(self.known)})"


class Judged:
    """``top``: in which texts each change is noted where it belongs; ``low``: noted, but further down, with the words.

    ``excused`` are persons about whom a finding has said enough; ``wordings`` are the notes as written.
    """

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.top: dict[Key, frozenset[int]] = {}
        self.low: dict[Key, tuple[Note, str, str]] = {}
        self.excused: set[str] = set()
        self.wordings: dict[Key, str] = {}

    def __repr__(self) -> str:
        """How many findings."""
        return f"Judged({len(self.findings)} findings)"


def judge(change: Change) -> Judged:
    """Every note of the draft held against what changed."""
    judged = Judged()
    for meant, people in meanings(change):
        if meant.changed:
            _judge_true(judged, meant, people)
        else:
            _judge_false(change, judged, meant)
    return judged


def meanings(change: Change) -> Iterator[tuple[Meant, tuple[Participant, ...]]]:
    """Every name of every note, and whom of the changed it means when the other notes of its text are counted."""
    for text in change.checked.texts:
        meant = [each for note in change.notes if note.text is text for each in _entries(change, note)]
        settled = _settle([each for each in meant if each.changed])
        for each in meant:
            yield each, settled.get(id(each), ())


def finding_at(rule: str, note: Note, about: str, message: str, *, fixable: bool = False) -> Finding:
    """A finding at a note; it belongs to the body even where the note was pasted with a quote sign."""
    bracket = note.bracket
    made = found_at(
        rule, about, message, note.text, note.line,
        start=bracket.start, length=bracket.end - bracket.start, fixable=fixable,
    )  # fmt: skip
    return dataclasses.replace(made, place="body")


# ---------------------------------------------------------------- whom an entry may mean


def _entries(change: Change, note: Note) -> Iterator[Meant]:
    """The persons that a bracket names: taken as one person first, then split at its separators."""
    bracket = note.bracket
    if len(bracket.entries) > 1:
        whole = _meant(change, note, bracket.whole)
        if _is_whole(whole):
            yield whole
            return
    follows_match = False
    for entry in bracket.entries:
        meant = _meant(change, note, entry)
        matches = bool(meant.changed or meant.other or meant.known)
        if not matches and (follows_match and _reads_like_remark(entry.written)):
            continue
        if not matches and _is_no_note(note, entry):
            continue
        if note.bracket.is_bare and not (meant.changed and meant.words == meant.entry.name):
            return
        follows_match = follows_match or matches
        yield meant


def _is_whole(meant: Meant) -> bool:
    """Whether the bracket, separators and all, is one name: "Park, John"."""
    named = meant.changed or meant.other or meant.known
    return bool(named) and not meant.entry.address and meant.words == meant.entry.name


def _reads_like_remark(written: str) -> bool:
    return written[:1].islower() or written[:1].isdigit() or _REMARK_WORDS.match(written) is not None


def _is_no_note(note: Note, entry: Entry) -> bool:
    """``[-Wextra]``, ``[-j4]``: a switch of a program, or prose far from the top that names nobody."""
    if not note.is_top:
        return True
    if note.bracket.is_tight and entry.sign is Sign.MINUS and " " not in entry.written:
        return _NO_NAME.search(entry.written) is not None or _COMPILER_FLAG.match(entry.written) is not None
    return False


def _meant(change: Change, note: Note, entry: Entry) -> Meant:
    signed = change.changes.added if entry.sign is Sign.PLUS else change.changes.removed
    other = change.changes.removed if entry.sign is Sign.PLUS else change.changes.added
    if entry.address:
        return _by_address(change, note, entry, signed, other)
    words = entry.name
    best, length = named_by(words, (*signed, *other, *change.everybody))
    if entry.field:
        # "To" and "Cc" are also names; the whole entry may be somebody's.
        whole, whole_length = named_by(entry.written, (*signed, *other, *change.everybody))
        if whole_length > length + 1 or (whole and not best):
            best, length, words = whole, whole_length, entry.written
    people = {id(each) for each in best}
    changed = {each.person for each in (*signed, *other)}
    return Meant(
        note,
        dataclasses.replace(entry, name=words),
        tuple(each for each in signed if id(each) in people),
        tuple(each for each in other if id(each) in people),
        tuple(each for each in best if each.person not in changed),
        " ".join(words.split()[:length]),
    )


def _by_address(
    change: Change, note: Note, entry: Entry, signed: Sequence[Participant], other: Sequence[Participant]
) -> Meant:
    person = change.checked.person(entry.address)
    is_changed = _with(signed, person) or _with(other, person)
    known = () if is_changed else _with(change.everybody, person)
    return Meant(note, entry, _with(signed, person), _with(other, person), known, entry.name or entry.address)


def _with(people: Sequence[Participant], person: str) -> tuple[Participant, ...]:
    return tuple(each for each in people if each.person == person)


# ---------------------------------------------------------------- names that fit several


def _settle(meant: Sequence[Meant]) -> dict[int, tuple[Participant, ...]]:
    """For each entry the persons it can still mean when the other entries are counted."""
    open_: dict[int, tuple[Participant, ...]] = {id(each): each.changed for each in meant}
    taken: set[Key] = set()
    signs = {id(each): each.entry.sign for each in meant}
    while sure := [
        key for key, people in open_.items() if len(people) == 1 and (signs[key], people[0].person) not in taken
    ]:
        taken.update((signs[key], open_[key][0].person) for key in sure)
        for key, people in open_.items():
            if len(people) > 1:
                left = tuple(each for each in people if (signs[key], each.person) not in taken)
                open_[key] = left or people[:1]
    # As many notes of one name as people who have it: each of them is noted.
    for people in {people for people in open_.values() if len(people) > 1}:
        same = [key for key, each in open_.items() if each == people]
        if len(same) >= len(people):
            open_.update((key, (people[index % len(people)],)) for index, key in enumerate(same))
    return open_


# ---------------------------------------------------------------- what is said


def _judge_true(judged: Judged, meant: Meant, people: Sequence[Participant]) -> None:
    note, entry = meant.note, meant.entry
    wording = printed_entry(entry)
    if len(people) > 1:
        fits = " and ".join(each.shown for each in people)
        message = f'"{wording}" fits {fits}; add the surname or the address.'
        judged.findings.append(finding_at("note-ambiguous", note, meant.words, message))
        judged.excused.update(each.person for each in people)
        return
    key = (entry.sign, people[0].person)
    if not note.is_top:
        judged.low.setdefault(key, (note, meant.words, wording))
        return
    judged.top[key] = judged.top.get(key, frozenset()) | {note.text.index}
    judged.wordings.setdefault(key, wording)
    if note.is_pasted:
        message = f'Drop the ">": write "{wording}".'
        judged.findings.append(finding_at("note-form", note, meant.words, message, fixable=True))
    elif note.bracket.is_bare:
        message = f'Write it in brackets: "{wording}".'
        judged.findings.append(finding_at("note-form", note, meant.words, message, fixable=True))


def _judge_false(change: Change, judged: Judged, meant: Meant) -> None:
    note, entry = meant.note, meant.entry
    if meant.other:
        was = "added, not removed" if entry.sign is Sign.MINUS else "removed, not added"
        right = printed_entry(dataclasses.replace(entry, sign=entry.sign.other))
        message = f'{meant.words} was {was}: write "{right}".'
        judged.findings.append(finding_at("note-sign", note, meant.words, message, fixable=True))
        judged.excused.update(each.person for each in meant.other)
        return
    if any(_is_tolerated(change, entry, each) for each in meant.known):
        return
    about = meant.words or entry.written
    message = f"{printed_entry(entry)}: {_why_false(change, meant)}"
    judged.findings.append(finding_at("note-false", note, cut(about), message, fixable=True))


def _is_tolerated(change: Change, entry: Entry, person: Participant) -> bool:
    if person.person == CONDUCT:
        return change.conduct_changed
    if person.person in change.checked.senders:
        return not change.is_first
    return person.person in change.moved and bool(entry.field)


def _why_false(change: Change, meant: Meant) -> str:
    name = meant.words or meant.entry.written
    if change.is_first:
        return "this begins a thread, so nobody can have joined or left; remove the note."
    if not meant.known:
        return f"nobody called {name} joined or left; remove the note or mend the recipients."
    present = any(each.person in {one.person for one in change.after} for each in meant.known)
    if meant.entry.sign is Sign.PLUS and present:
        return f"{name} was already on the thread; remove the note or the recipient change is missing."
    if meant.entry.sign is Sign.MINUS and present:
        return f"{name} is still a recipient; remove the note or the recipient change is missing."
    where = "is no recipient" if meant.entry.sign is Sign.PLUS else "was not on the mail you answer"
    return f"{name} {where}; remove the note or the recipient change is missing."
