"""The check of one outgoing mail: every family of rules over one draft, put in order, and the verdict."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from policies.lint.allowing import Allowance, lets_pass, refuse_unlawful
from policies.lint.checked import Checked, Settings, Stored
from policies.lint.context import Context
from policies.lint.copy import check_copy
from policies.lint.draft import Draft
from policies.lint.files import check_files
from policies.lint.mechanics import check_mechanics
from policies.lint.placeholders import check_placeholders
from policies.lint.protection import check_protection
from policies.lint.recipients import check_recipients
from policies.lint.rules import RULES
from policies.lint.stored_words import has_more_words
from policies.lint.verdict import Finding, Override, Severity, Verdict, in_order, with_severities

Family = Callable[[Checked], Iterable[Finding]]
FAMILIES: Final[tuple[Family, ...]] = (
    check_recipients,
    check_copy,
    check_protection,
    check_mechanics,
    check_placeholders,
    check_files,
)


def check(checked: Checked, allowances: Sequence[Allowance] = ()) -> Verdict:
    """The verdict on a draft.

    Raises WrongUsage: an allowance names no rule; Refused: its rule is lifted only by a fact on record.
    """
    refuse_unlawful(allowances)
    found = with_severities(_without_disclosing_notes(tuple(_findings(checked))), checked.settings.severities)
    spoken = tuple(finding for finding in found if not _is_excepted(finding, checked.settings))
    ordered = in_order(finding for finding in spoken if not lets_pass(allowances, finding))
    unmendable = {
        rule for rule in {each.rule for each in ordered if each.fixable} if _is_sealed(checked, ordered, rule)
    }
    sealed = tuple(each for each in ordered if each.fixable and each.rule in unmendable)
    return Verdict(
        findings=tuple(
            dataclasses.replace(each, fixable=False) if each.rule in unmendable else each for each in ordered
        ),
        recipients=checked.recipients,
        not_checked=tuple(_not_checked(checked)),
        answers=checked.baseline.draft.message_id if checked.baseline else "",
        unmendable=sealed,
        cases=(checked.case.code,) if checked.case else (),
        allowed=in_order(finding for finding in spoken if lets_pass(allowances, finding)),
    )


def lint(
    draft: bytes,
    context: Context,
    stored: Sequence[Stored],
    on: date,
    *,
    envelope: Sequence[str] = (),
    settings: Settings | None = None,
) -> Verdict:
    """The verdict on a mail's bytes, with nobody's allowances."""
    return check(Checked(Draft(draft), context, stored, on, envelope=envelope, settings=settings))


def _findings(checked: Checked) -> Iterator[Finding]:
    for family in FAMILIES:
        for finding in family(checked):
            if checked.case is not None or not RULES[finding.rule].needs_case:
                yield finding


def _without_disclosing_notes(found: Sequence[Finding]) -> Sequence[Finding]:
    """A note ``[- name]`` on a mail that must not stand in its thread at all would itself disclose the name."""
    if not any(finding.rule == "thread-reused" for finding in found):
        return found
    return [finding for finding in found if not finding.rule.startswith("note-")]


def _is_excepted(finding: Finding, settings: Settings) -> bool:
    about = finding.about.casefold()
    return about in (word.casefold() for word in settings.exceptions.get(finding.rule, ()))


def _is_sealed(checked: Checked, findings: Sequence[Finding], rule: str) -> bool:
    """Whether --fix leaves alone what it would mend in another mail: a signature lies over it, or it is malformed."""
    from policies.lint.refusing import why_not_mend  # noqa: PLC0415 - few drafts have anything to mend

    return bool(why_not_mend(checked.draft, rule)) or any(each.rule == "mail-malformed" for each in findings)


def _not_checked(checked: Checked) -> Iterator[str]:
    if checked.case is None:
        skipped = [rule.id for rule in RULES.values() if rule.needs_case]
        yield f"No case is on record for this mail, so {len(skipped)} rules did not run: {', '.join(skipped)}."
    if checked.draft.is_opaque:
        yield "The body is encrypted, so no rule for its words, quotes and files ran."
    if checked.case is not None and checked.case.recused:
        yield "Whether the mailbox itself reaches a member who stepped aside is not known here."
    if checked.case is not None and checked.outside and has_more_words(checked.stored):
        yield "The earlier mails are too long; not all of their words were compared with this one."


def lowered(severities: Iterable[tuple[str, Severity | None]]) -> Iterator[str]:
    """The rules that these settings lower though only a fact on record may lift them."""
    order = tuple(Severity)
    for name, severity in severities:
        rule = RULES.get(name)
        is_lower = rule is not None and (severity is None or order.index(severity) > order.index(rule.severity))
        if rule is not None and is_lower and rule.override is Override.NEVER:
            yield name
