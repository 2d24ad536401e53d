"""Rules on whom the mail reaches: who joined or left without a note, notes that are wrong, blind copies, recusal.

communications.md, "When adding or removing individuals from an email thread"; and "Conflicts of interest".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from policies.lint.change import Change, Note
from policies.lint.checked import Checked
from policies.lint.directory import CONDUCT
from policies.lint.findings import cut, found
from policies.lint.judging import Judged, finding_at, judge
from policies.lint.verdict import Finding, Role
from policies.notes import Sign, print_note
from policies.recipients import Participant, keys_of


def check_recipients(checked: Checked) -> Iterator[Finding]:
    """Every finding of this family."""
    yield from _check_blind_copies(checked)
    yield from _check_reply_to(checked)
    yield from _check_recused(checked)
    change = Change(checked)
    if change.is_unknown:
        yield _unknown_baseline(checked)
    elif not checked.draft.is_opaque:
        yield from _check_notes(change)


def _check_blind_copies(checked: Checked) -> Iterator[Finding]:
    for each in checked.recipients:
        if each.field == "Bcc" and each.person != CONDUCT and each.person not in checked.senders:
            message = f"Bcc hides {each.address} from the thread; put them in Cc with a note, or leave them out."
            yield found("bcc-used", each.address, "Bcc", message)


def _check_reply_to(checked: Checked) -> Iterator[Finding]:
    mailboxes = checked.draft.mailboxes("Reply-To")
    if not mailboxes or any(checked.directory.is_conduct(each.address) for each in mailboxes):
        return
    conduct = checked.context.conduct[0]
    only = ", ".join(each.address for each in mailboxes)
    message = f"Answers would go to {only} only; add {conduct} to Reply-To or drop it."
    yield found("reply-to", mailboxes[0].address, "Reply-To", message, fixable=True)


def _check_recused(checked: Checked) -> Iterator[Finding]:
    for each in checked.outside_with(Role.RECUSED):
        if checked.case is not None:
            message = f'{each.name or each.address} stepped aside from "{checked.case.code}" and must not receive this.'
            yield found("recused-recipient", each.address, each.field, message)


def _unknown_baseline(checked: Checked) -> Finding:
    answered = next(iter((*checked.draft.in_reply_to, *reversed(checked.draft.references))), "")
    named = f"The mail this answers (<{cut(answered)}>)" if answered else "The mail this answers"
    place = "In-Reply-To" if checked.draft.in_reply_to else "References" if answered else "Subject"
    message = f"{named} is not on record, so added or removed people cannot be checked."
    return found("baseline-unknown", answered, place, message)


def _check_notes(change: Change) -> Iterator[Finding]:
    judged = judge(change)
    yield from judged.findings
    names = _Names(change.everybody)
    for sign, people in ((Sign.PLUS, change.changes.added), (Sign.MINUS, change.changes.removed)):
        for person in people:
            yield from _check_noted(change, judged, names, sign, person)


def _check_noted(change: Change, judged: Judged, names: _Names, sign: Sign, person: Participant) -> Iterator[Finding]:
    if person.person in judged.excused:
        return
    note = print_note(sign, [_short_name(person, names)])
    texts = change.checked.texts
    noted_in = judged.top.get((sign, person.person), frozenset())
    if noted_in:
        lacking = [text for text in texts if text.index not in noted_in]
        if lacking:
            yield _parts_finding(person, note, judged.wordings.get((sign, person.person), note), lacking[0].is_html)
        return
    low = judged.low.get((sign, person.person))
    if low is not None:
        yield _place_finding(low)
        return
    field = person.field if person.field in {"To", "Cc"} else "To"
    if sign is Sign.PLUS:
        message = f'{field}: {_written(person)} is new on this thread; write "{note}" as the first line.'
    else:
        message = f'{_written(person)} was on the mail you answer and is gone; write "{note}" as the first line.'
    yield found("note-missing", person.address, field, message, fixable=True)


def _parts_finding(person: Participant, note: str, wording: str, lacks_html: bool) -> Finding:  # noqa: FBT001
    has, lacks = ("text", "HTML") if lacks_html else ("HTML", "text")
    message = f'The {lacks} version lacks "{wording or note}" that the {has} version has.'
    return found("note-parts", person.address, "body", message, fixable=True)


def _place_finding(low: tuple[Note, str, str]) -> Finding:
    note, about, wording = low
    return finding_at("note-place", note, about, f'"{wording}" must stand above the greeting.', fixable=True)


def _written(person: Participant) -> str:
    return f"{person.shown} <{person.address}>" if person.shown != person.address else person.address


class _Names:
    """Who goes by which name, of many people at once: a mail may have gone to thousands."""

    def __init__(self, people: Sequence[Participant]) -> None:
        self._called: dict[str, set[str]] = {}
        for each in people:
            for key in each.keys:
                self._called.setdefault(key, set()).add(each.person)

    def __repr__(self) -> str:
        """How many names."""
        return f"_Names({len(self._called)})"

    def are_of_others(self, words: str, person: str) -> bool:
        """Whether these words name anybody besides this person."""
        return any(each != person for key in keys_of(words) for each in self._called.get(key, ()))


def _short_name(person: Participant, names: _Names) -> str:
    """What the note should say: the display name, or the address where that would be misread."""
    name = " ".join(re.sub(r"\([^()]*\)", " ", person.shown).split())
    return person.address if not name or names.are_of_others(name, person.person) else name
