"""Labelled drafts of our own: each ``cases/NAME.toml`` says what is on record, what is answered, what is found."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingest.wording import read_wording
from policies.lint.check import check
from policies.lint.checked import Checked, Settings, Stored, Via
from policies.lint.context_file import parse_context
from policies.lint.draft import Draft
from policies.lint.rules import RULES
from policies.lint.verdict import Severity, Verdict

CASES = Path(__file__).parent / "cases"
BASE: dict[str, Any] = tomllib.loads((CASES / "context.toml").read_text())
NAMES = sorted(file.stem for file in CASES.glob("*.toml") if file.stem != "context")
SETTINGS = Settings(wording=read_wording())


def label(name: str) -> dict[str, Any]:
    """What a case says of itself."""
    return tomllib.loads((CASES / f"{name}.toml").read_text())


def verdict_on(name: str) -> Verdict:
    """The check of a case's draft."""
    case = label(name)
    context = parse_context({**BASE, **case.get("context", {})})
    stored = [Stored(Draft((CASES / file).read_bytes()), Via.CONDUCT) for file in case.get("thread", [])]
    stored += [Stored(Draft((CASES / file).read_bytes()), Via.MEMBER) for file in case.get("private", [])]
    return check(
        Checked(Draft((CASES / f"{name}.eml").read_bytes()), context, stored, date(2026, 5, 4), settings=SETTINGS)
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_draft_is_judged_as_labelled(name: str) -> None:
    case, found = label(name), verdict_on(name).findings
    for rule, about in case["expect"]:
        matching = [each for each in found if each.rule == rule]
        assert any(about.casefold() in f"{each.about} {each.message}".casefold() for each in matching), (
            rule,
            about,
            found,
        )
    wanted = {rule for rule, _ in case["expect"]} | set(case.get("allow", []))
    assert {each.rule for each in found if each.severity is Severity.ERROR} <= wanted
    assert not {each.rule for each in found} & set(case.get("silent", []))


def test_every_label_names_rules_that_exist() -> None:
    named = {rule for name in NAMES for rule, _ in label(name)["expect"]}
    silent = {rule for name in NAMES for rule in label(name).get("silent", [])}
    assert named | silent <= RULES.keys()
