"""The texts of retention as people read them, held against files.

``UPDATE_GOLDEN=1`` writes the files anew; read the difference before committing it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from policies.community import _OPTIONS
from policies.retention import Failure, Hold, Plan, Residue, ResidueKind, StepKind, plan_as_json, standing_residue
from templates.texts import derivation, explain_policy, expunge_report, plan_text, residue_sentences
from tests.policies.retention_builders import case, day, item, mail, planned, policy, possible, row, same

GOLDEN = Path(__file__).parent / "golden"
STEPS = Path(__file__).parents[2] / "templates" / "derivation" / "steps.txt"


def golden(name: str, text: str) -> None:
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")

    assert text == path.read_text(encoding="utf-8")
    assert not re.search(r"[ \t]$", text, re.MULTILINE)


def store(today: str) -> Plan:
    """One case of every kind."""
    cases = [
        case("amber kettle", row("a", "resolved", "2025-01-10")),
        case("stunned bulb", row("b", "flagged", "2026-04-20")),
        case("open door", row("c", None, None), status="open"),
        case(
            "quiet harbour",
            row("d", "no-violation", "2026-05-01", closed_by="m1"),
            row("e", "banned", "2026-02-01", 2, permanent=True),
        ),
        case("no face", row("f", "unidentified", "2026-01-31", n=0)),
        case(
            "far shore",
            row("g", "no-violation", "2026-05-01", closed_by="m1"),
            holds=(Hold(day("2026-04-30"), None, agreed=False),),
        ),
        case("soon gone", row("h", "resolved", "2025-03-20")),
        case("perhaps not", row("i", "resolved", "2025-02-20")),
        case("new leaf", reported="2026-04-30", status="draft"),
        case("old ban", row("j", "banned", "2023-02-01", ban_until="2024-02-29")),
    ]
    mails = [
        mail("m1", "amber kettle"),
        mail("m2", "amber kettle", "open door"),
        mail("m3", "no face"),
        mail("3f22", triaged=None),
        mail("77aa", triaged="2026-04-01"),
    ]
    return planned(cases, today, mails, [same("a", "b"), possible("i", "c")])


@pytest.mark.parametrize(("name", "today"), [("plan-2026-05-01", "2026-05-01"), ("plan-2028-06-20", "2028-06-20")])
def test_the_plan_reads_as_agreed(name: str, today: str) -> None:
    golden(name, plan_text(store(today), policy()))


def test_the_policy_reads_as_agreed() -> None:
    golden("policy-django", explain_policy(policy()))
    golden(
        "policy-other",
        explain_policy(
            policy(
                clock="reported",
                extension="restart",
                extends="subject",
                grace_days=30,
                unattended=True,
                terms={"no-violation": 1, "unidentified": {"reporter": 3, "rest": 30}},
            )
        ),
    )


def test_every_option_of_the_policy_is_explained_with_its_place() -> None:
    text = explain_policy(policy(clock="reported"))
    for key in _OPTIONS:
        assert f"retention.{key} = " in text
    assert text.count("retention.terms.") == 5
    assert 'retention.clock = "reported"  (b)' in text


def test_an_empty_plan_reads_well() -> None:
    assert plan_text(planned([], "2026-05-01"), policy()) == (
        "Retention plan for 2026-05-01: 0 due, 0 held up, 0 later, 0 without a date.\n"
    )


def test_the_derivation_is_one_sentence_in_one_line() -> None:
    a_plan = store("2026-05-01")

    assert derivation(item(a_plan, "amber kettle", "subject", 1)) == (
        "resolved on 2025-01-10, 14 months: 2026-03-10; moved to 2028-06-20 by case *stunned bulb*"
    )
    assert derivation(item(a_plan, "perhaps not", "account")) == (
        "resolved on 2025-02-20, 14 months: 2026-04-20; "
        "waits: case *open door*, which may be about the same person, is open"
    )


def test_the_json_carries_the_derivation() -> None:
    a_plan = store("2026-05-01")
    entries = plan_as_json(a_plan, derivation)["items"]
    assert isinstance(entries, list)

    assert all(one["why"] and "\n" not in one["why"] for one in entries)


def test_every_kind_of_step_and_reason_has_its_sentence() -> None:
    """A kind that is added without words would come out empty."""
    text = STEPS.read_text(encoding="utf-8")

    assert set(re.findall(r'step\.kind == "([a-z-]+)"', text)) == {kind.value for kind in StepKind}
    assert set(re.findall(r'held\.kind == "([a-z-]+)"', text)) == {
        "hold",
        "hold-alone",
        "open-case",
        "possible-link",
        "draft",
        "new-mail",
    }


def test_every_kind_of_residue_has_its_sentence() -> None:
    sentences = residue_sentences([Residue(kind, day("2026-06-01")) for kind in ResidueKind])

    assert all(sentences)
    assert len(set(sentences)) == len(ResidueKind)


def test_the_expunge_report_reads_as_agreed() -> None:
    a_plan = store("2026-05-01")
    failed = [Failure(one, "The mail server did not answer.") for one in a_plan.due if one.part == "mailbox"]
    done = [one for one in a_plan.due if one.part != "mailbox"]
    residue = (*standing_residue(a_plan.due, day("2026-05-01"), policy()), Residue(ResidueKind.MAILBOX_COPIES))

    golden("expunge-report", expunge_report(day("2026-05-01"), done, failed, residue))
    golden("expunge-report-nothing", expunge_report(day("2026-05-01"), [], [], []))


def test_a_committee_may_say_it_in_its_own_words(tmp_path: Path) -> None:
    (tmp_path / "derivation").mkdir()
    (tmp_path / "derivation" / "body.txt").write_text(
        "{{ item.part }}: {{ item.date|day('sans fin') }}", encoding="utf-8"
    )

    assert derivation(item(store("2026-05-01"), "no face", "account"), tmp_path) == "account: sans fin"


def test_no_text_is_left_over_in_the_package() -> None:
    """Each folder has its body; what else lies there is imported by one."""
    for folder in (path for path in STEPS.parents[1].iterdir() if path.is_dir() and path.name != "__pycache__"):
        assert (folder / "body.txt").exists()
