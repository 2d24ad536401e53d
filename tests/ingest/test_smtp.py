"""Handing a mail to the smarthost: what arrives, how it is logged in, and what each failure is called."""

from __future__ import annotations

import stat
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ingest import smtp
from ingest.config_sections import Smtp
from ingest.smtp_values import Envelope
from policies.errors import ConductError, Refused, Unavailable, UnreadableInput, WrongUsage
from tests.servers.certificates import Certificates, make_certificates
from tests.servers.ports import free_port
from tests.servers.sink import ScriptedSmtp, Sink

SENDER, TO = "conduct@example.org", ("lena@example.com",)
MAIL = b"From: conduct@example.org\r\nTo: lena@example.com\r\nSubject: Hello\r\n\r\n.one\r\n..two\r\n\r\n.\r\nend\r\n"


def password_file(folder: Path, password: str) -> Path:
    file = folder / "smtp.password"
    file.write_text(f"{password}\n")
    file.chmod(stat.S_IRUSR)
    return file


def send(port: int, raw: bytes = MAIL, to: tuple[str, ...] = TO, sender: str = SENDER, **values: Any) -> None:
    settings = Smtp.model_validate({"host": "127.0.0.1", "port": port, "tls": "none", **values})
    smtp.send(settings, raw, sender, to, {})


def refusal(port: int, *args: Any, **values: Any) -> ConductError:
    """The error of a mail that is not sent; it names nobody."""
    with pytest.raises(ConductError) as caught:
        send(port, *args, **values)
    said = f"{caught.value} {caught.value.hint}"
    assert "lena" not in said
    assert "example.org" not in said
    return caught.value


# ---------------------------------------------------------------- what arrives


def test_the_bytes_arrive_as_they_were() -> None:
    with Sink() as sink:
        send(sink.port, to=("lena@example.com", "max@example.com"))

    assert sink.taken[0].content == MAIL
    assert sink.taken[0].sender == SENDER
    assert sink.taken[0].recipients == ("lena@example.com", "max@example.com")


def test_lines_that_end_in_lf_get_their_cr_and_nothing_else_changes() -> None:
    with Sink() as sink:
        send(sink.port, b"Subject: x\n\n  two \t\r\n\x00nul\nlast")

    assert sink.taken[0].content == b"Subject: x\r\n\r\n  two \t\r\n\x00nul\r\nlast\r\n"


def test_a_large_mail_with_dots_everywhere() -> None:
    mail = MAIL + b".\r\n" * 200_000 + b"." * 900 + b"\r\n"
    with Sink() as sink:
        send(sink.port, mail)

    assert sink.taken[0].content == mail


def test_an_empty_sender_is_nobody() -> None:
    with Sink() as sink:
        send(sink.port, sender="")

    assert sink.taken[0].sender == ""


def test_8bit_is_announced() -> None:
    mail = b"Subject: x\r\n\r\n" + "Grüße\r\n".encode()
    with Sink() as sink:
        send(sink.port, mail)

    assert sink.taken[0].content == mail
    assert "BODY=8BITMIME" in sink.taken[0].options
    assert "SMTPUTF8" not in sink.taken[0].options


def test_an_address_beyond_ascii_needs_smtputf8() -> None:
    with Sink() as sink:
        send(sink.port, to=("zoë@example.com",))
    with Sink(smtputf8=False) as old:
        error = refusal(old.port, MAIL, ("zoë@example.com",))

    assert sink.taken[0].recipients == ("zoë@example.com",)
    assert "SMTPUTF8" in sink.taken[0].options
    assert (type(error), error.code) == (Refused, "smtp-utf8")


def test_a_raw_utf8_header_uses_smtputf8_where_it_is_offered() -> None:
    mail = "Subject: Grüße\r\n\r\nhello\r\n".encode()
    with Sink() as sink, Sink(smtputf8=False) as old:
        send(sink.port, mail)
        send(old.port, mail)

    assert "SMTPUTF8" in sink.taken[0].options
    assert old.taken[0].content == mail


