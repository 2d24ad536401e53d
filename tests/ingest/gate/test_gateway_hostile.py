"""Clients of the gateway that mean no good, or break off, and the end of the gateway itself: nothing slips through."""

from __future__ import annotations

import base64
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.gate.desk import PRIVATE, copied
from tests.ingest.gate.running import Rude, Running, running
from tests.processes import eventually, memory
from tests.scenes import Scene
from tests.servers.sink import ScriptedSmtp, Sink

HEAD = b"From: " + PRIVATE.encode() + b"\r\nSubject: x\r\n\r\n"
LOGIN = b"AUTH PLAIN " + base64.b64encode(b"\0priya\0a heron in the reeds") + b"\r\n"
SMUGGLED = b"MAIL FROM:<evil@example.net>\r\nRCPT TO:<victim@example.com>\r\nDATA\r\nSubject: smuggled\r\n\r\nx\r\n"
#: What some server or other takes for the end of a mail; only the last is one.
ENDS = (
    b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r.\r\n", b"\r\r\n.\r\r\n", b"\n\n.\n\n", b"\r\n\0.\r\n",
    b"\r\n.\0\r\n", b"\n.\r", b"\r.\n",
)  # fmt: skip


def committee(original: Scene, folder: Path, port: int, login: str = "own") -> Scene:
    """A committee whose gateway hands mail to that port."""
    gateway = {"password_file": "gateway.passwords", "login": login}
    scene = copied(original, folder, {"smtp": {"host": "127.0.0.1", "port": port, "tls": "none"}, "gateway": gateway})
    file = scene.home.root / "gateway.passwords"
    file.write_text("priya:a heron in the reeds\n")
    file.chmod(0o600)
    return scene


@pytest.fixture
def gateway(original: Scene, tmp_path: Path, sink: Sink) -> Iterator[Running]:
    with running(committee(original, tmp_path, sink.port), tmp_path) as found:
        yield found


def opened(port: int) -> Rude:
    """Logged in, a mail begun, the word given to send it."""
    rude = Rude(port)
    rude.ask(b"EHLO rude.example.net\r\n")
    assert rude.ask(LOGIN).startswith(b"235")
    assert rude.ask(b"MAIL FROM:<" + PRIVATE.encode() + b">\r\n").startswith(b"250")
    assert rude.ask(b"RCPT TO:<friend@example.com>\r\n").startswith(b"250")
    assert rude.ask(b"DATA\r\n").startswith(b"354")
    return rude


@pytest.mark.parametrize("end", ENDS)
def test_no_second_mail_is_smuggled_in(gateway: Running, sink: Sink, end: bytes) -> None:
    with opened(gateway.port) as rude:
        rude.send(HEAD + b"one" + end + SMUGGLED + b".\r\n")
        said = rude.rest() if b"\0" not in end else rude.reply()

    if b"\0" in end:  # a NUL ends nothing: it is all one mail
        assert said.startswith(b"250")
        assert [each.content for each in sink.taken] == [HEAD + b"one" + end.replace(b"\n.", b"\n", 1) + SMUGGLED] or (
            b"smuggled" in sink.taken[0].content and len(sink.taken) == 1
        )
        return
    assert said.startswith(b"550 5.5.2 NOT SENT")
    assert said.count(b"\n") == 1
    assert not sink.taken


@pytest.mark.parametrize("end", ENDS)
def test_what_goes_out_ends_once(original: Scene, tmp_path: Path, end: bytes) -> None:
    """Against a server that is as lenient as can be: it never sees an end but ours."""
    with ScriptedSmtp({}) as server, running(committee(original, tmp_path, server.port), tmp_path) as gateway:
        with opened(gateway.port) as rude:
            rude.send(HEAD + b"one" + end + SMUGGLED + b".\r\n")
            rude.rest() if b"\0" not in end else rude.reply()

        sent = b"".join(server.mails)
    assert b"\0" in end or not sent
    assert len(server.mails) <= 1
    assert sum(line.upper().startswith(b"MAIL FROM") for line in server.lines) <= 1


