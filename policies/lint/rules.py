"""The rules of the check: each one's severity, what lifts it, and whether it needs a case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from policies.lint.verdict import Override, Severity
from policies.values import value


@value
class Rule:
    """A rule by default; ``needs_case``: it is skipped where no case is on record."""

    id: str
    severity: Severity
    override: Override
    needs_case: bool = False


def _rules(severity: Severity, override: Override, needs_case: bool, ids: str) -> Iterable[Rule]:  # noqa: FBT001
    return (Rule(name, severity, override, needs_case) for name in ids.split())


_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
_NEVER, _REASON, _FREE = Override.NEVER, Override.REASON, Override.FREE
_NO, _YES = False, True

RULES: Final = {
    rule.id: rule
    for rule in (
        # whom the mail reaches, and what its first lines say of it
        *_rules(_ERROR, _REASON, _NO, "note-missing note-sign note-false note-place note-ambiguous note-parts"),
        *_rules(_WARNING, _FREE, _NO, "note-form baseline-unknown"),
        *_rules(_ERROR, _REASON, _NO, "bcc-used reply-to"),
        *_rules(_ERROR, _NEVER, _YES, "recused-recipient"),
        # the committee's copy
        *_rules(_ERROR, _REASON, _NO, "conduct-cc conduct-dropped"),
        *_rules(_WARNING, _FREE, _NO, "forward-unthreaded"),
        # who must not be given away, and what must not be passed on
        *_rules(_ERROR, _NEVER, _YES, "reporter-named reporter-quoted reporter-attached reporter-header"),
        *_rules(_ERROR, _NEVER, _YES, "reporter-recipient content-forwarded thread-reused subject-disclosed"),
        *_rules(_ERROR, _REASON, _YES, "not-to-be-told"),
        *_rules(_WARNING, _REASON, _YES, "subject-uncorroborated"),
        *_rules(_WARNING, _FREE, _YES, "subject-line-name report-detail reporter-singled-out reporter-gendered"),
        *_rules(_INFO, _FREE, _YES, "no-observable-fact"),
        # wording
        *_rules(_WARNING, _FREE, _NO, "word-attribution word-judgement word-label word-absolute word-faux-feeling"),
        *_rules(_WARNING, _FREE, _NO, "word-minimise voice-channel legal-threat"),
        *_rules(_ERROR, _REASON, _NO, "organiser-direction"),
        *_rules(_WARNING, _FREE, _YES, "organiser-choice direct-contact outcome-promise"),
        *_rules(_ERROR, _NEVER, _YES, "right-of-reply"),
        # mechanics
        *_rules(_ERROR, _REASON, _NO, "placeholder size from-identity"),
        *_rules(_WARNING, _FREE, _NO, "attachment-missing attachment-risky subject-missing opaque-body"),
        *_rules(_ERROR, _NEVER, _NO, "mail-malformed"),
    )
}


def severity_of(rule: str) -> Severity:
    """The rule's severity by default."""
    return RULES[rule].severity