def test_8bit_is_not_sent_to_who_does_not_take_it() -> None:
    with ScriptedSmtp({"EHLO": b"250 old.example.net\r\n"}) as old:
        error = refusal(old.port, b"Subject: x\r\n\r\n\xff\r\n")

    assert (type(error), error.code) == (Refused, "smtp-8bit")
    assert not any(line.startswith(b"MAIL") for line in old.lines)


@pytest.mark.parametrize("raw", [b"Subject: x\r\n\r\na\rb\r\n", b"x: y\n\n.\r", b"\r\r\n.\r\r\n"])
def test_a_bare_carriage_return_is_refused_before_anybody_is_called(raw: bytes) -> None:
    with pytest.raises(UnreadableInput, match="carriage return"):
        send(free_port(), raw)


@pytest.mark.parametrize("address", ["a@example.com>\r\nRCPT TO:<b@example.net", "a b@example.com", "<a@example.com>"])
def test_an_address_cannot_begin_another_command(address: str) -> None:
    with Sink() as sink:
        error = refusal(sink.port, MAIL, (address,))

    assert isinstance(error, WrongUsage)
    assert not sink.taken


# ---------------------------------------------------------------- TLS and logging in


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_a_password_goes_over_verified_tls(
    tls: str, mechanism: str, certificates: Certificates, tmp_path: Path
) -> None:
    with Sink(
        tls=tls, certificate=certificates.certificate, key=certificates.key, user="zoë", password="pass wörd",
        mechanisms=(mechanism,),
    ) as sink:  # fmt: skip
        send(
            sink.port, tls=tls, ca_file=certificates.authority, user="zoë",
            password_file=password_file(tmp_path, "pass wörd"),
        )  # fmt: skip

    assert sink.logins == [mechanism]
    assert sink.taken[0].user == "zoë"


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
def test_a_token_of_a_program(mechanism: str, certificates: Certificates) -> None:
    place: Mapping[str, Any] = {"tls": "starttls", "certificate": certificates.certificate, "key": certificates.key}
    with Sink(**place, password="tok-1", mechanisms=(mechanism,)) as sink:
        login: Mapping[str, Any] = {"tls": "starttls", "ca_file": certificates.authority, "user": SENDER}
        send(sink.port, **login, token_command=["echo", "tok-1"])
        error = refusal(sink.port, **login, token_command=["echo", "tok-old"])

    assert len(sink.taken) == 1
    assert (type(error), error.code) == (Unavailable, "login-refused")


def test_a_wrong_password(certificates: Certificates, tmp_path: Path) -> None:
    with Sink(
        tls="implicit", certificate=certificates.certificate, key=certificates.key, user="conduct", password="right"
    ) as sink:
        error = refusal(
            sink.port, tls="implicit", ca_file=certificates.authority, user="conduct",
            password_file=password_file(tmp_path, "a-wrong-secret"),
        )  # fmt: skip

    assert error.code == "login-refused"
    assert "a-wrong-secret" not in "".join(traceback.format_exception(error))
    assert not sink.taken


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_an_unknown_authority_gets_no_password(tls: str, certificates: Certificates, tmp_path: Path) -> None:
    other = make_certificates(tmp_path)
    place: Mapping[str, Any] = {"tls": tls, "certificate": certificates.certificate, "key": certificates.key}
    with Sink(**place, user="conduct", password="right") as sink:
        error = refusal(
            sink.port, tls=tls, ca_file=other.authority, user="conduct", password_file=password_file(tmp_path, "right")
        )

    assert error.code == "certificate"
    assert not sink.logins