def test_dots_and_long_lines_come_out_as_they_went_in(gateway: Running, sink: Sink) -> None:
    content = HEAD + b".\r\n..\r\n.x\r\n" + b"." * 5000 + b"\r\n" + b"y" * 900_000 + b"\r\n\r\n\r\n"
    with opened(gateway.port) as rude:
        stuffed = content.replace(b"\r\n.", b"\r\n..")
        for start in range(0, len(stuffed), 77_777):
            rude.send(stuffed[start : start + 77_777])
        assert rude.ask(b".\r\n").startswith(b"250")

    assert sink.taken[0].content == content


def test_a_mail_byte_by_byte(gateway: Running, sink: Sink) -> None:
    with opened(gateway.port) as rude:
        for byte in HEAD + b"..\r\n.":
            rude.send(bytes([byte]))
            time.sleep(0.001)
        assert rude.ask(b"\r\n").startswith(b"250")

    assert sink.taken[0].content == HEAD + b".\r\n"


def test_an_empty_mail_ends(gateway: Running) -> None:
    with opened(gateway.port) as rude:
        assert rude.ask(b".\r\n").startswith(b"250")


def test_commands_sent_all_at_once_are_answered_in_turn(gateway: Running, sink: Sink) -> None:
    with Rude(gateway.port) as rude:
        rude.send(
            b"EHLO x\r\n" + LOGIN + b"MAIL FROM:<" + PRIVATE.encode() + b">\r\nRCPT TO:<a@example.com>\r\nDATA\r\n"
            + HEAD + b".\r\nMAIL FROM:<" + PRIVATE.encode() + b">\r\nRCPT TO:<b@example.com>\r\nDATA\r\n" + HEAD
            + b".\r\nQUIT\r\n"
        )  # fmt: skip
        said = rude.rest()

    assert said.count(b"\r\n250 2.0.0 Taken") == 2
    assert [each.recipients for each in sink.taken] == [("a@example.com",), ("b@example.com",)]


@pytest.mark.parametrize(
    "words",
    [
        b"MAIL FROM:<a@example.com> SIZE=99999999999\r\n", b"MAIL FROM:<a b@example.com>\r\n", b"MAIL FROM:\r\n",
        b"\xff\xfe\r\n", b"MAIL FROM:<" + b"a" * 3000 + b"@example.com>\r\n", b"BDAT 10 LAST\r\n", b"TURN\r\n",
        b"DATA\r\n", b"RCPT TO:<a@example.com>\r\n", b"XFORWARD NAME=x\r\n", b"STARTTLS\r\n", b"VRFY root\r\n",
    ],
)  # fmt: skip
def test_nonsense_is_refused_and_the_session_goes_on(gateway: Running, words: bytes) -> None:
    with Rude(gateway.port) as rude:
        rude.ask(b"EHLO x\r\n")
        rude.ask(LOGIN)
        assert rude.ask(words)[:1] in {b"5", b"4", b"2"}
        assert rude.ask(b"NOOP\r\n").startswith(b"250")


def test_addresses_that_would_be_commands_are_refused(gateway: Running, sink: Sink) -> None:
    with Rude(gateway.port) as rude:
        rude.ask(b"EHLO x\r\n")
        rude.ask(LOGIN)
        rude.ask(b"MAIL FROM:<" + PRIVATE.encode() + b">\r\n")
        rude.ask(b'RCPT TO:<"a b> c"@example.com>\r\n')
        rude.ask(b"RCPT TO:<a@example.com>\r\n")
        rude.ask(b"DATA\r\n")
        said = rude.ask(HEAD + b".\r\n")

    assert said.startswith(b"550 5.1.3 NOT SENT")
    assert all("\n" not in each and " " not in each for taken in sink.taken for each in taken.recipients)


def test_too_much_is_refused_and_the_next_mail_passes(gateway: Running, sink: Sink) -> None:
    with opened(gateway.port) as rude:
        piece = b"z" * 998 + b"\r\n"
        for _ in range(66):
            rude.send(piece * 1049)
        assert rude.ask(b".\r\n").startswith(b"552 5.3.4 NOT SENT")
        rude.ask(b"MAIL FROM:<" + PRIVATE.encode() + b">\r\n")
        rude.ask(b"RCPT TO:<friend@example.com>\r\n")
        rude.ask(b"DATA\r\n")
        assert rude.ask(HEAD + b".\r\n").startswith(b"250")

    assert len(sink.taken) == 1


def test_a_line_without_end_is_refused(gateway: Running) -> None:
    with opened(gateway.port) as rude:
        for _ in range(70):
            rude.send(b"w" * 1_000_000)
        assert rude.ask(b"\r\n.\r\n").startswith(b"552")


