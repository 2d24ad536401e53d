"""A draft that may belong to two cases: the worst of both, each by its own permissions."""

from __future__ import annotations

from typing import Any

from policies.lint.allowing import Allowance
from policies.lint.checked import Checked, Settings, Stored, Via
from policies.lint.context_file import parse_context
from policies.lint.draft import Draft
from policies.lint.redaction import redactor
from policies.lint.several import check_each, together
from policies.lint.verdict import Outcome, Role, Verdict
from tests.policies.lint.builders import ANSWERED, CONTEXT, ON, draft

OTHER = {
    "code": "brass thimble",
    "reporters": [{"name": "Femi Adler", "addresses": ["femi@adler.example.net"]}],
    "subjects": [{"name": "Mira Sand", "addresses": ["mira@fest.example.com"]}],
}
CONSENT = {"person": "femi@adler.example.net", "to": "*", "scope": "identity", "message_id": "<p@adler.example.net>"}


def _both(body: str, **other: Any) -> tuple[list[Checked], Verdict]:
    given = Draft(draft(body))
    stored = [Stored(Draft(ANSWERED), Via.CONDUCT)]
    contexts = [parse_context({**CONTEXT, "case": case}) for case in (CONTEXT["case"], {**OTHER, **other})]
    several = [Checked(given, each, stored, ON, settings=Settings()) for each in contexts]
    return several, check_each(several)


def test_either_reporter_is_protected_and_both_cases_are_named() -> None:
    several, verdict = _both("Hello,\n\nFemi Adler told us so.\n")

    assert verdict.outcome is Outcome.BLOCK
    assert {finding.rule for finding in verdict.findings} == {"reporter-named"}
    assert verdict.cases == ("silver lantern", "brass thimble")
    assert check_each(several[:1]).outcome is Outcome.PASS


def test_each_case_is_judged_by_its_own_permissions() -> None:
    asked = "Hello,\n\nFemi Adler and Dana Okoye told us so.\n"
    _, verdict = _both(asked, consents=[CONSENT])

    # The words alone: `about` names the recipient as well.
    assert [finding.about.partition(" to ")[0] for finding in verdict.findings] == ["Dana Okoye"]


def test_roles_and_redaction_know_the_people_of_both() -> None:
    several, verdict = _both("Hello,\n\nFemi Adler told us so.\n")

    assert {each.address: each.role for each in verdict.recipients}["mira@fest.example.com"] is Role.SUBJECT
    hide = redactor(together(several))
    assert "Adler" not in hide("Femi Adler and Dana Okoye", ())
    assert "Okoye" not in hide("Femi Adler and Dana Okoye", ())


def test_what_is_let_pass_is_let_pass_in_both() -> None:
    several, _ = _both("Hello,\n\nthe short one.\n")
    hidden = [
        Checked(each.draft, each.context, each.stored, ON, envelope=("board@club.example.org",), settings=each.settings)
        for each in several
    ]

    assert check_each(hidden).outcome is Outcome.BLOCK
    verdict = check_each(hidden, [Allowance("bcc-used", "", "so")])
    assert (verdict.outcome, [each.rule for each in verdict.allowed]) == (Outcome.PASS, ["bcc-used"])
