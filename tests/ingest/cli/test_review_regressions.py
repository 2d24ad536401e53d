"""What once went wrong between mailbox, poller and commands, each played through once more."""

from __future__ import annotations

import dataclasses
import os
import sys
from pathlib import Path
from typing import Any

import pexpect
import pytest

from ingest import desk, pipeline, taking_in
from ingest.config import load_settings
from ingest.wiring import mailbox_name
from policies.errors import Unavailable
from records import linking, places
from tests.cli_runner import ROOT
from tests.scenes import Person, Post, Scene, mail_from
from tests.story import REPORTER, Story

NOOR = "Noor Haddad"
FIRST = {"Message-ID": "<first@mail.example>"}


@pytest.fixture
def story(tmp_path: Path, pymap_account: Post) -> Story:
    return Story(Scene.found(tmp_path, pymap_account))


def with_new_key(story: Story, folder: Path, name: str, address: str, *words: str) -> Person:
    """Somebody with a new identity whom Tomas lets in."""
    file, block = folder / "new.key", folder / "block"
    options = ("--name", name, "--address", address, "--out", file)
    block.write_text(story.scene.conduct("member", "key", *options).done().out)
    story.scene.conduct("member", "add", block, *words, who="Tomas").done()
    return dataclasses.replace(story.scene.member("Priya"), name=name, address=address, identity=file)


# --- who may read


def test_a_subject_who_leaves_and_returns_with_a_new_key_reads_nothing_of_it(story: Story, tmp_path: Path) -> None:
    case = story.report("2026-03-02", mail_from(REPORTER, "In the hall", "Noor Haddad shouted at me.\n"))
    story.do("case", "accept", case, "--subject", "Noor Haddad <noor@committee.example.org>", on="2026-03-02")
    story.scene.conduct("member", "remove", NOOR, who="Tomas").done()

    back = with_new_key(story, tmp_path, NOOR, "noor@committee.example.org", "--since", "2026-01-01")

    assert story.scene.listed(back) == []
    assert story.scene.conduct("case", "show", case, "--json", who=back).json["closed_to_you"]


def test_a_newcomer_who_is_a_subject_reads_nothing_of_it(story: Story, tmp_path: Path) -> None:
    case = story.report("2026-03-02", mail_from(REPORTER, "In the hall", "Zoe Quist shouted at me.\n"))
    story.do("case", "accept", case, "--subject", "Zoe Quist <zoe@mail.example>", on="2026-03-02")

    zoe = with_new_key(story, tmp_path, "Zoe Quist", "zoe@mail.example", "--since", "2026-01-01")

    assert story.scene.listed(zoe) == []
    assert story.scene.conduct("case", "show", case, "--json", who=zoe).json["closed_to_you"]


def test_a_member_named_by_a_later_edit_loses_the_case_and_its_mail(story: Story) -> None:
    case = story.record("2026-03-02")
    assert len(story.scene.listed(NOOR)) == 1

    story.do("case", "edit", case, "--subject", "Haddad, Noor", on="2026-03-03")

    assert story.scene.listed(NOOR) == []
    assert story.scene.conduct("case", "show", case, "--json", who=NOOR).json["closed_to_you"]


def test_nobody_names_herself(story: Story) -> None:
    case = story.report("2026-03-02")

    answer = story.do("case", "accept", case, "--subject", "Priya Raman", on="2026-03-02", status=1)

    assert "yourself" in answer.err
    assert story.cases("2026-03-02")[case]["status"] == "draft"


def test_case_show_gives_a_member_who_is_kept_out_no_mark_that_tells_why(story: Story) -> None:
    case = story.report("2026-03-02", mail_from(REPORTER, "In the hall", "Noor Haddad shouted at me.\n"))

    hers = story.do("case", "show", case, on="2026-03-03", who=NOOR).out
    theirs = story.do("case", "show", case, on="2026-03-03", who="Tomas").out

    assert "(closed to you)" in hers
    assert not any(word in hers for word in ("held", "conflict", NOOR))
    assert f"held from {NOOR}" in theirs


def test_a_reply_that_names_a_member_in_full_is_marked_for_the_others(story: Story) -> None:
    story.report("2026-03-02", mail_from(REPORTER, "In the hall", "Somebody shouted.\n", headers=FIRST))
    headers = {"Message-ID": "<second@mail.example>", "In-Reply-To": FIRST["Message-ID"]}
    story.scene.deliver(mail_from(REPORTER, "Re: In the hall", "It was Noor Haddad.\n", headers=headers))
    story.scene.poll(on="2026-03-03")

    (reply,) = [each for each in story.scene.listed("Tomas") if each["subject"].startswith("Re:")]
    assert "names-a-member" in reply["flags"]


def test_a_released_mail_stays_closed_to_who_is_recused_and_that_is_said(story: Story) -> None:
    case = story.report("2026-03-02", mail_from(REPORTER, "In the hall", "Noor Haddad shouted at me.\n"))
    (held,) = story.scene.listed("Tomas")
    story.do("member", "recuse", NOOR, case, on="2026-03-02", who="Tomas")

    answer = story.do("mail", "release", held["id"], NOOR, "--json", on="2026-03-02", who="Tomas").json

    assert not answer["may_read"]
    assert story.scene.listed(NOOR) == []
    story.do("member", "unrecuse", NOOR, case, on="2026-03-02", who="Tomas")
    assert [each["id"] for each in story.scene.listed(NOOR)] == [held["id"]]


