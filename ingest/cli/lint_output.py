"""A verdict for a person and for a program; protected names are blacked out unless somebody looks, or asks for them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ingest.cli.cleaning import clean, width
from ingest.cli.context import Session
from ingest.cli.output import SCHEMA, emit
from policies.lint.checked import Checked
from policies.lint.redaction import redactor
from policies.lint.verdict import Finding, Outcome, Recipient, Role, Severity, Verdict

Hide = Callable[[str, Sequence[str]], str]
_COLOURS: Final = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
_WORDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "hint"}
_EXCERPT: Final = 100
_BEFORE: Final = 30
_ENDS: Final = {
    Outcome.PASS: "It may leave.",
    Outcome.BLOCK: "Not sent.",
    Outcome.UNCHECKED: "Not checked: unlock your key and check again.",
}


def print_verdict(session: Session, draft: Path, checked: Checked, verdict: Verdict, *, reveal: bool) -> None:
    """Print the verdict in the format that was asked for."""
    looked_at = session.format == "text" and sys.stdout.isatty()
    hide: Hide = _as_it_is if reveal or looked_at else redactor(checked)
    if session.format == "jsonl":
        for finding in verdict.findings:
            answer = {"schema": SCHEMA, **_finding(checked, finding, hide)}
            sys.stdout.write(json.dumps(answer, ensure_ascii=True).replace("\x7f", "\\u007f") + "\n")
        return
    if session.format == "json":
        emit(session, "", _answer(checked, verdict, hide))
        return
    colours = sys.stdout.isatty() and not session.environ.get("NO_COLOR")
    for line, severity in _lines(draft, checked, verdict, hide):
        text = clean(line)
        sys.stdout.write((_coloured(text, severity) if colours and severity else text) + "\n")


def _as_it_is(words: str, _: Sequence[str]) -> str:
    return words


# ---------------------------------------------------------------- for programs


def _answer(checked: Checked, verdict: Verdict, hide: Hide) -> Mapping[str, Any]:
    return {
        "verdict": verdict.outcome,
        "findings": [_finding(checked, finding, hide) for finding in verdict.findings],
        "recipients": [_recipient(each, hide) for each in verdict.recipients],
        "not_checked": list(verdict.not_checked),
        "allowed": [_allowed(finding, hide) for finding in verdict.allowed],
        "draft": checked.draft.digest,
    }


def _finding(checked: Checked, finding: Finding, hide: Hide) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "about": hide(finding.about, finding.hides),
        "place": finding.place,
        "line": finding.line or None,
        "column": finding.column or None,
        "message": hide(finding.message, finding.hides),
        "fixable": finding.fixable,
    }
    if finding.line and finding.text < len(checked.texts):
        part = checked.texts[finding.text].part
        answer |= {"part": finding.text, "bytes": [part.body_start, part.end]}
    return answer


def _allowed(finding: Finding, hide: Hide) -> dict[str, str]:
    return {"rule": finding.rule, "about": hide(finding.about, finding.hides)}


def _recipient(each: Recipient, hide: Hide) -> dict[str, str]:
    return {
        "address": hide(each.address, ()),
        "name": hide(each.name, ()),
        "role": each.role.value,
        "field": each.field,
    }


# ---------------------------------------------------------------- for people


def _lines(draft: Path, checked: Checked, verdict: Verdict, hide: Hide) -> Iterator[tuple[str, Severity | None]]:
    """The lines of the report; those of a finding with its severity."""
    yield _heading(draft, checked, verdict), None
    yield from ((line, None) for line in _recipient_table(verdict.recipients, hide))
    rows = [_columns(checked, finding) for finding in verdict.findings]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for finding, row in zip(verdict.findings, rows, strict=True):
        padded = "  ".join(cell.ljust(room) for cell, room in zip(row, widths, strict=True))
        end = "   fixable" if finding.fixable else ""
        yield f"  {padded}  {hide(finding.message, finding.hides)}{end}", finding.severity
        yield from ((line, None) for line in _caret(finding, hide))
    yield from ((f"  let pass: {each.rule}  {hide(each.about, each.hides)}", None) for each in verdict.allowed)
    yield from ((f"  not checked: {sentence}", None) for sentence in verdict.not_checked)
    yield _count(verdict), None


def _heading(draft: Path, checked: Checked, verdict: Verdict) -> str:
    name = "standard input" if str(draft) == "-" else draft.name
    roles = [each.role for each in verdict.recipients if each.is_outside]
    counted = [f"{roles.count(role)} {role.value}{'s' * (roles.count(role) > 1)}" for role in Role if role in roles]
    to = ", ".join(counted) or "the committee alone"
    copied = any(checked.directory.is_conduct(each.address) for each in verdict.recipients if each.field != "Bcc")
    copy = f"copy to {checked.context.conduct[0]} {'yes' if copied else 'no'}"
    return f"{clean(name)}  to {to}; {copy}{_answered(checked)}"


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
    return place, _WORDS[finding.severity], finding.rule


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
    counts = [(verdict.count(severity), word) for severity, word in _WORDS.items()]
    said = ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts)
    fixable = sum(finding.fixable for finding in verdict.findings)
    mended = f" {fixable} can be mended with --fix." if fixable else ""
    return f"{said}.{mended} {_ENDS[verdict.outcome]}"


def _coloured(line: str, severity: Severity) -> str:
    word = _WORDS[severity]
    return line.replace(f" {word}", f" \x1b[{_COLOURS[severity]}m{word}\x1b[0m", 1)
