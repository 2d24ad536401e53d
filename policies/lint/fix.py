"""``--fix``: the draft with its notes and the committee's copy put right, and not a byte else changed.

Only what the check calls fixable is touched.  A draft that somebody has signed is left alone, and the lines to paste
are named.  The result is read again and compared with the draft part by part before anybody gets to see it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from policies.errors import Refused
from policies.lint.change import Change
from policies.lint.checked import Checked
from policies.lint.draft import Draft
from policies.lint.heading import with_address
from policies.lint.mending import NOTE_RULES, Insertion, Plan, plan_notes
from policies.lint.mime import Part
from policies.lint.placing import inserted, placed
from policies.lint.refusing import MENDED_FIELDS, why_not_field, why_not_text
from policies.lint.surgery import Written, changed_body, changed_content, written
from policies.lint.verdict import Severity, Verdict
from policies.notes import read_notes
from policies.values import value

_ROUNDS: Final = 4

Look = Callable[[bytes], tuple[Checked, Verdict]]


@value
class Fixed:
    """The mended mail.  ``refusals`` are sentences on what was left alone; ``to_paste`` the lines a person may add."""

    raw: bytes
    verdict: Verdict
    refusals: tuple[str, ...] = ()
    to_paste: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """How it ended."""
        return f"Fixed({len(self.raw)} bytes, {len(self.refusals)} refusals)"


@dataclasses.dataclass(slots=True, repr=False)
class _Told:
    """What is told beside the result, each thing once."""

    refusals: dict[str, None] = dataclasses.field(default_factory=dict)
    to_paste: dict[str, None] = dataclasses.field(default_factory=dict)

    def __repr__(self) -> str:
        """How much."""
        return f"_Told({len(self.refusals)}, {len(self.to_paste)})"


def fix(raw: bytes, look: Look) -> Fixed:
    """The mail with everything mended that can be; ``look`` checks a mail with what is on record.

    What was mended must bring no error that was not there before (a note can name somebody who must not be named);
    else the mail comes back as it was.
    """
    checked, verdict = look(raw)
    before = _errors(verdict)
    told = _Told()
    current, seen = raw, verdict
    for _ in range(_ROUNDS):
        mended = _mended(checked, seen, told)
        if mended == current:
            break
        checked, seen = look(mended)
        current = mended
    if _errors(seen) - before:
        told.refusals["What would be written is itself not allowed in this mail, so nothing was changed."] = None
        current, seen = raw, verdict
    return Fixed(current, seen, tuple(told.refusals), tuple(told.to_paste))


def _errors(verdict: Verdict) -> frozenset[tuple[str, str]]:
    return frozenset(
        (each.rule, "" if each.rule in NOTE_RULES else each.about)
        for each in verdict.findings
        if each.severity is Severity.ERROR
    )


def _mended(checked: Checked, verdict: Verdict, told: _Told) -> bytes:
    """One round: first the header's fields, then the text."""
    fixable = {each.rule for each in verdict.to_mend}
    if not fixable:
        return checked.draft.raw
    if any(each.rule == "mail-malformed" for each in verdict.findings):
        told.refusals["The mail is malformed, so nothing was changed: programs read it in different ways."] = None
        return checked.draft.raw
    draft = checked.draft
    for rule, field in MENDED_FIELDS.items():
        if rule in fixable:
            draft = _with_copy(draft, field, checked.context.conduct[0], told)
    if not fixable & NOTE_RULES:
        return draft.raw
    plan = plan_notes(Change(checked), verdict)
    return _with_notes(draft, plan, told)


def _with_copy(draft: Draft, field: str, address: str, told: _Told) -> Draft:
    why = why_not_field(draft, field)
    if not why:
        try:
            return Draft(with_address(draft, field, address))
        except Refused as error:
            told.refusals[error.sentence] = None
            return draft
    told.refusals[f"The mail is {why}, so {field} was not changed: add {address} and sign again."] = None
    return draft


