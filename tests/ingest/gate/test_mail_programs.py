"""Mail programs that send through ``conduct sendmail``, each driven as a person or a script does it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from tests.cli_runner import ROOT
from tests.ingest.gate.desk import REPORT_ID, REPORTER, SUBJECT, copied, letter
from tests.scenes import CONDUCT, Scene
from tests.servers.ports import not_installed
from tests.servers.sink import Sink

_MUTTRC = """\
set sendmail="{sendmail}"
set realname="Committee"
set from={sender}
set use_from=yes
set envelope_from=yes
set copy=no
set confirmappend=no
set abort_nosubject=no
set abort_unmodified=no
set mailcap_path=/dev/null
set folder={folder}
set postponed={folder}/postponed
set record=
set spoolfile={folder}/empty
set editor="true"
set signature=
set wait_key=no
"""


@pytest.fixture
def scene(original: Scene, tmp_path: Path, sink: Sink) -> Scene:
    return copied(original, tmp_path, {"smtp": {"host": "127.0.0.1", "port": sink.port, "tls": "none"}})


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        not_installed(name)
    return found


def wrapper(scene: Scene, folder: Path) -> Path:
    """``conduct sendmail`` of a member whose passphrase is at hand, as one word."""
    person = scene.members[0]
    file = folder / "conduct-sendmail"
    file.write_text(
        f"#!/bin/sh\nexport PYTHONPATH={ROOT} CONDUCT_HOME={scene.home.root} CONDUCT_IDENTITY={person.identity} "
        f'CONDUCT_PASSPHRASE_FILE={person.passphrase_file}\nexec {sys.executable} -P -m ingest.cli sendmail "$@"\n'
    )
    file.chmod(0o700)
    return file


def environ(folder: Path) -> dict[str, str]:
    return {**os.environ, "TERM": "vt100", "LC_ALL": "C.UTF-8", "HOME": str(folder), "EDITOR": "true"}


# ---------------------------------------------------------------- mutt, in a terminal


@pytest.fixture(params=["mutt", "neomutt"])
def mutt(request: pytest.FixtureRequest) -> str:
    return program(request.param)


def compose(mutt: str, scene: Scene, folder: Path, to: str, body: str, *, bcc: str = "") -> pexpect.spawn:
    """A mutt that stands in its compose menu with the mail ready to be sent."""
    rc = folder / "muttrc"
    rc.write_text(_MUTTRC.format(sendmail=wrapper(scene, folder), sender=CONDUCT, folder=folder))
    (folder / "empty").touch()
    text = folder / "body.txt"
    text.write_text(body)
    words = ["-F", str(rc), "-s", "Your mail", "-c", CONDUCT, *(["-b", bcc] if bcc else []), "-i", str(text), "--", to]
    if mutt.endswith("neomutt"):
        words.insert(0, "-n")
    child = pexpect.spawn(mutt, words, env=environ(folder), timeout=30, encoding="utf-8", dimensions=(30, 160))
    while child.expect(["y:Send", "To: ", "Cc: ", "Subject: "]):
        child.send("\r")  # it stands there already
    return child


def test_a_good_mail_leaves_mutt(mutt: str, scene: Scene, tmp_path: Path, sink: Sink) -> None:
    child = compose(mutt, scene, tmp_path, SUBJECT, "We have received reports. May we hear your side by 24 March?\n")
    child.send("y")
    child.expect(["Mail sent", pexpect.EOF])
    child.close()

    assert len(sink.taken) == 1
    assert set(sink.taken[0].recipients) == {SUBJECT, CONDUCT}


def test_mutt_shows_why_a_mail_was_not_sent_and_keeps_it(mutt: str, scene: Scene, tmp_path: Path, sink: Sink) -> None:
    child = compose(mutt, scene, tmp_path, SUBJECT, "Ada Berg told us about you.\n")
    child.send("y")
    child.expect("NOT SENT: [0-9]+ error")
    child.expect("findings show ([A-Z0-9]{4}-[A-Z0-9]{2})")
    code = child.match[1]
    child.send("q")
    child.expect("y:Send")
    child.close(force=True)

    assert not sink.taken
    assert "reporter-named" in scene.conduct("findings", "show", code).done().out


def test_what_mutt_hides_from_the_header_counts(mutt: str, scene: Scene, tmp_path: Path, sink: Sink) -> None:
    child = compose(mutt, scene, tmp_path, SUBJECT, "We have received reports.\n", bcc="olga@example.com")
    child.send("y")
    child.expect("bcc-used")
    child.close(force=True)

    assert not sink.taken


# ---------------------------------------------------------------- programs without a terminal


def test_git_send_email(scene: Scene, tmp_path: Path, sink: Sink) -> None:
    git = program("git")
    asked = subprocess.run([git, "send-email", "--dump-aliases"], cwd=tmp_path, capture_output=True, check=False)
    if asked.returncode:
        not_installed("git send-email")
    patch = tmp_path / "0001.patch"
    patch.write_text(f"From: Committee <{CONDUCT}>\nSubject: Our page\n\nNew words.\n---\n a | 1 +\n")
    words = [
        git, "-c", "user.name=Committee", "-c", f"user.email={CONDUCT}",
        "-c", "sendemail.confirm=never", "-c", "sendemail.suppresscc=all", "send-email", "--from", CONDUCT,
        "--sendmail-cmd", str(wrapper(scene, tmp_path)), "--to", SUBJECT, "--cc", CONDUCT, "--quiet",
        "--envelope-sender", CONDUCT, "--no-validate", str(patch),
    ]  # fmt: skip
    good = subprocess.run(words, cwd=tmp_path, env=environ(tmp_path), capture_output=True, text=True, check=False)
    patch.write_text(patch.read_text().replace("New words.", "Ada Berg wrote these."))
    bad = subprocess.run(words, cwd=tmp_path, env=environ(tmp_path), capture_output=True, text=True, check=False)

    assert good.returncode == 0, good.stderr
    assert len(sink.taken) == 1
    assert set(sink.taken[0].recipients) == {SUBJECT, CONDUCT}
    assert bad.returncode != 0
    assert "NOT SENT" in bad.stderr + bad.stdout


def test_a_script_with_t(scene: Scene, tmp_path: Path, sink: Sink) -> None:
    raw = letter(REPORTER, answers=REPORT_ID).replace(b"\r\n", b"\n")
    done = subprocess.run([wrapper(scene, tmp_path), "-t", "-oi"], input=raw, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr
    assert re.search(rb"^Cc: ", sink.taken[0].content, re.MULTILINE)
