"""``conduct sendmail``: what is handed over, what is not, what each exit status says, what is kept."""

from __future__ import annotations

import fcntl
import os
import shlex
import signal
import stat
import subprocess
import sys
import termios
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from ingest.gate.outbox import folder_of_user
from tests.cli_runner import ROOT, Completed, call_conduct
from tests.ingest.gate.desk import PRIVATE, REPORT_ID, REPORTER, STRANGER, SUBJECT, copied, letter
from tests.processes import eventually
from tests.scenes import CONDUCT, Scene
from tests.servers.ports import free_port
from tests.servers.sink import ScriptedSmtp, Sink


@pytest.fixture
def scene(tmp_path: Path, original: Scene, sink: Sink) -> Scene:
    return copied(original, tmp_path, {"smtp": {"host": "127.0.0.1", "port": sink.port, "tls": "none"}})


def through(scene: Scene, port: int) -> None:
    """Another smarthost."""
    file = scene.home.settings_file
    lines = file.read_text().splitlines()
    at = lines.index("[smtp]")
    lines[at:] = [f"port = {port}" if line.startswith("port = ") else line for line in lines[at:]]
    file.write_text("\n".join(lines) + "\n")


def send(scene: Scene, raw: bytes, *args: str, has_key: bool = True) -> Completed:
    if has_key:
        return scene.conduct("sendmail", *args, stdin=raw)
    return call_conduct("sendmail", *args, home=scene.home.root, stdin=raw)


def again(answer: Completed) -> list[str]:
    """The words of the command that the last line names."""
    return answer.err.rstrip().rpartition("conduct sendmail ")[2].split()


ANSWER = letter(REPORTER, answers=REPORT_ID).replace(b"\r\n", b"\n")
LETTER = letter(STRANGER).replace(b"\r\n", b"\n")
PRIVATE_MAIL = letter("friend@example.com", sender=PRIVATE, cc="").replace(b"\r\n", b"\n")


def test_a_good_mail_reaches_the_smarthost_as_it_was(scene: Scene, sink: Sink) -> None:
    send(scene, ANSWER, "-oem", "-oi", "-f", CONDUCT, "--", REPORTER, CONDUCT).done()

    [taken] = sink.taken
    assert taken.content == ANSWER.replace(b"\n", b"\r\n")
    assert (taken.sender, taken.recipients) == (CONDUCT, (REPORTER, CONDUCT))
    assert not folder_of_user().exists()


def test_without_a_key_an_answer_passes_and_that_is_said(scene: Scene, sink: Sink) -> None:
    answer = send(scene, ANSWER, "-oi", "--", REPORTER, CONDUCT, has_key=False).done()

    assert "checked without the case" in answer.err
    assert len(sink.taken) == 1


def test_a_disclosure_is_not_sent_and_nobody_is_named(scene: Scene, sink: Sink) -> None:
    raw = letter(SUBJECT, "Ada Berg told us about you.\n").replace(b"\r\n", b"\n")
    answer = send(scene, raw, "-oi", "--", SUBJECT, CONDUCT).done(os.EX_DATAERR)

    assert not sink.taken
    assert "reporter-named" in answer.err
    assert not any(word in answer.err for word in ("Ada", "Berg", SUBJECT, CONDUCT))
    last = answer.err.rstrip().rpartition("\n")[2]
    assert last.startswith("conduct: NOT SENT: ")
    code = last.rpartition(" ")[2]
    assert "reporter-named" in scene.conduct("findings", "show", code).done().out
    assert scene.conduct("findings", "show", code, who="Noor", env={}).done().out


def test_a_recipient_of_the_command_line_alone_is_bcc(scene: Scene, sink: Sink) -> None:
    answer = send(scene, ANSWER, "-oi", "--", REPORTER, CONDUCT, STRANGER).done(os.EX_DATAERR)

    assert "bcc-used" in answer.err
    assert not sink.taken


def test_with_t_the_header_tells_the_recipients_and_bcc_is_taken_out(scene: Scene, sink: Sink) -> None:
    raw = b"Bcc: x@example.com,\n  y@example.com\n" + letter("z@example.com", sender=PRIVATE, cc="").replace(
        b"\r\n", b"\n"
    )
    send(scene, raw, "-t", "-i").done()

    [taken] = sink.taken
    assert set(taken.recipients) == {"x@example.com", "y@example.com", "z@example.com"}
    assert taken.content == letter("z@example.com", sender=PRIVATE, cc="")
    assert taken.sender == PRIVATE


