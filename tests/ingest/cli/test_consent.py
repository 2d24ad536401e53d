"""``conduct consent``: facts on record lift what nobody may override."""

from __future__ import annotations

from pathlib import Path

from tests.scenes import Scene, mail_from
from tests.servers.account import Account

DRAFT = """\
From: Priya Raman <priya@example.org>
To: Sam Stone <sam@example.net>
Cc: conduct@example.org
Subject: Your talk
Message-ID: <draft-1@example.org>

Hello Sam,

Ada Quill wrote to us about the talk on 3 March. How do you see it? Please answer
before 20 March, before we decide.

Priya
"""
DECISION = DRAFT.replace(
    "Ada Quill wrote to us about the talk on 3 March. How do you see it? Please answer\n", ""
).replace(
    "before 20 March, before we decide.", "we have decided about the talk on 3 March: you may not speak next year."
)


def _record(folder: Path, account: Account) -> tuple[Scene, str, str]:
    scene = Scene.found(folder, account)
    scene.deliver(mail_from("Ada Quill <ada@example.net>", "Report"))
    scene.poll()
    listed = scene.conduct("mail", "list", "--json").done().json["mail"][0]
    scene.conduct("case", "accept", listed["case"], "--subject", "Sam Stone <sam@example.net>").done()
    return scene, listed["case"], listed["id"]


def _rules(scene: Scene, case: str, draft: str) -> set[str]:
    answer = scene.conduct("lint", "-", "--case", case, "--json", stdin=draft).json
    return {finding["rule"] for finding in answer["findings"] if finding["severity"] == "error"}


def test_permission_in_writing_lets_a_reporter_be_named_until_it_is_withdrawn(
    tmp_path: Path, pymap_account: Account
) -> None:
    scene, case, mail = _record(tmp_path, pymap_account)
    assert "reporter-named" in _rules(scene, case, DRAFT)

    options = ("--person", "ada@example.net", "--to", "subject", "--scope", "identity", "--mail", mail)
    given = scene.conduct("consent", "add", case, *options, "--json").done().json["consent"]
    assert "reporter-named" not in _rules(scene, case, DRAFT)
    assert scene.conduct("consent", "list", case, "--json").done().json["consents"][0]["mail"] == mail

    scene.conduct("consent", "withdraw", case, given).done()
    assert "reporter-named" in _rules(scene, case, DRAFT)


def test_decision_is_announced_only_after_the_right_of_reply(tmp_path: Path, pymap_account: Account) -> None:
    scene, case, _ = _record(tmp_path, pymap_account)
    assert "right-of-reply" in _rules(scene, case, DECISION)

    scene.conduct("consent", "reply", case, "--from", "2026-03-01", "--reason", "he answered").done()

    assert "right-of-reply" not in _rules(scene, case, DECISION)


def test_permission_cites_a_mail_of_the_case_and_known_words(tmp_path: Path, pymap_account: Account) -> None:
    scene, case, mail = _record(tmp_path, pymap_account)
    options = ("--person", "ada@example.net", "--scope", "content")

    assert "case" in scene.conduct("consent", "add", case, *options, "--to", "*", "--mail", "m0").done(1).err
    assert "organiser" in scene.conduct("consent", "add", case, *options, "--to", "all", "--mail", mail).done(2).err
    assert "consent list" in scene.conduct("consent", "withdraw", case, "k0").done(2).err
