"""What the check says: findings with their place, the recipients with their roles, and the verdict on the whole."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final

from policies.values import value


class Severity(Enum):
    """``ERROR`` blocks sending, ``WARNING`` informs, ``INFO`` is a hint that never counts."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Override(Enum):
    """What lifts a finding: a fact on record alone, a member's reason for one draft, or anybody's wish."""

    NEVER = "never"
    REASON = "reason"
    FREE = "free"


class Role(Enum):
    """What somebody is to the case; who is several things is the first of these."""

    RECUSED = "recused"
    COMMITTEE = "committee"
    REPORTER = "reporter"
    SUBJECT = "subject"
    WITNESS = "witness"
    ORGANISER = "organiser"
    BOARD = "board"
    OUTSIDER = "outsider"


class Outcome(Enum):
    """Whether the mail may leave: ``UNCHECKED`` where not enough is known to say so."""

    PASS = "pass"  # noqa: S105 - of a verdict
    BLOCK = "block"
    UNCHECKED = "unchecked"


PLACES: Final = (
    "From", "To", "Cc", "Bcc", "Reply-To", "Subject", "References", "In-Reply-To", "Message-ID", "body", "quote",
    "attachment",
)  # fmt: skip
_SEVERITIES: Final = tuple(Severity)


@value
class Finding:
    """One thing that is wrong, and where.

    ``place`` is one of PLACES or the name of another header.  ``line`` (from 1) and ``column`` (from 1) count in the
    displayed text number ``text``; 0 where there is none.  ``excerpt`` is that line and ``length`` how much of it is
    meant, for the caret.  ``hides`` are the mail's spellings that name a protected person otherwise than the record
    does, so that they can be blacked out too wherever they stand in ``about``, ``message`` and ``excerpt``.
    """

    rule: str
    severity: Severity
    about: str
    place: str
    message: str
    line: int = 0
    column: int = 0
    text: int = 0
    excerpt: str = ""
    length: int = 0
    fixable: bool = False
    hides: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """The rule and the place, not who or what."""
        return f"Finding({self.rule}, {self.severity.value}, {self.place})"


@value
class Recipient:
    """Somebody whom the mail reaches.

    ``person`` is the same for all addresses of one person; ``field`` is To, Cc or Bcc (the envelope's recipients
    that stand in no header count as Bcc).
    """

    address: str
    name: str
    role: Role
    field: str
    person: str

    def __repr__(self) -> str:
        """Nothing of the person."""
        return f"Recipient({self.role.value}, {self.field})"

    @property
    def is_outside(self) -> bool:
        """Whether the recipient is anybody but a working member of the committee."""
        return self.role is not Role.COMMITTEE


@value
class Verdict:
    """The findings in their order, whom the mail reaches, and in sentences what was not checked.

    ``unmendable`` are findings that --fix would mend if nobody had signed or sealed the mail; they stand among the
    findings as not fixable.  ``allowed`` are those that a member lets pass in this draft.  ``cases`` are the code names
    of the cases that it was held against.
    """

    findings: tuple[Finding, ...]
    recipients: tuple[Recipient, ...]
    not_checked: tuple[str, ...] = ()
    is_unchecked: bool = False
    answers: str = ""
    copy_goes_to: str = ""
    unmendable: tuple[Finding, ...] = ()
    allowed: tuple[Finding, ...] = ()
    cases: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """How it ends."""
        return f"Verdict({self.outcome.value}, {len(self.findings)} findings)"

    def count(self, severity: Severity) -> int:
        """How many findings of one severity."""
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def to_mend(self) -> tuple[Finding, ...]:
        """What --fix would mend in a mail that nobody has signed."""
        return (*(finding for finding in self.findings if finding.fixable), *self.unmendable)

    @property
    def outcome(self) -> Outcome:
        """What becomes of the mail; an error blocks even where not everything could be checked."""
        if self.count(Severity.ERROR):
            return Outcome.BLOCK
        return Outcome.UNCHECKED if self.is_unchecked else Outcome.PASS


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors first, then by place, line and column; the same rule about the same thing is said once.

    Each hides what any of them hides: one line may name somebody twice, each time otherwise.
    """
    ranked = sorted(findings, key=_rank)
    once: dict[tuple[str, str], Finding] = {}
    for finding in ranked:
        once.setdefault((finding.rule, finding.about.casefold()), finding)
    hides = tuple(dict.fromkeys(spelling for finding in ranked for spelling in finding.hides))
    return tuple(dataclasses.replace(each, hides=hides) if hides else each for each in once.values())


def with_severities(findings: Iterable[Finding], wanted: Mapping[str, Severity | None]) -> tuple[Finding, ...]:
    """The findings with a committee's own severities; None drops a rule's findings."""
    changed = ((finding, wanted.get(finding.rule, finding.severity)) for finding in findings)
    return tuple(
        dataclasses.replace(finding, severity=severity) for finding, severity in changed if severity is not None
    )


def _rank(finding: Finding) -> tuple[int, int, int, int, int]:
    known = finding.place in PLACES
    # Any other header stands where the known headers end.
    place = PLACES.index(finding.place) if known else PLACES.index("body")
    return (_SEVERITIES.index(finding.severity), 2 * place + known, finding.text, finding.line, finding.column)