def test_bcc_never_leaves_with_the_mail(scene: Scene, sink: Sink) -> None:
    raw = b"Bcc: secret@example.com,\n another@example.com\n" + PRIVATE_MAIL
    send(scene, raw, "-oi", "--", "friend@example.com", "secret@example.com").done()

    assert sink.taken[0].recipients == ("friend@example.com", "secret@example.com")
    assert sink.taken[0].content == PRIVATE_MAIL.replace(b"\n", b"\r\n")


def test_bcc_of_the_header_counts(scene: Scene, sink: Sink) -> None:
    answer = send(scene, f"Bcc: {STRANGER}\n".encode() + ANSWER, "-t", "-i").done(os.EX_DATAERR)

    assert "bcc-used" in answer.err


def test_a_private_mail_passes_byte_for_byte_also_when_it_is_strange(scene: Scene, sink: Sink) -> None:
    raw = f"From: {PRIVATE}\r\nX: \xff\r\n\r\n{{{{ name }}}}\r\n.\r\n..\r\n\x00\t \r\n".encode("latin-1")
    send(scene, raw, "-i", "--", "friend@example.com", has_key=False).done()

    assert sink.taken[0].content == raw


def test_a_lone_dot_ends_the_mail_unless_told_otherwise(scene: Scene, sink: Sink) -> None:
    raw = f"From: {PRIVATE}\n\none\n.\ntwo\n".encode()
    send(scene, raw, "friend@example.com").done()
    send(scene, raw, "-i", "friend@example.com").done()

    assert [b"two" in each.content for each in sink.taken] == [False, True]


def test_locked_it_is_kept_and_sent_once_when_unlocked(scene: Scene, sink: Sink) -> None:
    answer = send(scene, LETTER, "-oi", "-f", CONDUCT, "--", STRANGER, CONDUCT, has_key=False).done(os.EX_TEMPFAIL)
    assert "NOT SENT, but kept for 7 days; unlock your key, then: " in answer.err
    assert not sink.taken
    [file] = folder_of_user().iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder_of_user().stat().st_mode) == 0o700

    assert "1 " not in scene.conduct("sendmail", "--kept").done().err
    send(scene, b"", *again(answer), has_key=False).done(os.EX_TEMPFAIL)
    send(scene, b"", *again(answer)).done()
    assert sink.taken[0].content == LETTER.replace(b"\n", b"\r\n")
    assert sink.taken[0].recipients == (STRANGER, CONDUCT)

    send(scene, b"", *again(answer)).done(os.EX_USAGE)
    assert len(sink.taken) == 1


def test_sent_from_the_mail_program_it_is_not_sent_again_from_what_was_kept(scene: Scene, sink: Sink) -> None:
    answer = send(scene, LETTER, "-oi", "--", STRANGER, CONDUCT, has_key=False).done(os.EX_TEMPFAIL)
    anew = LETTER.replace(b"Message-ID: <", b"Message-ID: <anew-")
    send(scene, anew, "-oi", "--", STRANGER, CONDUCT).done()

    send(scene, b"", *again(answer)).done(os.EX_USAGE)
    assert len(sink.taken) == 1


@pytest.mark.parametrize("file", ["conduct.toml", "lint.toml"])
@pytest.mark.parametrize("raw", [ANSWER, PRIVATE_MAIL])
def test_while_a_file_is_broken_mail_is_kept_and_the_last_line_says_what_to_do(
    scene: Scene, sink: Sink, file: str, raw: bytes
) -> None:
    broken = scene.home.configuration / file
    before = broken.read_text() if broken.exists() else ""
    broken.write_text("address = ")
    answer = send(scene, raw, "-oi", "--", REPORTER, CONDUCT).done(os.EX_TEMPFAIL)
    broken.write_text(before)

    last = answer.err.rstrip().rpartition("\n")[2]
    assert last.startswith("conduct: NOT SENT, but kept for 7 days; once that is mended: conduct sendmail --again ")
    assert file in answer.err
    assert not sink.taken
    if raw == ANSWER:
        send(scene, b"", *again(answer)).done()
        assert len(sink.taken) == 1


def test_without_a_home_mail_is_kept(scene: Scene, tmp_path: Path) -> None:
    answer = call_conduct("sendmail", "-oi", "--", "a@example.com", home=tmp_path / "nowhere", stdin=PRIVATE_MAIL)

    assert answer.status == os.EX_TEMPFAIL
    assert again(answer)[0] == "--again"


