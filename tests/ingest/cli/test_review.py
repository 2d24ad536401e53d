"""The review: a dialogue on a terminal in which nothing happens before it was confirmed."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.cli_runner import ROOT
from tests.scenes import Person, Scene, copy_home, mail_from
from tests.story import REPORTER

MENU = r"What is to be done with it\? \(accept, edit, merge, dismiss, read, skip, quit, \?\) \[skip\]: $"
TEXT = "Bo Rook (@borook) insulted me in the hall. The organisers already spoke to him.\n"


def letters(folder: Path) -> Path:
    box = folder / "letters"
    box.mkdir()
    for number, text in enumerate((TEXT, "Something else happened to me.\n"), start=1):
        mail = mail_from(REPORTER, f"Matter {number}", text, headers={"Message-ID": f"<{number}@mail.example>"})
        del mail["Date"]
        mail["Date"] = f"Mon, 0{number} Mar 2026 09:00:00 +0000"
        (box / f"{number}.eml").write_bytes(bytes(mail))
    return box


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("committee")
    scene = Scene.found(folder)
    scene.as_service("mail", "import", letters(folder), on="2026-03-03").done()
    return scene


@pytest.fixture
def scene(imported: Scene, tmp_path: Path) -> Scene:
    return copy_home(imported, tmp_path)


class Talk:
    """A review on a pseudo-terminal."""

    def __init__(self, scene: Scene, who: Person, **env: str) -> None:
        words = ["-P", "-m", "ingest.cli", "--home", str(scene.home.root), "--identity", str(who.identity)]
        words += ["--passphrase-file", str(who.passphrase_file), "review"]
        plain = {"PYTHONPATH": str(ROOT), "TERM": "xterm", "CONDUCT_TODAY": "2026-03-03", "PATH": os.environ["PATH"]}
        self.child = pexpect.spawn(
            sys.executable, words, env={**plain, **env}, encoding="utf-8", timeout=20, echo=False, dimensions=(50, 200)
        )
        self.seen = ""

    def expect(self, pattern: str) -> str:
        self.child.expect(pattern)
        said = str(self.child.before) + str(self.child.after)
        self.seen += said
        return said

    def answer(self, pattern: str, answer: str) -> str:
        said = self.expect(pattern)
        self.child.sendline(answer)
        return said

    def ends(self, status: int = 0) -> str:
        said = self.expect(pexpect.EOF)
        self.child.close()
        assert self.child.exitstatus == status, self.seen
        return said


@contextmanager
def talking(scene: Scene, **env: str) -> Iterator[Talk]:
    talk = Talk(scene, scene.members[0], **env)
    try:
        yield talk
    finally:
        talk.child.close(force=True)


def cases_of(scene: Scene) -> dict[str, Any]:
    found = scene.conduct("case", "list", "--json", on="2026-03-03").done().json["cases"]
    return {each["case"]: each for each in found}


def first_draft(scene: Scene) -> str:
    return str(min(cases_of(scene).values(), key=lambda each: each["received"])["case"])


def test_without_a_terminal_it_says_so(scene: Scene) -> None:
    done = scene.conduct("review")

    assert done.status == 2
    assert "terminal" in done.err


def test_a_draft_is_accepted_with_what_was_confirmed_and_nothing_else(scene: Scene) -> None:
    case = first_draft(scene)
    with talking(scene) as talk:
        said = talk.answer(MENU, "a")
        assert f"Draft 1 of 2: {case}" in said
        assert "perhaps: Bo Rook" in said
        talk.answer(r"Is Bo Rook a subject\? \(yes, no, \?\) \[no\]: ", "?")
        assert "The record names this person" in talk.answer(r"Is Bo Rook a subject\?.*: ", "yes")
        talk.answer(r"Is @borook a contact of Bo Rook\? .*: ", "y")
        while True:
            which = talk.child.expect([r"Another subject\?.*: ", r"a (?:subject|contact of Bo Rook)\? .*: "])
            talk.child.sendline("" if which == 0 else "no")
            if which == 0:
                break
        talk.answer(r"The reporter is \(private, official, public, \?\) \[private\]: ", "")
        talk.answer(r"Summary: \(take, edit, leave, \?\) \[leave\]: ", "leave")
        talk.answer(r"Action by local rep: \(take, edit, leave, \?\) \[leave\]: ", "take")
        talk.answer(r"Write another field\?.*: ", "yes")
        talk.answer(r"Which field\?.*: ", "nonsense")
        talk.answer(r"Which field\?.*: ", "category")
        talk.answer(r"category: ?", "insult")
        talk.answer(r"Write another field\?.*: ", "")
        said = talk.answer(rf"Make {case} a record with this\?.*: ", "yes")
        assert "Subject 1: Bo Rook <@borook>" in said
        assert case in cases_of(scene)
        talk.expect(f"{case} is a record now")
        talk.answer(MENU, "quit")
        assert "1 draft settled, 1 left." in talk.ends()

    shown = scene.conduct("case", "show", case, "--json", on="2026-03-03").done().json
    assert shown["status"] == "open"
    assert [(each["names"], each["handles"]) for each in shown["subjects"]] == [(["Bo Rook"], ["@borook"])]
    assert shown["fields"]["category"]["value"] == "insult"
    assert shown["fields"]["summary"]["value"] is None
    assert "already spoke" in shown["fields"]["action_by_local_rep"]["value"]
    assert shown["fields"]["reporter"]["value"] == scene.members[0].name


def test_nothing_in_it_moves_the_cursor_or_needs_a_colour(scene: Scene) -> None:
    with talking(scene) as talk:
        talk.answer(MENU, "read")
        talk.answer(MENU, "skip")
        talk.answer(MENU, "skip")
        talk.ends()

    assert "insulted me in the hall" in talk.seen
    assert "\x1b" not in talk.seen
    assert {each["status"] for each in cases_of(scene).values()} == {"draft"}


def test_a_draft_is_dismissed_with_a_reason_once_confirmed(scene: Scene) -> None:
    case = first_draft(scene)
    with talking(scene) as talk:
        talk.answer(MENU, "dismiss")
        talk.answer(r"Why is it no report\?.*: ", "an advertisement")
        talk.answer(rf"Dismiss {case}\?.*: ", "no")
        talk.answer(MENU, "dismiss")
        talk.answer(r"Why is it no report\?.*: ", "an advertisement")
        assert case in cases_of(scene)
        talk.answer(rf"Dismiss {case}\?.*: ", "yes")
        talk.answer(MENU, "quit")
        talk.ends()

    assert case not in cases_of(scene)


def test_a_draft_is_merged_into_another_that_is_named_with_what_they_share(scene: Scene) -> None:
    case = first_draft(scene)
    (other,) = set(cases_of(scene)) - {case}
    with talking(scene) as talk:
        talk.answer(MENU, "merge")
        said = talk.answer(r"With which case\?.*: ", "no such thing")
        assert f"{other}: same address" in said
        assert "Nothing was changed." in talk.answer(MENU, "merge")
        talk.answer(r"With which case\?.*: ", other.replace(" ", "-"))
        talk.answer(rf"File the mail of {case} with {other}\?.*: ", "yes")
        talk.answer(MENU, "skip")
        talk.ends()

    assert set(cases_of(scene)) == {other}


def test_interrupting_goes_back_to_the_draft_with_what_was_written(scene: Scene) -> None:
    case = first_draft(scene)
    with talking(scene) as talk:
        talk.answer(MENU, "edit")
        talk.answer(r"Which field\?.*: ", "space")
        talk.answer(r"space: ?", "chat")
        talk.answer(MENU, "accept")
        talk.expect(r"Is Bo Rook a subject\?.*: ")
        talk.child.sendintr()
        talk.answer(MENU, "quit")
        talk.answer(r"What you wrote about this draft is not kept\. Leave it\?.*: ", "no")
        talk.answer(MENU, "edit")
        talk.answer(r"Which field\?.*: ", "space")
        talk.answer(r"space: \[chat\]: ", "")
        talk.expect(MENU)
        talk.child.sendintr()
        talk.answer(r"Leave it\?.*: ", "yes")
        talk.ends()

    assert cases_of(scene)[case]["status"] == "draft"


def script(folder: Path, body: str) -> str:
    file = folder / "editor"
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)
    return str(file)


def test_a_long_text_is_written_in_the_editor_which_leaves_nothing(scene: Scene, tmp_path: Path) -> None:
    private, seen = tmp_path / "run", tmp_path / "seen"
    private.mkdir(mode=0o700)
    editor = script(
        tmp_path,
        f'stat -c "%a" "$1" . > {seen}; pwd >> {seen}; cat "$1" >> {seen}; echo swap > .summary.swp\n'
        'printf "First line.\\nSecond line.\\n" > "$1"',
    )
    with talking(scene, EDITOR=editor, XDG_RUNTIME_DIR=str(private)) as talk:
        talk.answer(MENU, "edit")
        talk.answer(r"Which field\?.*: ", "summary")
        talk.answer(MENU, "accept")
        while True:
            which = talk.child.expect(
                [r"Make .* a record with this\?.*: ", r"\?\) \[(?:no|private|leave)\]: ", r"Another subject\?.*: "]
            )
            if which == 0:
                break
            talk.child.sendline("")
        assert "summary: First line.\r\nSecond line." in str(talk.child.before)
        talk.child.sendline("yes")
        talk.answer(MENU, "quit")
        talk.ends()

    modes, folder = seen.read_text().splitlines()[:2], seen.read_text().splitlines()[2]
    assert modes == ["600", "700"]
    assert Path(folder).parent == private
    assert list(private.iterdir()) == []


@pytest.mark.parametrize("end", [signal.SIGHUP, signal.SIGTERM])
def test_a_closed_terminal_leaves_no_text_behind(scene: Scene, tmp_path: Path, end: signal.Signals) -> None:
    private, started = tmp_path / "run", tmp_path / "started"
    private.mkdir(mode=0o700)
    editor = script(tmp_path, f'echo secret > "$1"; touch {started}; sleep 2')
    with talking(scene, VISUAL=editor, XDG_RUNTIME_DIR=str(private)) as talk:
        talk.answer(MENU, "edit")
        talk.answer(r"Which field\?.*: ", "summary")
        for _ in range(100):
            if started.exists():
                break
            time.sleep(0.05)
        assert len(list(private.iterdir())) == 1
        talk.child.kill(end)
        for _ in range(100):
            if not list(private.iterdir()):
                break
            time.sleep(0.05)

    assert list(private.iterdir()) == []


def test_an_editor_that_fails_or_is_missing_changes_nothing(scene: Scene, tmp_path: Path) -> None:
    with talking(scene, VISUAL=script(tmp_path, 'echo lost > "$1"; exit 1')) as talk:
        talk.answer(MENU, "edit")
        talk.answer(r"Which field\?.*: ", "summary")
        assert "nothing was taken over" in talk.answer(MENU, "quit")
        talk.ends()
    with talking(scene, VISUAL="/no/such/editor") as talk:
        talk.answer(MENU, "edit")
        talk.answer(r"Which field\?.*: ", "summary")
        assert "cannot be started" in talk.answer(MENU, "quit")
        talk.ends()


def test_without_an_editor_a_text_is_typed_line_by_line(scene: Scene) -> None:
    with talking(scene) as talk:
        talk.answer(MENU, "edit")
        talk.answer(r"Which field\?.*: ", "summary")
        talk.answer(r"a line with \. alone ends it.*: ", "One.")
        talk.answer(": ", "Two.")
        talk.answer(": ", ".")
        talk.answer(MENU, "quit")
        talk.answer(r"Leave it\?.*: ", "yes")
        talk.ends()


def test_a_text_that_names_the_private_reporter_is_refused_and_can_be_mended(scene: Scene) -> None:
    case = first_draft(scene)
    with talking(scene) as talk:
        talk.answer(MENU, "edit")
        talk.answer(r"Which field\?.*: ", "space")
        talk.answer(r"space: ?", "the room of Ada Quill")
        talk.answer(MENU, "accept")
        while True:
            which = talk.child.expect(
                [r"a record with this\?.*: ", r"\?\) \[(?:no|private|leave)\]: ", r"Another subject\?.*: "]
            )
            talk.child.sendline("yes" if which == 0 else "")
            if which == 0:
                break
        assert "Nothing was changed." in talk.answer(MENU, "quit")
        talk.answer(r"Leave it\?.*: ", "yes")
        talk.ends()

    assert cases_of(scene)[case]["status"] == "draft"


def test_a_contact_is_asked_about_with_the_names_it_may_belong_to(tmp_path: Path) -> None:
    scene = Scene.found(tmp_path)
    text = "Bo Rook insulted me. Cyd Marsh (@marshcyd) laughed at me. His handle is @borook.\n"
    (tmp_path / "one.eml").write_bytes(bytes(mail_from(REPORTER, "Two people", text)))
    scene.as_service("mail", "import", tmp_path / "one.eml", on="2026-03-03").done()
    with talking(scene) as talk:
        talk.answer(MENU, "a")
        while talk.child.expect([r"Is \S+( \S+)? a subject\?.*: $", r"Whose contact is (\S+): (.*)\? \(.*: $"]) == 0:
            talk.child.sendline("y" if talk.child.match[1] else "n")
        asked, people = talk.child.match.groups()

    assert asked.startswith("@")
    assert "1 Bo Rook" in people
    assert "2 Cyd Marsh" in people
