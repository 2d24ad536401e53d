"""Every rule of the check fires where its examples say, in the manner of each mail program, and is silent near by."""

from __future__ import annotations

import hashlib

import pytest

from policies.lint.draft import Draft
from policies.lint.explained import EXPLAINED
from policies.lint.fix import fix
from policies.lint.rules import RULES
from policies.lint.verdict import Severity, Verdict
from tests.lint.clients import CLIENTS
from tests.lint.described import Example, checked, examples, raw_of, verdict_on

LANGUAGES = {"en", "de", "fr", "es", "ja"}


def judged_wrongly(example: Example, verdict: Verdict) -> str:
    """What the check says otherwise than the example; nothing where they agree."""
    about = str(example.table.get("about", "")).casefold()
    speaking = [each for each in verdict.findings if each.rule == example.rule]
    hit = any(about in f"{each.about} {each.message}".casefold() for each in speaking)
    if hit is not example.fires and (example.fires or speaking):
        return f"{example.rule} {'is silent' if example.fires else 'speaks'}"
    known = {*example.table.get("also", ()), *([example.rule] if example.fires else [])}
    if example.rule.startswith("note-"):
        known.add("content-forwarded")  # who joins is shown what was written before
    beside = {each.rule for each in verdict.findings if each.severity is Severity.ERROR} - known
    return f"also {', '.join(sorted(beside))}" if beside else ""


@pytest.mark.parametrize("example", examples(), ids=str)
def test_the_rule_speaks_where_it_should(example: Example) -> None:
    wrong = {client: judged_wrongly(example, verdict_on(example, client)) for client in example.clients}
    assert not {client: what for client, what in wrong.items() if what}


def test_every_rule_is_seen_on_both_sides() -> None:
    for fires in (True, False):
        assert {each.rule for each in examples() if each.fires is fires} == RULES.keys()


def test_many_languages_and_every_mail_program() -> None:
    assert {each.table.get("language", "en") for each in examples()} >= LANGUAGES
    assert {each.client for each in examples()} == CLIENTS.keys()


@pytest.mark.parametrize("rule", EXPLAINED)
def test_what_explain_says_is_so(rule: str) -> None:
    shown = {(each.fires, each.title) for each in examples() if each.rule == rule}
    explained = EXPLAINED[rule]
    said = {(True, title) for title in explained.fires} | {(False, title) for title in explained.silent}
    assert said <= shown, said - shown


@pytest.mark.parametrize("example", examples(), ids=str)
def test_mending_touches_nothing_else(example: Example) -> None:
    for client in example.clients:
        raw = raw_of(example, client)

        def look(draft: bytes) -> tuple[object, Verdict]:
            from policies.lint.check import check

            seen = checked(example, draft)
            return seen, check(seen)

        fixed = fix(raw, look)  # type: ignore[arg-type]
        assert fix(fixed.raw, look).raw == fixed.raw  # type: ignore[arg-type]
        assert fixed.refusals or not [each for each in fixed.verdict.findings if each.fixable]
        if not any(each.fixable for each in look(raw)[1].findings):
            assert fixed.raw == raw
        assert digests(fixed.raw) == digests(raw)


def digests(raw: bytes) -> list[str]:
    """Of the files of a draft."""
    return [hashlib.sha256(part.content).hexdigest() for part in Draft(raw).attachments]