def _with_notes(draft: Draft, plan: Plan, told: _Told) -> bytes:
    why = why_not_text(draft)
    if why:
        _tell_lines(plan, told)
        again = " and sign again" if "signed" in why else ""
        told.refusals[f"The mail is {why}, so its text was not changed: mend the first lines yourself{again}."] = None
        return draft.raw
    try:
        return _rewritten(draft, plan)
    except Refused as error:
        _tell_lines(plan, told)
        told.refusals[f"{error.sentence} Its text was not changed: mend the first lines yourself."] = None
        return draft.raw


def _tell_lines(plan: Plan, told: _Told) -> None:
    for insertions in plan.insertions.values():
        told.to_paste.update((each.wordings[0], None) for each in insertions)
    for edits in plan.edits.values():
        told.to_paste.update((each.new, None) for each in edits if each.new)


# ---------------------------------------------------------------- the text


def _rewritten(draft: Draft, plan: Plan) -> bytes:
    line_end = "\r\n" if b"\r\n" in draft.raw[: draft.header.end] else "\n"
    texts = {text.index: text for text in draft.texts}
    sources = {index: written(texts[index].part, line_end) for index in plan.texts}
    bodies: dict[tuple[int, ...], bytes] = {}
    contents: dict[tuple[int, ...], bytes] = {}
    for index, source in sources.items():
        text = texts[index]
        rewrites = placed(text, source, plan.edits.get(index, ()))
        # One wording for all versions of the text: a reader of either sees the same note.
        lines = [_wording(each, [sources[one] for one in plan.insertions]) for each in plan.insertions.get(index, ())]
        if lines:
            if not text.is_html and _needs_blank(source, [text.lines[0].text for text in (text,) if text.lines]):
                lines = [*lines, ""]
            rewrites = [inserted(text, source, lines), *rewrites]
        content, splices = changed_content(source, rewrites)
        bodies[text.part.path], contents[text.part.path] = changed_body(source, splices), content
    fixed = _joined(draft, bodies)
    _refuse_other_changes(draft, Draft(fixed), contents)
    return fixed


def _wording(insertion: Insertion, sources: Sequence[Written]) -> str:
    for wording in insertion.wordings:
        if all(source.can_hold(wording) for source in sources):
            return wording
    raise Refused("name-does-not-fit", "A name does not fit the text's charset, and nothing shorter is on record.")


def _needs_blank(source: Written, shown: Sequence[str]) -> bool:
    """Whether an empty line should part the notes from what follows: not from other notes, and not twice."""
    first = next(iter(shown), "")
    return bool(source.exact.strip()) and bool(first.strip()) and not read_notes(first).notes


def _joined(draft: Draft, bodies: dict[tuple[int, ...], bytes]) -> bytes:
    pieces, at = [], 0
    for part in sorted((part for part in draft.parts if part.path in bodies), key=lambda part: part.start):
        pieces += [draft.raw[at : part.body_start], bodies[part.path]]
        at = part.end
    return b"".join([*pieces, draft.raw[at:]])


def _refuse_other_changes(before: Draft, after: Draft, contents: dict[tuple[int, ...], bytes]) -> None:
    """Raise Refused unless every part is the same but for those changed, and those say just what they should."""
    is_same = len(before.parts) == len(after.parts) and all(
        _is_same(one, other, contents) for one, other in zip(before.parts, after.parts, strict=True)
    )
    if not is_same or not _is_same_around(before.parts, after.parts):
        raise Refused("not-the-same", "The change could not be kept to the notes.")


def _is_same(one: Part, other: Part, contents: dict[tuple[int, ...], bytes]) -> bool:
    head = one.raw[one.start : one.body_start] == other.raw[other.start : other.body_start]
    if one.path in contents:
        return head and one.path == other.path and other.content == contents[one.path]
    # What holds other parts is compared around them.
    return head and one.path == other.path and (bool(one.children) or one.body == other.body)


def _is_same_around(before: Iterable[Part], after: Iterable[Part]) -> bool:
    return all(_between(one) == _between(other) for one, other in zip(before, after, strict=True) if one.children)


def _between(part: Part) -> list[bytes]:
    """What stands between a part's children: boundaries, and what is written before and after them."""
    edges = [part.body_start, *(edge for child in part.children for edge in (child.start, child.end)), part.end]
    return [part.raw[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
