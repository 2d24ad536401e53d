"""Stored mail given back: byte for byte what IMAP gave, in closed files; listed, shown, filed and dismissed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from tests.scenes import CONDUCT, NAMES, Post, Scene, mail_from
from tests.story import REPORTER, Story, at

DAY = "2026-03-02"
BODIES = {
    "plain": b"text\r\n",
    "bare line feeds": b"one\ntwo\r\nthree\rfour\r\n",
    "raw letters": "Grüße aus Łódź\r\n".encode(),
    "no charset at all": bytes(range(1, 256)) + b"\r\n",
    "NUL": b"before\x00after\r\n",
    "no end of line": b"text",
    "a line of 100 kB": b"x" * 100_000 + b"\r\n",
    "more than a piece": os.urandom(900_000).hex().encode(),
}


def raw(number: int, body: bytes) -> bytes:
    head = f"From: Ada Quill <ada@mail.example>\r\nMessage-ID: <{number}@mail.example>\r\nSubject: {number}\r\n\r\n"
    return head.encode() + body


def test_every_mail_comes_out_as_imap_gave_it(tmp_path: Path, imap_server: Post) -> None:
    scene = Scene.found(tmp_path, imap_server)
    for number, body in enumerate(BODIES.values()):
        scene.deliver(raw(number, body))
    scene.poll(on=DAY)
    out = tmp_path / "new" / "out"

    answer = scene.conduct("mail", "export", "--out", out, "--json", on=DAY).done().json["mail"]

    given = {hashlib.sha256(content).hexdigest(): content for content in imap_server.contents()}
    written = {each["sha256"]: (out / f"{each['id']}.eml").read_bytes() for each in answer}
    assert written == given
    assert {each["sha256"]: each["bytes"] for each in scene.listed()} == {name: len(one) for name, one in given.items()}
    assert (out.stat().st_mode & 0o777, {file.stat().st_mode & 0o777 for file in out.iterdir()}) == (0o700, {0o600})
    assert len(list(out.iterdir())) == len(BODIES)
    one = min(answer, key=lambda each: len(written[each["sha256"]]))
    shown = scene.conduct("mail", "show", one["id"], "--raw", on=DAY, own_process=True).done()
    assert shown.out.encode() == written[one["sha256"]]


@pytest.fixture
def story(tmp_path: Path, pymap_account: Post) -> Story:
    return Story(Scene.found(tmp_path, pymap_account))


def test_an_export_of_one_case_holds_its_mail_alone_and_is_audited(story: Story, tmp_path: Path) -> None:
    first, _ = story.report(DAY), story.report(DAY)

    answer = story.do("mail", "export", "--out", tmp_path / "out", "--case", first, "--json", on=DAY).json

    listed = story.do("mail", "list", "--case", first, "--json", on=DAY).json["mail"]
    assert [each["id"] for each in answer["mail"]] == [each["id"] for each in listed]
    assert len(list((tmp_path / "out").iterdir())) == 1
    history = story.do("case", "show", first, "--json", on=DAY).json["history"]
    assert [each["act"] for each in history] == ["draft", "export"]


def test_an_export_into_an_open_folder_says_so_and_still_closes_the_files(story: Story, tmp_path: Path) -> None:
    story.report(DAY)
    out = tmp_path / "out"
    out.mkdir()
    out.chmod(0o755)
    (out / "kept").touch()

    told = story.do("mail", "export", "--out", out, on=DAY)

    assert f"chmod 700 {out}" in told.err
    assert {file.stat().st_mode & 0o777 for file in out.glob("*.eml")} == {0o600}
    assert (out / "kept").exists()


def test_exporting_twice_replaces_and_follows_no_link(story: Story, tmp_path: Path) -> None:
    story.report(DAY)
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    elsewhere.write_text("kept")
    story.do("mail", "export", "--out", out, on=DAY)
    (file,) = out.iterdir()
    file.unlink()
    file.symlink_to(elsewhere)

    story.do("mail", "export", "--out", out, on=DAY)

    assert elsewhere.read_text() == "kept"
    assert not file.is_symlink()


def test_the_list_says_what_scripts_rely_on(story: Story) -> None:
    case = story.report(DAY)

    (listed,) = story.do("mail", "list", "--json", on=DAY).json["mail"]

    assert {name: listed[name] for name in ("received", "case", "kind", "from", "subject")} == {
        "received": "2026-03-02T09:00:00Z", "case": case, "kind": "report",
        "from": "ada.quill@mail.example (Ada Quill)", "subject": "Report 1",
    }  # fmt: skip
    text = story.do("mail", "list", on=DAY).out
    assert listed["id"] in text
    assert case in text
    shown = story.do("mail", "show", listed["id"], on=DAY).out
    assert "From: ada.quill@mail.example (Ada Quill)" in shown
    assert "It is about matter 1." in shown


def test_what_a_mail_says_cannot_act_on_the_terminal(story: Story) -> None:
    wild = mail_from("Ada \x1b[31m <ada@mail.example>", "red \x1b]0;title\x07 \u202egnp", "\x1b[2Jgone \x9b1m\u2028\n")
    wild.replace_header("Subject", "red \u202egnp")
    case = story.report(DAY, wild)
    (listed,) = story.scene.listed()

    for words in (("mail", "list"), ("mail", "show", listed["id"]), ("case", "show", case)):
        said = story.do(*words, on=DAY)
        assert not any(sign in said.out + said.err for sign in ("\x1b", "\x07", "\u202e", "\x9b", "\u2028"))


def test_a_dismissed_mail_has_its_term_and_a_case_has_its_own_way(story: Story) -> None:
    ours = mail_from("priya@committee.example.org", "A question", to="bo@mail.example", headers={"Cc": CONDUCT})
    story.scene.deliver(ours, at(DAY))
    story.scene.poll(on=DAY)
    (listed,) = story.scene.listed()

    answer = story.do("mail", "dismiss", listed["id"], "--reason", "done with", "--json", on="2026-03-12").json

    assert answer["triaged_on"] == "2026-03-12"
    assert story.due("2026-04-10") == set()
    assert story.due("2026-04-11") == {"mail", "mailbox"}


def test_a_letter_of_ours_is_filed_with_the_case_that_it_is_about(story: Story) -> None:
    case = story.record("2026-03-01")
    ours = mail_from(
        "priya@committee.example.org", "A question", to="bo@mail.example",
        headers={"Cc": CONDUCT, "Message-ID": "<ours@x.example>"},
    )  # fmt: skip
    story.scene.deliver(ours, at(DAY))
    story.scene.poll(on=DAY)
    sent = next(each for each in story.scene.listed() if each["kind"] == "sent")

    story.do("mail", "file", sent["id"], case, on=DAY)
    answer = mail_from("bo@mail.example", "Re: A question", headers={"In-Reply-To": "<ours@x.example>"})
    story.scene.deliver(answer, at("2026-03-03"))
    story.scene.poll(on="2026-03-03")

    assert {each["case"] for each in story.scene.listed()} == {case}
    story.do("case", "edit", case, "summary=Bo says that it was a joke.", on=DAY)


def test_mail_says_what_it_is_to_whom(story: Story) -> None:
    copied = mail_from(
        REPORTER, "In the hall", headers={"Cc": "Wim <wim@mail.example>", "Reply-To": "quiet@mail.example"}
    )
    story.report(DAY, copied)
    (listed,) = story.scene.listed(NAMES[1])

    shown = story.do("mail", "show", listed["id"], "--json", on=DAY, who=NAMES[1]).json

    assert shown["message"]["cc"] == [["Wim", "wim@mail.example"]]
    text = story.do("mail", "show", listed["id"], on=DAY).out
    assert "Cc: wim@mail.example (Wim)" in text
    assert "Reply-To: quiet@mail.example" in text
