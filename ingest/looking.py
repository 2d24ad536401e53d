"""A look at an outgoing mail: the check with what the store knows, whichever door asks, with a member's key or none."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from ingest.outgoing import Known, Locked
from policies.lint.allowing import Allowance
from policies.lint.check import check
from policies.lint.checked import Checked, Settings, Stored
from policies.lint.draft import Draft
from policies.lint.rules import RULES
from policies.lint.sameness import draft_digest
from policies.lint.several import check_each, together
from policies.lint.verdict import Finding, Verdict
from records.overrides import Override, given_for

if TYPE_CHECKING:  # mending is read only where something is mended
    from policies.lint.fix import Look

WITHOUT_CASE: Final = "checked without the case"
#: Rules about a case that hold if all that is known of it is who began its thread.
_PRESUMABLE: Final = frozenset(
    {
        "reporter-named",
        "reporter-quoted",
        "reporter-attached",
        "reporter-header",
        "reporter-recipient",
        "thread-reused",
        "content-forwarded",
    }
)
CANNOT: Final = "It cannot be checked; unlock your key, or use conduct sendmail."


def people_of(draft: Draft, envelope: Sequence[str]) -> list[str]:
    """The addresses of everybody whom a mail reaches, by its header and its envelope."""
    return [*(each.address for each in draft.mailboxes("To", "Cc", "Bcc")), *envelope]


def with_record(
    draft: Draft,
    known: Known,
    handed: Sequence[Stored],
    today: date,
    *,
    envelope: Sequence[str],
    settings: Settings,
    allowances: Sequence[Allowance] = (),
) -> Look:
    """A look with what a member may read; ``handed`` are earlier messages that she gave besides."""

    def look(raw: bytes) -> tuple[Checked, Verdict]:
        here = draft if raw == draft.raw else Draft(raw)
        several = [
            Checked(here, each.context, (*each.stored, *handed), today, envelope=envelope, settings=settings)
            for each in known.candidates
        ]
        given = _given(known.overrides, here, envelope, today)
        checked, verdict = together(several), check_each(several, (*allowances, *given))
        return checked, dataclasses.replace(
            verdict,
            not_checked=(*verdict.not_checked, *known.closed, *_unseen(checked, known)),
            is_unchecked=bool(known.closed) and checked.others_than_committee(),
        )

    return look


def _unseen(checked: Checked, known: Known) -> Iterator[str]:
    if known.unseen and checked.others_than_committee():
        number = f"{known.unseen} open case{' is' if known.unseen == 1 else 's are'}"
        yield f"{number} closed to you; whether anybody who gets this has to do with it is not known here."


def without_key(draft: Draft, known: Locked, today: date, *, envelope: Sequence[str], settings: Settings) -> Look:
    """A look with the roster alone: enough for mail that stays inside, or goes to who is there already.

    Where the thread still lies in the mailbox, its mails are compared as well, and who began it counts as protected.
    """

    def look(raw: bytes) -> tuple[Checked, Verdict]:
        here = draft if raw == draft.raw else Draft(raw)
        checked = Checked(here, known.context, known.stored, today, envelope=envelope, settings=settings)
        verdict = check(checked, _given(known.overrides, here, envelope, today))
        kept = tuple(each for each in verdict.findings if _holds(checked, each))
        inside = not checked.others_than_committee()
        passes = inside or (known.is_known_thread and known.all_take_part)
        said = (*verdict.not_checked, *_not_compared(checked))
        end = () if inside else (f"{WITHOUT_CASE}." if passes else CANNOT,)
        return checked, dataclasses.replace(verdict, findings=kept, not_checked=(*said, *end), is_unchecked=not passes)

    return look


def _given(known: Sequence[Override], draft: Draft, envelope: Sequence[str], today: date) -> tuple[Allowance, ...]:
    """What members let pass in this very draft; it is void as soon as the draft changes."""
    return given_for(known, draft_digest(draft, envelope), today) if known else ()


def _holds(checked: Checked, found: Finding) -> bool:
    """Whether a finding stands without a key: who joined or left needs the mail answered, the case is presumed."""
    if found.rule.startswith("note-"):
        return checked.baseline is not None
    return found.rule != "baseline-unknown" and (not RULES[found.rule].needs_case or found.rule in _PRESUMABLE)


def _not_compared(checked: Checked) -> Iterator[str]:
    if checked.case is not None:
        yield "Who began the thread counts as its reporter; who else is protected, and what is permitted, is sealed."
    if checked.baseline is None:
        yield "Without a key nobody compared who joined or left, or what is passed on."
