"""A verdict in lines for people: whom the mail reaches, what is wrong and where, what was not checked, the count."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from ingest.cli.cleaning import clean, width
from policies.lint.checked import Checked
from policies.lint.verdict import Finding, Outcome, Recipient, Role, Severity, Verdict

Hide = Callable[[str, Sequence[str]], str]
WORDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "hint"}
_EXCERPT: Final = 100
_BEFORE: Final = 30
_ENDS: Final = {
    Outcome.PASS: "It may leave.",
    Outcome.BLOCK: "Not sent.",
    Outcome.UNCHECKED: "Not checked: unlock your key and check again.",
}


def report_lines(
    name: str,
    checked: Checked,
    verdict: Verdict,
    hide: Hide,
    *,
    is_for_others: bool = False,
    is_at_door: bool = True,
) -> Iterator[tuple[str, Severity | None]]:
    """The lines of the report on the mail of that name; those of a finding with its severity.

    ``is_for_others``: without recipients and excerpts, for members who did not write the mail.  ``is_at_door``: the
    verdict decides whether it leaves; else it may have been sent, and the last line says nothing of that.
    """
    yield _heading(name, checked, verdict), None
    if not is_for_others:
        yield from ((line, None) for line in _recipient_table(verdict.recipients, hide))
    rows = [_columns(checked, finding) for finding in verdict.findings]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for finding, row in zip(verdict.findings, rows, strict=True):
        padded = "  ".join(cell.ljust(room) for cell, room in zip(row, widths, strict=True))
        end = "   fixable" if finding.fixable else ""
        yield f"  {padded}  {hide(finding.message, finding.hides)}{end}", finding.severity
        if not is_for_others:
            yield from ((line, None) for line in _caret(finding, hide))
    if len(verdict.cases) > 1:
        yield f"  {len(verdict.cases)} cases may be meant, and each was checked: {', '.join(verdict.cases)}", None
    yield from ((f"  let pass: {each.rule}  {hide(each.about, each.hides)}", None) for each in verdict.allowed)
    yield from ((f"  not checked: {sentence}", None) for sentence in verdict.not_checked)
    yield _count(verdict) + (f" {_ENDS[verdict.outcome]}" if is_at_door else ""), None


def _heading(name: str, checked: Checked, verdict: Verdict) -> str:
    roles = [each.role for each in verdict.recipients if each.is_outside]
    counted = [f"{roles.count(role)} {role.value}{'s' * (roles.count(role) > 1)}" for role in Role if role in roles]
    to = ", ".join(counted) or "the committee alone"
    copied = any(checked.directory.is_conduct(each.address) for each in verdict.recipients if each.field != "Bcc")
    copy = f"copy to {checked.context.conduct[0]} {'yes' if copied else 'no'}"
    return f"{name}  to {to}; {copy}{_answered(checked)}"


def _answered(checked: Checked) -> str:
    if checked.baseline is None:
        return ""
    mail = checked.baseline.draft
    on = f" of {mail.date.date().isoformat()}" if mail.date else ""
    return f"; answers a mail{on}"


def _recipient_table(recipients: Sequence[Recipient], hide: Hide) -> Iterator[str]:
    """Whom it reaches, before what is wrong: the check that everybody can make herself."""
    rows = [
        (each.field, each.role.value, clean(hide(each.address, ())), clean(hide(each.name, ()))) for each in recipients
    ]
    widths = [max((width(row[column]) for row in rows), default=0) for column in range(3)]
    for row in rows:
        cells = [cell + " " * (room - width(cell)) for cell, room in zip(row, widths, strict=False)]
        yield f"  {'  '.join([*cells, row[3]])}".rstrip()
    if not rows:
        yield "  no recipients"


def _columns(checked: Checked, finding: Finding) -> tuple[str, str, str]:
    place = clean(finding.place)
    if finding.line:
        part = f" {finding.text + 1}" if len(checked.texts) > 1 else ""
        place = f"{place}{part}:{finding.line}:{finding.column}"
    return place, WORDS[finding.severity], finding.rule


def _caret(finding: Finding, hide: Hide) -> Iterator[str]:
    """The line and a mark under what is meant, cut to what a terminal shows."""
    if not finding.excerpt.strip() or not finding.length:
        return
    first = max(0, finding.column - 1 - _BEFORE)
    # Each piece is blacked out by itself, so that the mark stays under the same words.
    before = clean(hide(finding.excerpt[first : finding.column - 1], finding.hides))
    meant = clean(hide(finding.excerpt[finding.column - 1 :][: finding.length], finding.hides))
    after = finding.excerpt[finding.column - 1 + finding.length :][: max(0, _EXCERPT - finding.length)]
    rest = clean(hide(after, finding.hides))
    yield f"          |  {before}{meant}{rest}"
    yield f"          |  {' ' * width(before)}{'^' * max(1, width(meant))}"


def _count(verdict: Verdict) -> str:
    counts = [(verdict.count(severity), word) for severity, word in WORDS.items()]
    said = ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts)
    fixable = sum(finding.fixable for finding in verdict.findings)
    mended = f" {fixable} can be mended with --fix." if fixable else ""
    return f"{said}.{mended}"
