"""What a member lets pass in one draft, and what nobody's reason lifts: which fact on record does.

communications.md: "Never forward communication or disclose identities of reporters … without the express written
permission of the person concerned".  A reason is no permission.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from policies.errors import Refused, WrongUsage
from policies.lint.rules import RULES
from policies.lint.verdict import Finding, Override
from policies.patterns import late
from policies.values import value

SAFETY_RULE: Final = "right-of-reply"
_FINAL: Final = late(r"\b(?:final|endg[uü]ltig|d[eé]finiti[fv]|permanent|for ?ever|für immer)", re.IGNORECASE)
_IDENTITY: Final = "a permission in writing to be named: conduct consent add CASE --scope identity."
_CONTENT: Final = "a permission in writing to pass the words on: conduct consent add CASE --scope content."
#: The fact on record that lifts what no reason lifts.
LIFTED_BY: Final = {
    **dict.fromkeys(("reporter-named", "reporter-quoted", "reporter-attached", "reporter-header"), _IDENTITY),
    **dict.fromkeys(("reporter-recipient", "thread-reused", "subject-disclosed"), _IDENTITY),
    "content-forwarded": _CONTENT,
    "recused-recipient": "the member's return to the case: conduct member unrecuse NAME CASE.",
    SAFETY_RULE: (
        "the right of reply, had or waived: conduct consent reply CASE; "
        "for a measure that cannot wait: conduct lint --safety."
    ),
    "mail-malformed": "nothing; write the mail anew.",
}


@value
class Allowance:
    """What a member lets pass in this draft, and why; ``about`` empty: whatever the rule finds.

    ``is_safety``: an immediate measure for safety is told before the right of reply; a final decision is not.
    """

    rule: str
    about: str
    reason: str
    is_safety: bool = False

    def __repr__(self) -> str:
        """The rule."""
        return f"Allowance({self.rule})"


def for_safety(reason: str) -> Allowance:
    """A measure for somebody's safety that cannot wait for the answer."""
    return Allowance(SAFETY_RULE, "", reason, is_safety=True)


def refuse_unlawful(allowances: Iterable[Allowance]) -> None:
    """Raises WrongUsage: an allowance names no rule; Refused: its rule is lifted only by a fact on record."""
    for allowance in allowances:
        rule = RULES.get(allowance.rule)
        if rule is None:
            raise WrongUsage(
                "no-such-rule", f"There is no rule {allowance.rule}.", "`conduct explain` lists the rules."
            )
        if rule.override is Override.NEVER and not allowance.is_safety:
            sentence = f"{rule.id} is lifted by no reason, only by a fact on record."
            raise Refused("not-to-be-allowed", sentence, f"It is lifted by {LIFTED_BY[rule.id]}")


def lets_pass(allowances: Iterable[Allowance], finding: Finding) -> bool:
    """Whether one of the allowances is for this finding."""
    return any(_is_for(each, finding) for each in allowances)


def _is_for(allowance: Allowance, finding: Finding) -> bool:
    if allowance.rule != finding.rule:
        return False
    if allowance.is_safety:
        return _FINAL.search(finding.about) is None
    return not allowance.about or allowance.about.casefold() == finding.about.casefold()