def test_a_mail_that_was_sent_is_not_called_unsent_whatever_is_wrong_with_what_was_kept(
    scene: Scene, sink: Sink
) -> None:
    send(scene, LETTER, "-oi", "--", STRANGER, CONDUCT, has_key=False).done(os.EX_TEMPFAIL)
    [kept] = folder_of_user().iterdir()
    kept.unlink()
    kept.mkdir()
    send(scene, ANSWER, "-oi", "--", REPORTER, CONDUCT).done()

    assert len(sink.taken) == 1


def test_where_nothing_can_be_kept_that_is_said(scene: Scene, sink: Sink) -> None:
    folder_of_user().parent.mkdir(parents=True)
    folder_of_user().write_text("in the way")
    answer = send(scene, LETTER, "-oi", "--", STRANGER, CONDUCT, has_key=False).done(os.EX_TEMPFAIL)

    assert "It cannot be kept" in answer.err
    assert answer.err.rstrip().endswith("NOT SENT; your mail program has it")


def test_what_was_kept_for_a_week_goes_and_that_is_said(scene: Scene, sink: Sink) -> None:
    send(scene, LETTER, "-oi", "--", STRANGER, CONDUCT, has_key=False).done(os.EX_TEMPFAIL)
    [kept] = folder_of_user().iterdir()
    past = kept.stat().st_mtime - 8 * 86400
    os.utime(kept, (past, past))
    answer = send(scene, ANSWER, "-oi", "--", REPORTER, CONDUCT).done()

    assert f"deleted unsent what was kept for 7 days: {kept.stem}" in answer.err
    assert not list(folder_of_user().iterdir())


def test_an_unreachable_smarthost_loses_nothing(scene: Scene, sink: Sink) -> None:
    through(scene, free_port())
    answer = send(scene, ANSWER, "-oi", "--", REPORTER, CONDUCT).done(os.EX_UNAVAILABLE)
    through(scene, sink.port)
    send(scene, b"", *again(answer)).done()

    assert len(sink.taken) == 1


def test_a_connection_that_breaks_after_the_mail_is_never_repeated_by_itself(scene: Scene, sink: Sink) -> None:
    with ScriptedSmtp({".": None}) as broken:
        through(scene, broken.port)
        answer = send(scene, ANSWER, "-oi", "--", REPORTER, CONDUCT).done(os.EX_UNAVAILABLE)
    assert "PERHAPS SENT" in answer.err
    through(scene, sink.port)
    listed = scene.conduct("sendmail", "--kept").done().out
    mail_id = listed.split()[0]

    assert "perhaps sent" in listed
    send(scene, b"", "--again", mail_id).done(os.EX_USAGE)
    assert not sink.taken
    send(scene, b"", "--discard", mail_id).done()
    assert not scene.conduct("sendmail", "--kept").done().out


def test_two_who_send_a_kept_mail_at_once_send_it_once(scene: Scene, sink: Sink) -> None:
    answer = send(scene, LETTER, "-oi", "--", STRANGER, CONDUCT, has_key=False).done(os.EX_TEMPFAIL)
    found: list[int] = []
    environ = {**os.environ}

    def run() -> None:
        ended = scene.conduct("sendmail", *again(answer), env=environ, own_process=True)
        found.append(ended.status)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(found) == [0, os.EX_USAGE, os.EX_USAGE]
    assert len(sink.taken) == 1


@pytest.mark.parametrize(
    ("args", "raw", "status"),
    [
        (("-i",), ANSWER, os.EX_USAGE),
        (("-bs",), ANSWER, os.EX_USAGE),
        (("-i", "a@example.com"), b"", os.EX_DATAERR),
        (("-i", "a@example.com"), b"no header here\n", os.EX_DATAERR),
        (("-i", "a@example.com>\nRCPT TO:<b@example.com"), b"From: p@example.net\n\nx\n", os.EX_USAGE),
        (("-i", "a@example.com"), b"From: p@example.net\n\na\rb\n", os.EX_DATAERR),
        (("-t", "-i"), b"From: p@example.net\nTo: lena\n\nx\n", os.EX_DATAERR),
    ],
)
def test_what_cannot_be_handed_over(scene: Scene, sink: Sink, args: tuple[str, ...], raw: bytes, status: int) -> None:
    answer = send(scene, raw, *args).done(status)

    assert answer.err.rstrip().rpartition("\n")[2].startswith("conduct: NOT SENT")
    assert "--again" not in answer.err
    assert not sink.taken


