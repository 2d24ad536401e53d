"""The years before: imported once whatever happens, read by whom they may be read, and never what was destroyed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.cli_runner import ROOT
from tests.scenes import Post, Scene, copy_home, kill, mail_from
from tests.story import REPORTER

OLD = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene.found(tmp_path_factory.mktemp("committee"))


@pytest.fixture
def scene(founded: Scene, tmp_path: Path) -> Scene:
    return copy_home(founded, tmp_path)


def mbox_of(*mails: EmailMessage | bytes, when: datetime = OLD) -> bytes:
    stamp = f"From someone@mail.example {when:%a %b %d %H:%M:%S %Y}\n".encode()
    return b"".join(stamp + bytes(mail).replace(b"\r\n", b"\n") + b"\n" for mail in mails)


def put(folder: Path, content: bytes, name: str = "old.mbox") -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def imported(scene: Scene, *words: object, status: int = 0) -> dict[str, Any]:
    answer: dict[str, Any] = scene.as_service("mail", "import", *words, "--json", on="2026-03-02").done(status).json
    return answer


def report(number: int = 1, **headers: str) -> EmailMessage:
    ids = {"Message-ID": f"<old-{number}@mail.example>", **headers}
    return mail_from(REPORTER, f"Report {number}", f"Matter {number} of long ago.\n", headers=ids)


def test_old_mail_becomes_drafts_and_threads_with_the_days_of_its_arrival(scene: Scene, tmp_path: Path) -> None:
    answer_to = report(2, **{"In-Reply-To": "<old-1@mail.example>"})
    counts = imported(scene, put(tmp_path, mbox_of(report(1), answer_to, report(3))))

    assert (counts["stored"], counts["drafts"], counts["joined"], counts["known"]) == (3, 2, 1, 0)
    listed = scene.listed()
    assert {each["received"] for each in listed} == {"2024-05-06T07:08:09Z"}
    assert sorted(each["kind"] for each in listed) == ["reply", "report", "report"]


def test_the_bytes_are_those_that_a_server_would_give(scene: Scene, tmp_path: Path) -> None:
    mail = bytes(report()).replace(b"\n", b"\r\n")
    imported(scene, put(tmp_path, mail, "one.eml"))

    (stored,) = scene.listed()
    shown = scene.conduct("mail", "show", stored["id"], "--raw").done()
    assert shown.out.encode() == mail


def test_again_brings_nothing(scene: Scene, tmp_path: Path) -> None:
    file = put(tmp_path, mbox_of(report(1), report(2), report(1)))

    first, again = imported(scene, file), imported(scene, file)

    assert (first["stored"], first["known"]) == (2, 1)
    assert (again["stored"], again["known"], again["fetched"]) == (0, 3, 3)


def test_it_is_read_by_those_present_who_were_members_then(tmp_path: Path) -> None:
    scene = Scene.found(tmp_path, starts=datetime(2025, 1, 1, tzinfo=UTC))
    file = put(tmp_path, mbox_of(report(1)) + mbox_of(report(2), when=datetime(2025, 6, 7, tzinfo=UTC)))

    done = scene.as_service("mail", "import", file, on="2026-03-02").done()

    assert len(scene.listed()) == 1
    assert "1 mail can be opened with the recovery identity alone" in done.err


def test_no_expunge_looks_for_it_in_the_mailbox(scene: Scene, tmp_path: Path) -> None:
    imported(scene, put(tmp_path, mbox_of(report())))
    plan = scene.conduct("retain", "plan", "--json").done().json["items"]

    assert [item["part"] for item in plan if item["mail"]] == ["mail"]


def test_what_was_destroyed_never_comes_back(scene: Scene, tmp_path: Path) -> None:
    file = put(tmp_path, mbox_of(report()))
    imported(scene, file)
    case = scene.listed()[0]["case"]
    scene.conduct("case", "dismiss", case, "--reason", "spam", on="2026-03-02").done()
    scene.conduct("retain", "apply", "--yes", who="Noor", on="2026-05-01").done()
    assert scene.listed() == []

    again = imported(scene, file)

    assert (again["stored"], again["known"]) == (0, 1)
    assert scene.listed() == []


def test_a_mail_that_the_mailbox_gave_is_known(tmp_path: Path, pymap_account: Post) -> None:
    scene = Scene.found(tmp_path, pymap_account)
    scene.deliver(report(1))
    scene.poll()
    noted = bytes(report(1)).replace(b"Subject:", b"Status: RO\nX-Mozilla-Status: 0001\nSubject:", 1)
    file = put(tmp_path, mbox_of(noted, report(2)))

    counts = imported(scene, file)

    assert (counts["stored"], counts["known"]) == (1, 1)


def test_a_mail_that_the_mailbox_gives_later_lies_there_from_then_on(tmp_path: Path, pymap_account: Post) -> None:
    scene = Scene.found(tmp_path, pymap_account)
    imported(scene, put(tmp_path, mbox_of(report())))
    scene.deliver(report())

    assert scene.poll()["known"] == 1
    plan = scene.conduct("retain", "plan", "--json").done().json["items"]
    assert sorted(item["part"] for item in plan if item["mail"]) == ["mail", "mailbox"]


def test_a_dry_run_says_what_would_come_and_writes_nothing(scene: Scene, tmp_path: Path) -> None:
    away = mail_from(REPORTER, "Away", headers={"Auto-Submitted": "auto-replied", "Message-ID": "<away@mail.example>"})
    file = put(tmp_path, mbox_of(report(1), away) + mbox_of(report(2), when=datetime(2019, 1, 2, tzinfo=UTC)))
    before = {path: path.read_bytes() for path in scene.home.root.iterdir() if path.is_file()}

    told = imported(scene, file, "--dry-run")

    assert told["kinds"] == {"report": 2, "automatic": 1}
    assert told["years"] == {"2019": 1, "2024": 2}
    assert (told["new"], told["known"], told["for_nobody_present"]) == (3, 0, 0)
    assert told["beyond_terms"] == 1
    assert {path: path.read_bytes() for path in scene.home.root.iterdir() if path.is_file()} == before
    assert scene.listed() == []


def test_since_leaves_older_mail_out(scene: Scene, tmp_path: Path) -> None:
    file = put(tmp_path, mbox_of(report(1)) + mbox_of(report(2), when=datetime(2019, 1, 2, tzinfo=UTC)))

    assert imported(scene, file, "--since", "2020-01-01")["stored"] == 1
    assert scene.as_service("mail", "import", file, "--since", "2026-01-01").status == 3


def test_what_is_no_mail_is_refused(scene: Scene, tmp_path: Path) -> None:
    assert scene.as_service("mail", "import", put(tmp_path, b"words\n")).status == 3
    assert scene.as_service("mail", "import", tmp_path / "missing").status == 2


def test_a_mail_that_breaks_the_reader_is_kept_unread_and_the_rest_comes(scene: Scene, tmp_path: Path) -> None:
    nested = (
        b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 9000
    )
    file = put(tmp_path, mbox_of(b"From: eve@mail.example\n" + nested, report(2)))

    assert imported(scene, file)["stored"] == 2


def _start(scene: Scene, file: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "ingest.cli", "--home", str(scene.home.root), "mail", "import", str(file)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip


def test_killed_at_any_time_nothing_is_lost_and_nothing_comes_twice(scene: Scene, tmp_path: Path) -> None:
    file = put(tmp_path, mbox_of(*(report(number) for number in range(600))))
    finished = False
    for seconds in (0.9, 1.2, 1.5, 0.8):
        process = _start(scene, file)
        time.sleep(seconds)
        finished = finished or process.poll() == 0
        kill(process)
        assert process.returncode in {0, -signal.SIGKILL}

    counts = imported(scene, file)

    assert counts["known"] + counts["stored"] == 600
    listed = scene.listed()
    assert len(listed) == len({each["sha256"] for each in listed}) == 600
    assert len({each["case"] for each in listed}) == 600


def test_the_bar_stands_on_a_terminal_alone(scene: Scene, tmp_path: Path) -> None:
    file = put(tmp_path, mbox_of(*(report(number) for number in range(250))))
    assert "Mails" not in scene.as_service("mail", "import", file, "--dry-run").done().err

    words = ["-P", "-m", "ingest.cli", "--home", str(scene.home.root), "mail", "import", str(file)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    child = pexpect.spawn(sys.executable, words, env=environ, encoding="utf-8", timeout=30)
    child.expect("Mails")
    child.expect("250 new mails")
    child.expect(pexpect.EOF)