# --- what a mail is


def test_a_members_own_report_opens_a_draft(story: Story) -> None:
    text = "Bo Rook followed me to my hotel. I want to report this.\n"
    case = story.report("2026-03-02", mail_from("Noor Haddad <noor@committee.example.org>", "I was harassed", text))

    assert story.cases("2026-03-02")[case]["status"] == "draft"


def test_a_report_with_an_invitation_attached_is_a_report(story: Story) -> None:
    report = mail_from(REPORTER, "He keeps inviting me", "Bo Rook keeps sending me what I attach.\n")
    invitation = "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:Tea\nEND:VEVENT\nEND:VCALENDAR\n"
    report.add_attachment(invitation, subtype="calendar", params={"method": "REQUEST"}, filename="tea.ics")

    case = story.report("2026-03-02", report)

    assert [each["case"] for each in story.scene.listed() if each["kind"] == "report"] == [case]


# --- a second member


def test_a_decision_dated_before_the_report_waits_for_another_member(story: Story) -> None:
    case = story.record("2026-03-02")
    story.close(case, "resolved", "2026-03-03", "--decided", "2020-01-01")

    alone = story.scene.conduct("retain", "apply", "--yes", "--json", on="2026-03-03").json
    assert alone["done"] == []
    assert {each["case"] for each in alone["waiting"]} == {case}
    assert story.scene.account is not None
    assert len(story.scene.account.contents()) == 1

    story.do("retain", "apply", "--yes", on="2026-03-03", who="Tomas")
    assert story.scene.account.contents() == []


# --- mailbox, poller, files


def test_a_mailbox_that_fails_counts_no_attempt(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.scene.deliver(mail_from(REPORTER, "In the hall", "Noor Haddad shouted at me.\n"))

    def breaks_off(*_: object) -> Any:
        raise Unavailable("mailbox-gone", "The mail server broke off.", "")

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "_fetch_small", breaks_off)
        for _ in range(4):
            assert story.scene.as_service("poll").status != 0
    with story.scene.looking() as transaction:
        assert places.attempts(transaction) == {}

    assert story.scene.poll()["stored"] == 1
    (stored,) = story.scene.listed("Tomas")
    assert stored["held_from"] == [NOOR]


def test_a_member_removed_between_reading_and_filing_does_not_stop_the_poll(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.scene.deliver(mail_from(REPORTER, "In the hall"))
    genuine = taking_in._readings

    def meanwhile(batch: Any) -> Any:
        monkeypatch.setattr(taking_in, "_readings", genuine)
        story.scene.conduct("member", "remove", NOOR, who="Tomas").done()
        return genuine(batch)

    monkeypatch.setattr(taking_in, "_readings", meanwhile)

    assert story.scene.poll()["stored"] == 1
    assert len(story.scene.listed("Tomas")) == 1


def test_the_name_of_a_mailbox_is_short_and_its_own(story: Story) -> None:
    settings = load_settings(story.scene.home)
    assert settings.imap is not None
    users = ("code-of-conduct-committee@conference.example.org" * 4, "other@example.org")
    names = {
        mailbox_name(settings.model_copy(update={"imap": settings.imap.model_copy(update={"user": user})}))
        for user in users
    }

    assert len(names) == len(users)
    assert all(len(name) <= 40 for name in names)


def test_a_pin_that_cannot_be_written_does_not_fail_the_act(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    case = story.report("2026-03-02")

    def read_only(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(desk, "replace_file", read_only)
    story.do("case", "accept", case, on="2026-03-02")
    monkeypatch.undo()

    assert story.cases("2026-03-02")[case]["status"] == "open"


# --- links, terminals


def test_what_was_said_about_two_subjects_outlives_an_edit(story: Story) -> None:
    first, second = story.record("2026-03-01"), story.record("2026-03-02")

    def states() -> list[str]:
        with story.scene.looking() as transaction:
            return [state for _, _, state in linking.links(transaction)]

    for word, state in (("other", "different"), ("same", "same")):
        story.do("case", word, second, 1, first, 1, on="2026-03-02")
        settled = states()
        story.do("case", "edit", second, "--subject", f"Someone {word} <@{word}>", on="2026-03-02")
        assert states() == settled, state
        assert "possible" not in settled


def test_the_exact_bytes_of_a_mail_go_to_no_terminal(story: Story) -> None:
    story.report("2026-03-02", mail_from(REPORTER, "Report", "x\x1b]0;owned\x07\x1b[2Jy\n"))
    (stored,) = story.scene.listed()
    person = story.scene.member("Priya")
    environ = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "CONDUCT_IDENTITY": str(person.identity),
        "CONDUCT_PASSPHRASE_FILE": str(person.passphrase_file),
    }
    words = ["-P", "-m", "ingest.cli", "--home", str(story.scene.home.root), "mail", "show", stored["id"], "--raw"]

    child = pexpect.spawn(sys.executable, words, env=environ, timeout=60)
    child.expect(pexpect.EOF)
    child.close()

    assert child.exitstatus == 2
    assert b"owned" not in child.before
    assert "owned" in story.do("mail", "show", stored["id"], "--raw", on="2026-03-02").out
