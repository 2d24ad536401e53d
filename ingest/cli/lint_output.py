"""A verdict for a person and for a program; protected names are blacked out unless somebody looks, or asks for them."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ingest.cli.cleaning import clean
from ingest.cli.context import Session
from ingest.cli.output import SCHEMA, emit
from ingest.lint_report import WORDS, Hide, report_lines
from policies.lint.checked import Checked
from policies.lint.redaction import redactor
from policies.lint.verdict import Finding, Recipient, Severity, Verdict

_COLOURS: Final = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}


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
    for line, severity in report_lines(_name(draft), checked, verdict, hide):
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
        "cases": list(verdict.cases),
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


def _name(draft: Path) -> str:
    return "standard input" if str(draft) == "-" else clean(draft.name)


def _coloured(line: str, severity: Severity) -> str:
    word = WORDS[severity]
    return line.replace(f" {word}", f" \x1b[{_COLOURS[severity]}m{word}\x1b[0m", 1)
