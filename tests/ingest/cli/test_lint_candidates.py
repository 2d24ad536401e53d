"""Which case a draft belongs to: its thread's, else that in its Subject, else those that a recipient is a party of."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import wiring
from tests.cli_runner import Completed
from tests.scenes import CONDUCT, Scene, mail_from
from tests.servers.account import Account

SAM = "Sam Stone <sam@example.net>"
FIRST, SECOND = "Ada Quill", "Bo Rook"


@pytest.fixture
def scene(tmp_path: Path, pymap_account: Account) -> Scene:
    """A committee with two reports about Sam Stone, each a record of its own."""
    made = Scene.found(tmp_path, pymap_account)
    for name in (FIRST, SECOND):
        made.deliver(mail_from(f"{name} <{name[:2].lower().strip()}@example.net>", f"About {name}", f"It is {name}.\n"))
    made.poll()
    for mail in made.listed():
        made.conduct("case", "accept", mail["case"], "--subject", SAM).done()
    return made


def _case_of(scene: Scene, name: str) -> str:
    return str(next(mail["case"] for mail in scene.listed() if mail["subject"] == f"About {name}"))


def _lint(scene: Scene, names: str, *extra: str, subject: str = "Your talk", answers: str = "") -> Completed:
    writer = scene.members[0]
    draft = (
        f"From: {writer.name} <{writer.address}>\nTo: {SAM}\nCc: {CONDUCT}\nSubject: {subject}\n{answers}\n"
        f"Hello,\n\n{names} wrote to us about 3 March.\n"
    )
    return scene.conduct("lint", "-", "--json", "--reveal", *extra, stdin=draft)


def _named(answer: Completed) -> set[str]:
    found = {finding["about"] for finding in answer.json["findings"] if finding["rule"] == "reporter-named"}
    return {about.partition(" to ")[0] for about in found}


def test_with_two_candidates_both_are_checked(scene: Scene) -> None:
    for name in (FIRST, SECOND):
        answer = _lint(scene, name).done(1)
        assert _named(answer) == {name}
        assert set(answer.json["cases"]) == {_case_of(scene, FIRST), _case_of(scene, SECOND)}
    assert _named(_lint(scene, f"{FIRST}, as {SECOND},")) == {FIRST, SECOND}


def test_names_of_both_are_blacked_out(scene: Scene) -> None:
    draft = f"From: x@example.com\nTo: {SAM}\nSubject: Hello\n\n{FIRST} and {SECOND} wrote.\n"
    hidden = scene.conduct("lint", "-", stdin=draft).done(1).out

    assert "2 cases may be meant, and each was checked: " in hidden
    assert not any(word in hidden for name in (FIRST, SECOND) for word in name.split())


@pytest.mark.parametrize("written", ["Your talk ({})", "[{}] your talk", "Re: {}"])
def test_code_name_in_the_subject_says_which(scene: Scene, written: str) -> None:
    case = _case_of(scene, SECOND)
    for code in (case, case.replace(" ", "-").title()):
        answer = _lint(scene, f"{FIRST} and {SECOND}", subject=written.format(code))
        assert _named(answer) == {SECOND}
        assert answer.json["cases"] == [case]


def test_thread_counts_before_the_subject_and_with_a_case_that_is_named(scene: Scene) -> None:
    message_id = mail_from("Ada Quill <ad@example.net>", f"About {FIRST}", f"It is {FIRST}.\n")["Message-ID"]
    answers = f"In-Reply-To: {message_id}\n"
    both = f"{FIRST} and {SECOND}"
    other = _case_of(scene, SECOND)

    assert _named(_lint(scene, both, subject=other, answers=answers)) == {FIRST}
    assert _named(_lint(scene, both, "--case", other)) == {SECOND}
    assert _named(_lint(scene, both, "--case", other, answers=answers)) == {FIRST, SECOND}


def test_a_member_who_has_no_tag_key_finds_the_same(scene: Scene) -> None:
    message_id = mail_from("Ada Quill <ad@example.net>", f"About {FIRST}", f"It is {FIRST}.\n")["Message-ID"]
    with_tags = [_lint(scene, FIRST).json, _lint(scene, FIRST, answers=f"In-Reply-To: {message_id}\n").json]
    scene.home.server_keys.unlink()
    assert not wiring.is_service_user(scene.home)

    assert [_lint(scene, FIRST).json, _lint(scene, FIRST, answers=f"In-Reply-To: {message_id}\n").json] == with_tags


def test_draft_case_of_its_writer_is_a_candidate_too(scene: Scene) -> None:
    scene.deliver(mail_from(SAM, "My side", "I was not there.\n"))
    scene.deliver(mail_from("Nell Vane <nell@example.net>", "Another thing", "In the hall.\n"))
    scene.poll()

    answer = _lint(scene, FIRST)
    assert len(answer.json["cases"]) == 3
