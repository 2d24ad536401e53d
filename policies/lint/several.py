"""A draft that may belong to several cases: checked with each of them, and the worst of all is said."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import TypeVar

from policies.lint.allowing import Allowance
from policies.lint.check import check
from policies.lint.checked import Checked
from policies.lint.context import Case
from policies.lint.verdict import Finding, Verdict, in_order

Thing = TypeVar("Thing")


def check_each(several: Sequence[Checked], allowances: Sequence[Allowance] = ()) -> Verdict:
    """The verdict on one draft held against each of the cases that it may belong to; at least one is given.

    Each case is judged by its own permissions: what one reporter allows, another does not.
    Raises what ``check`` raises.
    """
    verdicts = [check(each, allowances) for each in several]
    if len(verdicts) == 1:
        return verdicts[0]
    return Verdict(
        findings=_merged(each.findings for each in verdicts),
        recipients=together(several).recipients,
        not_checked=_once(line for each in verdicts for line in each.not_checked),
        answers=next((each.answers for each in verdicts if each.answers), ""),
        unmendable=_merged(each.unmendable for each in verdicts),
        allowed=_merged(each.allowed for each in verdicts),
        cases=_once(code for each in verdicts for code in each.cases),
    )


def together(several: Sequence[Checked]) -> Checked:
    """The draft with the people of all the cases, for showing the result: roles, and whose names are blacked out."""
    first = several[0]
    if len(several) == 1:
        return first
    cases = [each.case for each in several if each.case is not None]
    return Checked(
        first.draft,
        dataclasses.replace(first.context, case=_joined(cases) if cases else None),
        _once(one for each in several for one in each.stored),
        first.today,
        envelope=first.envelope,
        settings=first.settings,
    )


def _joined(cases: Sequence[Case]) -> Case:
    return dataclasses.replace(
        cases[0],
        code=", ".join(each.code for each in cases),
        reporters=tuple(one for each in cases for one in each.reporters),
        subjects=tuple(one for each in cases for one in each.subjects),
        witnesses=tuple(one for each in cases for one in each.witnesses),
        consents=(),
        recused=tuple(one for each in cases for one in each.recused),
    )


def _merged(findings: Iterable[Iterable[Finding]]) -> tuple[Finding, ...]:
    return in_order(one for each in findings for one in each)


def _once(things: Iterable[Thing]) -> tuple[Thing, ...]:
    return tuple({id(thing) if not isinstance(thing, str) else thing: thing for thing in things}.values())
