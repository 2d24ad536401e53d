"""Every rule of the check fires where its examples say, in the manner of each mail program, and is silent near by."""

from __future__ import annotations

import hashlib
import zlib
from functools import partial

import pytest

from policies.lint.check import check
from policies.lint.checked import Checked
from policies.lint.draft import Draft
from policies.lint.explained import EXPLAINED
from policies.lint.fix import fix
from policies.lint.mending import NOTE_RULES
from policies.lint.rules import RULES
from policies.lint.verdict import Severity, Verdict
from tests.lint.clients import CLIENTS
from tests.lint.described import Example, checked, examples, raw_of, verdict_on

LANGUAGES = {"en", "de", "fr", "es", "ja"}
MENDED = NOTE_RULES | {"conduct-cc", "reply-to"}


def some_clients(example: Example) -> list[str]:
    """The mail program that an example names, and a third of the others, another third for each example."""
    turn = zlib.crc32(str(example).encode()) % 3
    return [each for number, each in enumerate(example.clients) if each == example.client or number % 3 == turn]


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
    wrong = {client: judged_wrongly(example, verdict_on(example, client)) for client in some_clients(example)}
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
    for client in some_clients(example) if example.rule in MENDED else [example.client]:
        raw = raw_of(example, client)
        fixed = fix(raw, partial(look, example))
        assert fix(fixed.raw, partial(look, example)).raw == fixed.raw
        assert fixed.refusals or not [each for each in fixed.verdict.findings if each.fixable]
        if not any(each.fixable for each in look(example, raw)[1].findings):
            assert fixed.raw == raw
        assert left_alone(Draft(fixed.raw)) == left_alone(Draft(raw))


def look(example: Example, raw: bytes) -> tuple[Checked, Verdict]:
    """The check of a draft beside what the example has on record."""
    seen = checked(example, raw)
    return seen, check(seen)


def left_alone(draft: Draft) -> object:
    """What no mending changes: the header but for copies, the parts, what is quoted, the digests of the files."""
    return (
        [(each.name, each.raw) for each in draft.header.fields if each.name.casefold() not in {"cc", "reply-to"}],
        [part.type for part in draft.parts],
        [[line.text for line in text.lines if line.is_quoted and "[+" not in line.text] for text in draft.texts],
        [hashlib.sha256(part.content).hexdigest() for part in draft.attachments],
    )