def test_without_any_input_nothing_is_sent_and_that_is_said(scene: Scene, sink: Sink) -> None:
    command = f"exec {shlex.quote(sys.executable)} -P -m ingest.cli sendmail -t <&-"
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "CONDUCT_HOME": str(scene.home.root)}
    ended = subprocess.run(["sh", "-c", command], env=environ, capture_output=True, check=False, timeout=60)

    assert ended.returncode == os.EX_DATAERR
    assert ended.stderr.rpartition(b"conduct: ")[2].startswith(b"NOT SENT")


def _unread(process: subprocess.Popen[str]) -> int:
    """How many bytes wait in the pipe to its standard input (pipe(7), FIONREAD)."""
    assert process.stdin is not None
    return int.from_bytes(fcntl.ioctl(process.stdin, termios.FIONREAD, bytes(4)), sys.byteorder)


@pytest.mark.parametrize(
    ("number", "hangs_at", "said"),
    [
        (signal.SIGINT, None, "NOT SENT: send it again"),
        (signal.SIGHUP, None, "NOT SENT: send it again"),
        (signal.SIGTERM, ".", "PERHAPS SENT"),
        (signal.SIGINT, ".", "PERHAPS SENT"),
    ],
)
def test_stopped_by_a_signal_it_says_what_became_of_the_mail(
    scene: Scene, number: signal.Signals, hangs_at: str | None, said: str
) -> None:
    with ScriptedSmtp({hangs_at or "QUIT": b"..."}) as hanging:
        through(scene, hanging.port)
        with subprocess.Popen(
            [sys.executable, "-P", "-m", "ingest.cli", "sendmail", "-i", "--", "friend@example.com"],
            env={**os.environ, "PYTHONPATH": str(ROOT), "CONDUCT_HOME": str(scene.home.root)},
            stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            assert process.stdin is not None
            assert process.stderr is not None
            process.stdin.write(PRIVATE_MAIL.decode())
            process.stdin.flush()
            if hangs_at:
                process.stdin.close()
                assert eventually(lambda: bool(hanging.mails), 20)
            else:
                assert eventually(lambda: _unread(process) == 0, 20)
            process.send_signal(number)
            words = process.stderr.read()

    assert process.returncode == os.EX_TEMPFAIL
    assert words.rstrip().rpartition("\n")[2].startswith(f"conduct: {said}")
    assert ("perhaps sent" in scene.conduct("sendmail", "--kept").done().out) is (hangs_at is not None)


def test_a_terminal_that_is_closed_sends_more_than_one_signal_and_the_mail_is_kept(scene: Scene) -> None:
    with ScriptedSmtp({".": b"..."}) as hanging:
        through(scene, hanging.port)
        with subprocess.Popen(
            [sys.executable, "-P", "-m", "ingest.cli", "sendmail", "-i", "--", "friend@example.com"],
            env={**os.environ, "PYTHONPATH": str(ROOT), "CONDUCT_HOME": str(scene.home.root)},
            stdin=subprocess.PIPE, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            assert process.stdin is not None
            process.stdin.write(PRIVATE_MAIL)
            process.stdin.close()
            assert eventually(lambda: bool(hanging.mails), 20)
            while process.poll() is None:
                process.send_signal(signal.SIGHUP)
                time.sleep(0.001)

    assert process.returncode == os.EX_TEMPFAIL
    assert "perhaps sent" in scene.conduct("sendmail", "--kept").done().out


def test_who_is_no_member_has_no_right(scene: Scene, sink: Sink) -> None:
    scene.conduct("member", "remove", "Tomas").done()
    answer = scene.conduct("sendmail", "-i", "--", REPORTER, CONDUCT, who="Tomas", stdin=ANSWER)

    assert answer.status == os.EX_NOPERM
    assert not sink.taken


@pytest.mark.parametrize(("ends", "status", "is_kept"), [(0, 0, False), (75, 69, True), (65, 69, True)])
def test_a_sendmail_of_the_configuration(
    tmp_path: Path, original: Scene, ends: int, status: int, is_kept: bool
) -> None:
    program = tmp_path / "sendmail"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/words\ncat > {tmp_path}/mail\nexit {ends}\n')
    program.chmod(0o700)
    values: dict[str, Any] = {"outgoing": {"sendmail": [str(program)]}}
    scene = copied(original, tmp_path, values)
    answer = send(scene, ANSWER, "-oi", "--", REPORTER, CONDUCT).done(status)

    assert (tmp_path / "mail").read_bytes() == ANSWER
    assert (tmp_path / "words").read_text().split() == ["-i", "-f", CONDUCT, "--", REPORTER, CONDUCT]
    assert ("--again" in answer.err) is is_kept


def test_help() -> None:
    assert "--again ID" in call_conduct("sendmail", "--help").done().out
