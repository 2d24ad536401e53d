"""What ``--fix`` would change about the notes: which go, which are written anew, which come to the top, and where."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from policies.lint.change import Change, Note, note_offset
from policies.lint.judging import Judged, Key, Meant, judge, meanings
from policies.lint.placing import LineEdit
from policies.lint.verdict import Finding, Verdict
from policies.notes import Entry, Sign, print_note, printed_entry, read_notes
from policies.recipients import Participant
from policies.values import value

NOTE_RULES: Final = frozenset({"note-missing", "note-sign", "note-false", "note-place", "note-form", "note-parts"})

# A note takes what stands in brackets for a remark.
_REMARK: Final = re.compile(r"\([^()]*\)")

Wanted = frozenset[tuple[str, str]]


@value
class Insertion:
    """A note for the top of one displayed text: the wordings that would do, the best first."""

    wordings: tuple[str, ...]

    def __repr__(self) -> str:
        """How many wordings."""
        return f"Insertion({len(self.wordings)})"


@value
class Plan:
    """For each displayed text, by its index: what changes in its lines, and what comes above them."""

    edits: Mapping[int, Sequence[LineEdit]]
    insertions: Mapping[int, Sequence[Insertion]]

    def __repr__(self) -> str:
        """How much."""
        return f"Plan({len(self.edits)}, {len(self.insertions)})"

    @property
    def texts(self) -> tuple[int, ...]:
        """The texts that change."""
        return tuple(sorted({*self.edits, *self.insertions}))


def plan_notes(change: Change, verdict: Verdict) -> Plan:
    """What must change for the findings of this verdict that can be mended; nothing for others."""
    judged = judge(change)
    wanted = frozenset((each.rule, each.about.casefold()) for each in verdict.to_mend)
    missing = list(_missing(change, judged, wanted))
    insertions: dict[int, list[Insertion]] = {}
    for _, texts, insertion in missing:
        for index in texts:
            insertions.setdefault(index, []).append(insertion)
    moved = {(key, index) for key, texts, _ in missing for index in texts}
    edits: dict[int, list[LineEdit]] = {}
    for note, kept in _rewritten(change, judged, wanted, moved):
        index = note.text.index
        edits.setdefault(index, []).append(_edit(note, kept))
        if note.line.is_bare_quote and kept:
            insertions.setdefault(index, []).append(Insertion((kept,)))
    return Plan(edits, insertions)


# ---------------------------------------------------------------- what is missing


def _missing(change: Change, judged: Judged, wanted: Wanted) -> Iterator[tuple[Key, tuple[int, ...], Insertion]]:
    for sign, people in ((Sign.PLUS, change.changes.added), (Sign.MINUS, change.changes.removed)):
        for person in people:
            key = (sign, person.person)
            noted_in = judged.top.get(key, frozenset())
            if person.person in judged.excused or (_reason(judged, key, person) & wanted) == frozenset():
                continue
            lacking = tuple(text.index for text in change.checked.texts if text.index not in noted_in)
            if lacking:
                yield key, lacking, Insertion(tuple(_wordings(change, judged, key, person)))


def _reason(judged: Judged, key: Key, person: Participant) -> Wanted:
    """The finding that would ask for this note."""
    low = judged.low.get(key)
    if judged.top.get(key):
        return frozenset({("note-parts", person.address.casefold())})
    if low is not None:
        return frozenset({("note-place", low[1].casefold())})
    return frozenset({("note-missing", person.address.casefold())})


def _wordings(change: Change, judged: Judged, key: Key, person: Participant) -> Iterator[str]:
    """As it is written already, else by the name, else by whatever else names this person alone."""
    written = judged.wordings.get(key) or (judged.low[key][2] if key in judged.low else "")
    if written:
        yield written
    local = person.address.rpartition("@")[0].partition("+")[0] if person.names else ""
    names = (" ".join(_REMARK.sub(" ", name).split()) for name in person.names)
    for name in dict.fromkeys((*names, *person.nicknames, local, person.address, *person.addresses)):
        note = print_note(key[0], [name])
        if name == person.address or (_is_alone(change, person, name) and _reads_back(note, name)):
            yield note


def _is_alone(change: Change, person: Participant, name: str) -> bool:
    return person.is_called(name) and not any(
        each.person != person.person and each.is_called(name) for each in change.everybody
    )


def _reads_back(note: str, name: str) -> bool:
    found = read_notes(note).notes
    plain = " ".join(name.split())
    return len(found) == 1 and any(each.name == plain for each in (found[0].whole, *found[0].entries[:1]))


# ---------------------------------------------------------------- what is written otherwise


def _rewritten(
    change: Change, judged: Judged, wanted: Wanted, moved: set[tuple[Key, int]]
) -> Iterator[tuple[Note, str]]:
    """Each note that changes, with what is to stand in its place."""
    said = {_place(each): each for each in judged.findings}
    told: dict[int, list[tuple[Meant, tuple[Participant, ...]]]] = {}
    for one, meant_people in meanings(change):
        told.setdefault(id(one.note), []).append((one, meant_people))
    for note in change.notes:
        here = told.get(id(note), [])
        fates = [_fate(meant, people, said, wanted, moved) for meant, people in here]
        if note.line.is_bare_quote or any(fate != _KEEP for fate in fates):
            by_words = {meant.entry.written: fate for (meant, _), fate in zip(here, fates, strict=True)}
            yield note, _printed(note, by_words)


_KEEP: Final = "keep"
_DROP: Final = "drop"
_FLIP: Final = "flip"
_PRINT: Final = "print"


def _fate(
    meant: Meant,
    people: Sequence[Participant],
    said: Mapping[tuple[str, str, int, int, int], Finding],
    wanted: Wanted,
    moved: set[tuple[Key, int]],
) -> str:
    text = meant.note.text.index
    if meant.changed and len(people) == 1 and not meant.note.is_top:
        return _DROP if ((meant.entry.sign, people[0].person), text) in moved else _KEEP
    for rule, fate in (("note-form", _PRINT), ("note-sign", _FLIP), ("note-false", _DROP)):
        for about in (meant.words, meant.entry.written):
            place = (rule, about.casefold(), text, meant.note.line.number, meant.note.bracket.start)
            if place in said and (rule, about.casefold()) in wanted:
                return fate
    return _KEEP


def _place(finding: Finding) -> tuple[str, str, int, int, int]:
    return (finding.rule, finding.about.casefold(), finding.text, finding.line, finding.column - 1)


def _printed(note: Note, fates: Mapping[str, str]) -> str:
    """The bracket without what goes; a remark stays with the name before it."""
    bracket = note.bracket
    entries = (bracket.whole,) if bracket.whole.written in fates else bracket.entries
    kept: list[str] = []
    stays = True
    for entry in entries:
        fate = fates.get(entry.written)
        if fate is None and kept and stays:
            kept[-1] = f"{kept[-1][:-1]}, {entry.written}]"
            continue
        stays = fate != _DROP and (fate is not None or not kept)
        if stays:
            kept.append(printed_entry(_flipped(entry) if fate == _FLIP else entry))
    return " ".join(kept)


def _flipped(entry: Entry) -> Entry:
    return dataclasses.replace(entry, sign=entry.sign.other)


def _edit(note: Note, new: str) -> LineEdit:
    shift = note_offset(note)
    bracket = note.bracket
    return LineEdit(note.line, bracket.start + shift, bracket.end + shift, new, drops_sign=note.is_pasted)
