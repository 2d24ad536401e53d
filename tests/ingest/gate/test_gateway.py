"""``conduct gateway`` between real clients and real smarthosts: what passes, what is refused, and by whose word."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from policies.errors import WrongUsage
from tests.cli_runner import call_conduct
from tests.ingest.gate.desk import PRIVATE, REPORT_ID, REPORTER, STRANGER, SUBJECT, copied, letter
from tests.ingest.gate.running import Running, client, running, submit
from tests.scenes import CONDUCT, Scene
from tests.servers.certificates import Certificates
from tests.servers.ports import free_port
from tests.servers.sink import ScriptedSmtp, Sink

LOGIN: dict[str, Any] = {"user": "priya", "password": "a heron in the reeds"}
ANSWER = letter(REPORTER, answers=REPORT_ID)
FRIENDLY = letter("friend@example.com", sender=PRIVATE, cc="")


def set_up(original: Scene, folder: Path, port: int, **gateway: Any) -> Scene:
    """A committee whose gateway hands mail to that port, and knows one login of its own."""
    values = {
        "smtp": {"host": "127.0.0.1", "port": port, "tls": "none"},
        "gateway": {"password_file": "gateway.passwords", **gateway},
    }
    scene = copied(original, folder, values)
    file = scene.home.root / "gateway.passwords"
    file.write_text("# who may send\npriya:a heron in the reeds\n")
    file.chmod(0o600)
    return scene


@pytest.fixture
def scene(tmp_path: Path, original: Scene, sink: Sink) -> Scene:
    return set_up(original, tmp_path, sink.port)


@pytest.fixture
def gateway(scene: Scene, tmp_path: Path) -> Iterator[Running]:
    with running(scene, tmp_path, scene.members[0]) as found:
        yield found


# ---------------------------------------------------------------- the check


def test_good_mail_passes_as_it_was_and_the_smarthosts_word_is_passed_on(gateway: Running, sink: Sink) -> None:
    sink.answer = lambda _: "250 2.0.0 queued as 4711"
    code, said = submit(gateway.port, ANSWER, CONDUCT, REPORTER, CONDUCT, **LOGIN)

    assert (code, said) == (250, b"2.0.0 queued as 4711")
    assert sink.taken[0].content == ANSWER
    assert (sink.taken[0].sender, sink.taken[0].recipients) == (CONDUCT, (REPORTER, CONDUCT))


def test_a_disclosure_is_refused_after_data_and_nobody_is_named(gateway: Running, sink: Sink, scene: Scene) -> None:
    raw = letter(SUBJECT, "Ada Berg told us about you.\n")
    code, said = submit(gateway.port, raw, CONDUCT, SUBJECT, CONDUCT, **LOGIN)

    assert code == 550
    assert not sink.taken
    lines = said.decode("ascii").split("\n")
    assert all(line.startswith("5.7.1 ") for line in lines)
    assert "reporter-named" in lines[0]
    assert lines[-1].startswith("5.7.1 NOT SENT: ")
    assert not any(word in said for word in (b"Ada", b"Berg", SUBJECT.encode(), CONDUCT.encode()))
    kept = scene.conduct("findings", "show", lines[-1].rpartition(" ")[2]).done().out
    assert "reporter-named" in kept


def test_an_envelope_recipient_outside_the_header_is_bcc(gateway: Running, sink: Sink) -> None:
    code, said = submit(gateway.port, ANSWER, CONDUCT, REPORTER, CONDUCT, STRANGER, **LOGIN)

    assert (code, sink.taken) == (550, [])
    assert b"bcc-used" in said


def test_a_private_mail_passes_unread_however_strange(gateway: Running, sink: Sink) -> None:
    raw = f"From: {PRIVATE}\r\nX: \xff\r\n\r\n..{{{{ name }}}}\r\n.x\r\n\x00\t \r\n{'long ' * 40000}\r\n.\r\n".encode(
        "latin-1"
    )
    code, _ = submit(gateway.port, raw, PRIVATE, "friend@example.com", **LOGIN)

    assert code == 250
    assert sink.taken[0].content == raw


def test_locked_it_passes_answers_and_cannot_check_new_letters(scene: Scene, tmp_path: Path, sink: Sink) -> None:
    with running(scene, tmp_path) as gateway:
        passed = submit(gateway.port, ANSWER, CONDUCT, REPORTER, CONDUCT, **LOGIN)
        unchecked = submit(gateway.port, letter(STRANGER), CONDUCT, STRANGER, CONDUCT, **LOGIN)

        gateway.stop()

    assert gateway.said() == "conduct: a mail was checked without the case, and left\n"
    assert passed[0] == 250
    assert unchecked == (451, b"4.3.0 NOT SENT: it cannot be checked now; unlock your key and send it again")
    assert len(sink.taken) == 1


def test_where_nobody_reads_its_log_mail_leaves_all_the_same(scene: Scene, tmp_path: Path, sink: Sink) -> None:
    with running(scene, tmp_path) as gateway:
        assert gateway.process.stderr is not None
        gateway.process.stderr.close()
        code, _ = submit(gateway.port, ANSWER, CONDUCT, REPORTER, CONDUCT, **LOGIN)  # without a key, which is told

    assert code == 250
    assert len(sink.taken) == 1


def test_a_mail_that_breaks_the_child_is_not_sent_and_the_next_one_is(gateway: Running, sink: Sink) -> None:
    bomb = (
        b"From: "
        + CONDUCT.encode()
        + b"\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n"
        + b"--a\r\n\r\n" * 900_000
    )
    code, said = submit(gateway.port, bomb, CONDUCT, SUBJECT, **LOGIN)
    after = submit(gateway.port, ANSWER, CONDUCT, REPORTER, CONDUCT, **LOGIN)

    assert code in {451, 550}
    assert b"NOT SENT" in said
    assert after[0] == 250
    assert len(sink.taken) == 1


# ---------------------------------------------------------------- who may send


@pytest.mark.parametrize("login", [{}, {"user": "priya", "password": "wrong"}, {"user": "nobody", "password": "x"}])
def test_it_is_no_open_relay(gateway: Running, sink: Sink, login: dict[str, Any]) -> None:
    with client(gateway.port) as smtp:
        if login:
            with pytest.raises(smtplib.SMTPAuthenticationError):
                smtp.login(**login)
        assert smtp.mail(PRIVATE)[0] == 530
        assert smtp.rcpt("friend@example.com")[0] >= 500
        assert smtp.docmd("DATA")[0] >= 500

    assert not sink.taken


def test_no_password_before_tls(tmp_path: Path, original: Scene, sink: Sink, certificates: Certificates) -> None:
    scene = set_up(
        original, tmp_path, sink.port,
        certificate=str(certificates.certificate), certificate_key=str(certificates.key),
    )  # fmt: skip
    with running(scene, tmp_path) as gateway:
        with client(gateway.port) as smtp:
            assert "auth" not in smtp.esmtp_features
            assert smtp.docmd("AUTH", "PLAIN AHByaXlhAHg=")[0] == 530
            assert smtp.mail(PRIVATE)[0] == 530
        code, _ = submit(
            gateway.port, FRIENDLY, PRIVATE, "friend@example.com", authority=certificates.authority, **LOGIN
        )

    assert code == 250
    assert len(sink.taken) == 1


def test_a_login_can_be_passed_on(tmp_path: Path, original: Scene, certificates: Certificates) -> None:
    place: Any = {"tls": "starttls", "certificate": certificates.certificate, "key": certificates.key}
    with Sink(**place, user="priya@example.org", password="hers alone") as sink:
        smarthost = {"port": sink.port, "tls": "starttls", "ca_file": str(certificates.authority)}
        values = {"smtp": {"host": "127.0.0.1", **smarthost}, "gateway": {"login": "pass"}}
        scene = copied(original, tmp_path, values)
        with running(scene, tmp_path) as gateway:
            code, _ = submit(
                gateway.port, FRIENDLY, PRIVATE, "friend@example.com", user="priya@example.org", password="hers alone"
            )
            with client(gateway.port) as smtp, pytest.raises(smtplib.SMTPAuthenticationError) as wrong:
                smtp.login("priya@example.org", "not hers")
            gateway.stop()

    assert code == 250
    assert wrong.value.smtp_code == 535
    assert sink.taken[0].user == "priya@example.org"
    assert "hers" not in gateway.said()


def test_without_a_login_it_listens_on_this_host_only(original: Scene, tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="on this host only"):
        copied(original, tmp_path, {"gateway": {"login": "none", "listen": "0.0.0.0:2525"}})


def test_guessing_passwords_is_slow_and_ends(gateway: Running) -> None:
    with client(gateway.port) as smtp:
        for _ in range(3):
            assert smtp.docmd("AUTH", "PLAIN AHByaXlhAHg=")[0] == 535
        assert smtp.getreply()[0] == 421


@pytest.mark.parametrize("words", ["PLAIN =", "PLAIN aGVsbG8=", "LOGIN !", "CRAM-MD5", "PLAIN a b", ""])
def test_a_login_that_makes_no_sense(gateway: Running, words: str) -> None:
    with client(gateway.port) as smtp:
        assert smtp.docmd("AUTH", words)[0] in {501, 504}
        smtp.login(**LOGIN)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"smtp": None}, "no server to hand mail to"),
        ({"gateway": {"login": "none"}, "smtp": {"user": "priya"}}, "everybody on this host could send"),
        ({"gateway": {}}, "does not say with what mail programs log in"),
        ({"gateway": {"login": "none"}, "smtp": {"port": 2525}}, "the gateway itself"),
    ],
)
def test_what_cannot_be_set_is_said_at_once(original: Scene, tmp_path: Path, values: dict[str, Any], said: str) -> None:
    smtp = values.get("smtp", {})
    place = {} if smtp is None else {"smtp": {"host": "127.0.0.1", "port": 2526, "tls": "none", **smtp}}
    scene = copied(original, tmp_path, {"gateway": values.get("gateway", {}), **place})
    answer = call_conduct("gateway", home=scene.home.root).done(2)

    assert said in answer.err


# ---------------------------------------------------------------- the smarthost's word


@pytest.mark.parametrize(
    ("script", "code", "words"),
    [
        ({"MAIL": b"550 5.1.8 not you\r\n"}, 550, b"NOT SENT: the smarthost refused the sender"),
        ({"RCPT": b"451-4.2.1 no\r\n451 4.2.1 later\r\n"}, 451, b"NOT SENT: the smarthost refused recipient 1 of 1"),
        ({"DATA": b"554 5.3.4 no\r\n"}, 554, b"5.3.4 no"),
        ({".": b"554-5.7.1 this is spam\r\n554 5.7.1 go away\r\n"}, 554, b"5.7.1 this is spam\n5.7.1 go away"),
        ({".": b"421 4.3.2 stopping\r\n"}, 451, b"4.3.2 stopping"),
        ({".": None}, 451, b"PERHAPS SENT"),
        ({"MAIL": None}, 451, b"NOT SENT"),
        ({"": b"554 no mail here\r\n"}, 451, b"NOT SENT"),
        ({"DATA": b"250 what\r\n"}, 451, b"NOT SENT"),
    ],
)  # fmt: skip
def test_a_refusal_of_the_smarthost_is_passed_on(
    scene: Scene, tmp_path: Path, script: dict[str, bytes | None], code: int, words: bytes
) -> None:
    with ScriptedSmtp(script) as server:
        file = scene.home.settings_file
        port = next(line for line in file.read_text().partition("[smtp]")[2].splitlines() if line.startswith("port"))
        file.write_text(file.read_text().replace(port, f"port = {server.port}", 1))
        with running(scene, tmp_path) as gateway:
            found, said = submit(gateway.port, FRIENDLY, PRIVATE, "friend@example.com", **LOGIN)

    assert found == code
    assert words in said


@pytest.mark.parametrize("offered", [True, False])
def test_what_a_client_asks_of_the_delivery_is_passed_on_where_it_is_heeded(
    original: Scene, tmp_path: Path, offered: bool
) -> None:
    extension = b"250-DSN\r\n" if offered else b""
    with (
        ScriptedSmtp({"EHLO": b"250-scripted.example.net\r\n" + extension + b"250 8BITMIME\r\n"}) as server,
        running(set_up(original, tmp_path, server.port), tmp_path) as gateway,
        client(gateway.port, **LOGIN) as smtp,
    ):
        smtp.mail(PRIVATE, ["AUTH=<>", "RET=HDRS", "ENVID=a+2Bb"])
        assert smtp.rcpt("one@example.com", ["NOTIFY=SUCCESS,DELAY", "ORCPT=rfc822;one@example.com"])[0] == 250
        assert smtp.rcpt("two@example.com")[0] == 250
        assert smtp.rcpt("three@example.com", ["NOTIFY=NEVER"])[0] == 250
        assert smtp.rcpt("four@example.com", ["COLOUR=RED"])[0] == 555
        assert smtp.data(FRIENDLY)[0] == 250

    said = [line.partition(b">")[2].split() for line in server.lines if line[:4] in {b"MAIL", b"RCPT"}]
    every = [
        [b"RET=HDRS", b"ENVID=a+2Bb"],
        [b"NOTIFY=SUCCESS,DELAY", b"ORCPT=rfc822;one@example.com"],
        [],
        [b"NOTIFY=NEVER"],
    ]
    assert said == (every if offered else [[], [], [], []])


def test_long_words_beside_an_address_are_read_also_beside_other_connections(gateway: Running) -> None:
    with client(gateway.port, **LOGIN) as smtp:
        for _ in range(200):
            smtp.ehlo()
        with client(gateway.port):
            assert smtp.mail(PRIVATE, ["ENVID=" + "x" * 100, "AUTH=" + "x" * 450])[0] == 250
        assert smtp.docmd("MAIL", f"FROM:<{'x' * 3000}@example.net>")[0] == 500


def test_an_unreachable_smarthost(tmp_path: Path, original: Scene) -> None:
    scene = set_up(original, tmp_path, free_port())
    with running(scene, tmp_path) as gateway:
        code, said = submit(gateway.port, FRIENDLY, PRIVATE, "friend@example.com", **LOGIN)

    assert code == 451
    assert said.startswith(b"4.4.1 NOT SENT: ")


def test_one_connection_sends_many_also_after_refusals(gateway: Running, sink: Sink) -> None:
    sink.on_recipient = lambda address: "550 5.1.1 unknown" if address.startswith("gone") else "250 Ok"
    with client(gateway.port, **LOGIN) as smtp:
        found = []
        for to in ("a@example.com", "gone@example.com", "b@example.com"):
            smtp.mail(PRIVATE)
            smtp.rcpt(to)
            found.append(smtp.data(FRIENDLY)[0])

    assert found == [250, 550, 250]
    assert len(sink.taken) == 2