def test_a_client_that_breaks_off_in_the_middle_sends_nothing(gateway: Running, sink: Sink) -> None:
    for cut in (HEAD, HEAD + b"text\r\n", HEAD + b"\r\n.", HEAD + b"\r\n.\r"):
        with opened(gateway.port) as rude:
            rude.send(cut)
    time.sleep(0.5)

    assert not sink.taken


def test_too_many_connections_are_turned_away_and_places_become_free(gateway: Running) -> None:
    held = [opened(gateway.port) for _ in range(60)]
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=10) as one_more:
        assert one_more.recv(200).startswith(b"421 4.3.2")
    for each in held:
        each.socket.close()
    time.sleep(0.3)
    with Rude(gateway.port) as rude:
        assert rude.ask(b"NOOP\r\n").startswith(b"250")


def test_who_never_logs_in_keeps_nobody_out(gateway: Running, sink: Sink) -> None:
    idle = [Rude(gateway.port) for _ in range(60)]
    with opened(gateway.port) as rude:
        more = [Rude(gateway.port) for _ in range(60)]
        rude.send(HEAD + b".\r\n")
        assert rude.reply().startswith(b"250")

    assert idle[0].rest().startswith(b"421 4.3.2 NOT SENT")
    assert len(sink.taken) == 1
    for each in (*idle, *more):
        each.socket.close()


# ---------------------------------------------------------------- its end


def test_killed_in_the_middle_of_data_nothing_is_sent(gateway: Running, sink: Sink) -> None:
    with opened(gateway.port) as rude:
        rude.send(HEAD + b"half")
        gateway.stop(signal.SIGKILL)
        assert rude.rest() == b""

    assert not sink.taken


def test_a_signal_ends_it_within_two_seconds_whoever_is_connected(gateway: Running, sink: Sink) -> None:
    with Rude(gateway.port) as idle, opened(gateway.port) as sending:
        sending.send(HEAD + b"half")
        seconds = gateway.stop()
        assert idle.rest().startswith(b"421 4.3.2")
        assert sending.rest().startswith(b"421 4.3.2 NOT SENT")

    assert seconds < 2
    assert gateway.process.returncode == 0
    assert not sink.taken
    assert gateway.said() == ""


def test_a_mail_on_its_way_arrives_before_the_end(original: Scene, tmp_path: Path) -> None:
    def slowly(_: object) -> str:
        time.sleep(0.6)
        return "250 2.0.0 Taken"

    ended: list[float] = []
    with (
        Sink(answer=slowly) as sink,
        running(committee(original, tmp_path, sink.port), tmp_path) as gateway,
        opened(gateway.port) as rude,
    ):
        rude.send(HEAD + b".\r\n")
        time.sleep(0.3)
        thread = threading.Thread(target=lambda: ended.append(gateway.stop()))
        thread.start()
        assert rude.reply().startswith(b"250 2.0.0 Taken")
        thread.join()

    assert len(sink.taken) == 1
    assert ended[0] < 2


def test_a_smarthost_that_hangs_does_not_hold_up_the_end(original: Scene, tmp_path: Path) -> None:
    with (
        ScriptedSmtp({".": b"..."}, patience=20) as server,
        running(committee(original, tmp_path, server.port), tmp_path) as gateway,
        opened(gateway.port) as rude,
    ):
        rude.send(HEAD + b".\r\n")
        time.sleep(1)
        seconds = gateway.stop()
        said = rude.rest()

    assert seconds < 2.5
    assert said == b"" or b"PERHAPS SENT" in said


def test_large_mails_leave_it_as_small_as_before(gateway: Running, sink: Sink) -> None:
    large = HEAD + (b"x" * 70 + b"\r\n") * 100_000 + b".\r\n"
    before = memory(gateway.process.pid)
    for _ in range(3):
        with opened(gateway.port) as one, opened(gateway.port) as other:
            senders = [threading.Thread(target=rude.send, args=[large]) for rude in (one, other)]
            for sender in senders:
                sender.start()
            for sender in senders:
                sender.join()
            assert one.reply().startswith(b"250")
            assert other.reply().startswith(b"250")

    assert len(sink.taken) == 6
    assert eventually(lambda: memory(gateway.process.pid) - before < len(large))
