"""``conduct lint`` on the store: with a member's key, and without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from records import audit
from tests.cli_runner import Completed, call_conduct
from tests.scenes import CONDUCT, Scene, mail_from
from tests.servers.account import Account

REPORTER = "Ada Birk <ada.birk@example.net>"
ASKER = "Olga Organ <olga@venue.example.com>"


@pytest.fixture
def scene(tmp_path: Path, pymap_account: Account) -> Scene:
    """A committee with one report on record and one question of an organiser."""
    made = Scene.found(tmp_path, pymap_account)
    made.deliver(
        mail_from(
            REPORTER, "Report", "Cy Quill shouted at me in the hall.\n", headers={"Message-ID": "<r1@example.net>"}
        )
    )
    made.deliver(
        mail_from(ASKER, "A question", "Where is your page?\n", headers={"Message-ID": "<q1@venue.example.com>"})
    )
    made.poll()
    # A question is no report: whoever asked it is then nobody's reporter.
    mails = made.conduct("mail", "list", "--json").done().json["mail"]
    question = next(mail["case"] for mail in mails if mail["subject"] == "A question")
    made.conduct("case", "dismiss", question, "--reason", "A question.").done()
    return made


def _lint(
    scene: Scene, tmp_path: Path, to: str, body: str, *extra: str, answers: str = "", who: str | None = "Priya"
) -> Completed:
    writer = scene.members[0]
    threaded = f"In-Reply-To: <{answers}>\n" if answers else ""
    draft = tmp_path / "draft.eml"
    draft.write_text(
        f"From: {writer.name} <{writer.address}>\nTo: {to}\nCc: {CONDUCT}\nSubject: Re: A question\n{threaded}"
        f"Date: Tue, 10 Mar 2026 09:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n{body}\n"
    )
    arguments = ("lint", draft, "--json", "--reveal", *extra)
    if who is None:
        return call_conduct("--no-input", *arguments, home=scene.home.root)
    return scene.conduct(*arguments, who=who)


def _rules(answer: Completed) -> set[str]:
    return {finding["rule"] for finding in answer.json["findings"]}


def test_answer_to_all_may_leave(scene: Scene, tmp_path: Path) -> None:
    answer = _lint(scene, tmp_path, ASKER, "Hello Olga,\nit is on our site.", answers="q1@venue.example.com")

    assert (answer.status, answer.json["verdict"], _rules(answer)) == (0, "pass", set())


def test_thread_is_known_from_the_store(scene: Scene, tmp_path: Path) -> None:
    answer = _lint(scene, tmp_path, f"{ASKER}, bo@example.com", "Hello,\nthanks.", answers="q1@venue.example.com")

    assert answer.status == 1
    assert _rules(answer) == {"note-missing"}


def test_somebody_new_in_the_reporters_thread_is_refused(scene: Scene, tmp_path: Path) -> None:
    answer = _lint(
        scene, tmp_path, "cy@quill.example.org", "Hello Cy,\nwe write to hear you.", answers="r1@example.net"
    )

    assert answer.status == 1
    assert "thread-reused" in _rules(answer)


def test_allowance_is_noted_in_the_audit_chain(scene: Scene, tmp_path: Path) -> None:
    answer = _lint(
        scene,
        tmp_path,
        f"{ASKER}, bo@example.com",
        "Hello,\nthanks.",
        *("--allow", "note-missing", "--reason", "He asked."),
        answers="q1@venue.example.com",
    )

    assert "note-missing" not in _rules(answer)
    with scene.looking() as transaction:
        assert [entry.act for entry in audit.entries(transaction)][-1] == "lint-allow"


def test_without_a_key_mail_to_who_is_there_already_passes(scene: Scene, tmp_path: Path) -> None:
    answer = _lint(scene, tmp_path, ASKER, "Hello Olga,\nthanks.", answers="q1@venue.example.com", who=None)

    assert (answer.status, answer.json["verdict"]) == (0, "pass")
    assert "checked without the case." in answer.json["not_checked"]


@pytest.mark.parametrize("to", ["bo@example.com", f"{ASKER}, bo@example.com"])
def test_without_a_key_somebody_new_outside_cannot_be_checked(scene: Scene, tmp_path: Path, to: str) -> None:
    answer = _lint(scene, tmp_path, to, "Hello,\nthanks.", answers="q1@venue.example.com", who=None)

    assert (answer.status, answer.json["verdict"]) == (4, "unchecked")


def test_without_a_key_mail_to_the_committee_passes(scene: Scene, tmp_path: Path) -> None:
    answer = _lint(scene, tmp_path, scene.members[1].address, "Hello,\nsee you.", who=None)

    assert (answer.status, answer.json["verdict"]) == (0, "pass")


def test_committees_own_severities_count_and_facts_cannot_be_lowered(scene: Scene, tmp_path: Path) -> None:
    file = scene.home.configuration / "lint.toml"
    file.write_text('[rules.note-missing]\nseverity = "warning"\n')
    to = f"{ASKER}, bo@example.com"
    lowered = _lint(scene, tmp_path, to, "Hello,\nthanks.", answers="q1@venue.example.com")
    file.write_text('[rules.thread-reused]\nseverity = "warning"\n')

    assert {f["severity"] for f in lowered.json["findings"] if f["rule"] == "note-missing"} == {"warning"}
    assert _lint(scene, tmp_path, to, "Hello,\nthanks.").status == 2