def test_a_smarthost_without_starttls_gets_no_password(tmp_path: Path) -> None:
    with ScriptedSmtp({"EHLO": b"250-x\r\n250 AUTH PLAIN\r\n"}) as server:
        error = refusal(server.port, tls="starttls", user="conduct", password_file=password_file(tmp_path, "secret"))

    assert error.code == "no-tls"
    assert not any(line.startswith(b"AUTH") for line in server.lines)


def test_plain_text_is_for_this_host_only() -> None:
    with pytest.raises(ValueError, match="on this host only"):
        Smtp.model_validate({"host": "smtp.example.org", "tls": "none"})


# ---------------------------------------------------------------- failures at each stage


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("MAIL", "the sender"),
        ("RCPT", "recipient 1 of 1"),
        ("DATA", "the mail"),
        (".", "the mail"),
    ],
)
@pytest.mark.parametrize("code", [451, 550])
def test_a_refusal_says_at_what_and_whether_to_try_again(stage: str, said: str, code: int) -> None:
    first = str(code)[0]
    words = f"{code} {first}.7.1 lena@example.com is not wanted\r\n".encode()
    with ScriptedSmtp({stage: words}) as server:
        error = refusal(server.port)

    assert type(error) is (Refused if code == 550 else Unavailable)
    assert f"{said} ({code} {first}.7.1)" in error.sentence
    assert len(server.mails) == (stage == ".")


@pytest.mark.parametrize("stage", ["", "EHLO", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("answer", [None, b"nonsense\r\n", b"999 what\r\n"])
def test_before_the_mail_is_handed_over_nothing_is_sent(stage: str, answer: bytes | None) -> None:
    with ScriptedSmtp({stage: answer, "HELO": answer}) as server:
        error = refusal(server.port)

    assert isinstance(error, Unavailable)
    assert error.code != "smtp-unknown"
    assert not server.mails


def test_an_acceptance_instead_of_go_on_is_no_acceptance() -> None:
    with ScriptedSmtp({"DATA": b"250 thanks\r\n"}) as server:
        error = refusal(server.port)

    assert error.code == "smtp-unreachable"


def test_a_connection_that_ends_after_the_last_dot_leaves_it_open() -> None:
    with ScriptedSmtp({".": None}) as server:
        error = refusal(server.port)

    assert error.code == "smtp-unknown"
    assert len(server.mails) == 1


def test_one_recipient_refused_is_the_mail_refused() -> None:
    def but_not_max(address: str) -> str:
        return "550 5.1.1 no such user" if address.startswith("max") else "250 2.1.5 Ok"

    with Sink(on_recipient=but_not_max) as sink:
        error = refusal(sink.port, MAIL, ("lena@example.com", "max@example.com", "ann@example.com"))

    assert "recipient 2 of 3 (550 5.1.1)" in error.sentence
    assert not sink.taken


def test_nobody_answers() -> None:
    assert refusal(free_port()).code == "smtp-unreachable"


def test_a_silent_server_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "REPLY_SECONDS", 0.3)
    monkeypatch.setattr(smtp, "CONNECT_SECONDS", 0.3)
    with ScriptedSmtp({"MAIL": b"..."}) as server, ScriptedSmtp({"": b"..."}) as mute:
        assert refusal(server.port).code == "smtp-unreachable"
        assert refusal(mute.port).code == "smtp-unreachable"


def test_one_connection_takes_one_mail_after_the_other_also_after_a_refusal() -> None:
    with (
        Sink(on_recipient=lambda to: "250 Ok" if to.startswith("lena") else "550 no") as sink,
        smtp.connect(Smtp.model_validate({"host": "127.0.0.1", "port": sink.port, "tls": "none"}), None) as smarthost,
    ):
        assert smarthost.hand_over(Envelope(SENDER, TO), MAIL).is_accepted
        assert not smarthost.hand_over(Envelope(SENDER, ("max@example.com",)), MAIL).is_accepted
        assert smarthost.is_alive()
        assert smarthost.hand_over(Envelope(SENDER, TO), MAIL).is_accepted

    assert len(sink.taken) == 2
